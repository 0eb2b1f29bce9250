// What a witness does: remembers the last head of each log that it knows and cosigns only heads that continue
// it (C2SP tlog-witness v1.0.0).
#pragma once

#include "crossline/merkle/misbehaviour.hpp"
#include "crossline/merkle/tree_head.hpp"
#include "crossline/witness/add_request.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::witness {

// The last head cosigned of one log.
struct Remembered {
  merkle::TreeHead head;
  std::string note;  // the head with the log's signature and this witness's
};

struct Answer {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::string alarm = {};  // in words, what was kept as one beside this answer; for the log, not sent
};

// Somebody holds a signed head that does not continue what this witness remembers.
struct Alarm {
  std::string origin;
  std::string what;  // in words, for people
  std::string note;  // with the log's verified signature and no other line: one head, one text
  bool proven =
      false;  // the two heads prove it as they are; otherwise a wrong proof of a right head does this
};

// The note with one line, that of the key of `logs` which signed it: what stood beside that is nobody's word,
// and would make many texts of one head. Error of merkle::verify_note.
Result<merkle::SignedNote> with_verified_line(const merkle::SignedNote& note,
                                              std::span<const merkle::NoteVerifierKey> logs);

// What to do, in this order: keep `remember` and `alarm` durably, in one transaction with the reading of what
// was decided on; then answer.
struct Decision {
  Answer answer;
  std::optional<Remembered> remember;
  std::optional<Alarm> alarm;
};

// One party's witness. Immutable; any thread.
class Witness {
 public:
  // `name` is that of its key; `logs` are of type kEd25519 and named by their origins.
  Witness(std::string name, crypto::Signer signer, std::vector<merkle::NoteVerifierKey> logs);

  [[nodiscard]] merkle::NoteVerifierKey key() const;
  [[nodiscard]] std::span<const merkle::NoteVerifierKey> logs() const { return logs_; }

  // The origin that a request is about, when it is one of a log that this witness knows. Otherwise what to
  // answer: 400 malformed, 404 unknown log.
  [[nodiscard]] std::expected<std::string, Answer> origin_of(const AddRequest& request) const;

  // Decides on a request about `origin_of(request)`, with what is remembered of that log. Statuses: 200 with
  // the cosignature, and nothing to remember for a head that is remembered already; 400 a size that makes no
  // sense; 403 no valid signature of the log; 409 the old size is not what is remembered, which is the body;
  // 422 the head does not continue what is remembered: an alarm. A head of the log that proves two histories
  // is an alarm with any of the statuses from 400 on: with a wrong old size it is as good a proof.
  [[nodiscard]] Decision decide(const AddRequest& request, const std::optional<Remembered>& remembered,
                                UtcMillis now) const;

 private:
  [[nodiscard]] Decision judge(const AddRequest& request, const merkle::SignedNote& note,
                               const merkle::ParsedTreeHead& parsed,
                               const std::optional<Remembered>& remembered, UtcMillis now) const;
  [[nodiscard]] Decision cosign(merkle::SignedNote note, const merkle::TreeHead& head, UtcMillis now) const;

  std::string name_;
  crypto::Signer signer_;
  std::vector<merkle::NoteVerifierKey> logs_;
};

// The path of the last head of a log: "/<hex sha256(origin)>/checkpoint".
[[nodiscard]] std::string monitoring_path(std::string_view origin);

}  // namespace crossline::witness
