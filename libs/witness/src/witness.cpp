#include "crossline/witness/witness.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace crossline::witness {
namespace {

Answer refusal(int status, std::string_view why) {
  return {.status = status, .body = fmt::format("{}\n", why)};
}

Answer stale(TreeSize size) {
  return {.status = 409, .content_type = "text/x.tlog.size", .body = fmt::format("{}\n", size.value())};
}

Decision refused(Answer answer) {
  return {.answer = std::move(answer), .remember = {}, .alarm = {}};
}

// What a signed head proves against its log, beside the head that is remembered.
std::optional<std::string> contradiction(const merkle::TreeHead& head,
                                         const std::optional<Remembered>& remembered) {
  if (head.size.value() == 0 && head.root != merkle::empty_root())
    return "an empty log with a root that is none";
  if (remembered && remembered->head.size == head.size && remembered->head.root != head.root)
    return fmt::format("two heads of size {} with different roots", head.size.value());
  return std::nullopt;
}

}  // namespace

Result<merkle::SignedNote> with_verified_line(const merkle::SignedNote& note,
                                              std::span<const merkle::NoteVerifierKey> logs) {
  CROSSLINE_TRY(const merkle::NoteVouchers verified, merkle::verify_note(note, logs));
  const merkle::NoteVerifierKey& key = verified.vouchers.front().key;
  // The first line of that key is the one that was verified.
  const auto line = std::ranges::find_if(note.signatures, [&key](const merkle::NoteSignature& signature) {
    return signature.name == key.name && signature.key_id == key.key_id;
  });
  return merkle::SignedNote{note.text, {*line}};
}

Witness::Witness(std::string name, crypto::Signer signer, std::vector<merkle::NoteVerifierKey> logs)
    : name_(std::move(name)), signer_(std::move(signer)), logs_(std::move(logs)) {}

merkle::NoteVerifierKey Witness::key() const {
  return merkle::NoteVerifierKey::make(name_, merkle::NoteKeyType::kCosignatureV1, signer_.public_key());
}

std::expected<std::string, Answer> Witness::origin_of(const AddRequest& request) const {
  const auto head = merkle::parse_tree_head(request.note.text);
  if (!head) return std::unexpected(refusal(400, head.error().message));
  const bool known = std::ranges::any_of(
      logs_, [&head](const merkle::NoteVerifierKey& log) { return log.name == head->origin; });
  if (!known) return std::unexpected(refusal(404, "this witness does not know that log"));
  return head->origin;
}

Decision Witness::decide(const AddRequest& request, const std::optional<Remembered>& remembered,
                         UtcMillis now) const {
  const auto parsed = merkle::parse_tree_head(request.note.text);
  if (!parsed) return refused(refusal(400, parsed.error().message));
  const std::string& origin = parsed->origin;
  std::vector<merkle::NoteVerifierKey> keys;
  std::ranges::copy_if(logs_, std::back_inserter(keys),
                       [&origin](const merkle::NoteVerifierKey& log) { return log.name == origin; });
  const auto note = with_verified_line(request.note, keys);
  if (!note) return refused(refusal(403, "no valid signature of the log"));
  Decision decision = judge(request, *note, *parsed, remembered, now);
  // A proof stays one, whatever it was sent with.
  if (auto what = contradiction(parsed->head, remembered))
    decision.alarm = Alarm{origin, *std::move(what), note->to_string(), true};
  return decision;
}

// Of a head that the log has signed.
Decision Witness::judge(const AddRequest& request, const merkle::SignedNote& note,
                        const merkle::ParsedTreeHead& parsed, const std::optional<Remembered>& remembered,
                        UtcMillis now) const {
  const auto& [origin, head] = parsed;
  if (request.old_size > head.size) return refused(refusal(400, "the old size is larger than the head's"));
  const TreeSize known = remembered ? remembered->head.size : TreeSize(0);
  if (request.old_size != known) return refused(stale(known));
  const bool nothing_to_prove = known.value() == 0 || known == head.size;
  if (nothing_to_prove && !request.proof.empty())
    return refused(refusal(400, "a proof where there is nothing to prove"));
  if (const auto what = contradiction(head, remembered)) return refused(refusal(422, *what));
  if (!nothing_to_prove) {
    const auto consistent =
        merkle::verify_consistency(known, head.size, remembered->head.root, head.root, request.proof);
    if (!consistent) {
      const std::string what = fmt::format("the head of size {} is not shown to continue that of size {}",
                                           head.size.value(), known.value());
      Decision decision = refused(refusal(422, what));
      decision.alarm = Alarm{origin, what, note.to_string(), false};
      return decision;
    }
  }
  Decision decision = cosign(note, head, now);
  if (remembered && remembered->head == head) decision.remember.reset();
  return decision;
}

Decision Witness::cosign(merkle::SignedNote note, const merkle::TreeHead& head, UtcMillis now) const {
  const merkle::NoteSignature cosignature = merkle::cosign_note(
      note.text, name_, signer_, static_cast<std::uint64_t>(std::max<std::int64_t>(now.ms, 0)) / 1'000);
  note.signatures.push_back(cosignature);
  return {.answer = {.status = 200, .body = signature_lines(std::array{cosignature})},
          .remember = Remembered{head, note.to_string()},
          .alarm = {}};
}

std::string monitoring_path(std::string_view origin) {
  return fmt::format("/{}/checkpoint", crypto::sha256(as_bytes(origin)).hex());
}

}  // namespace crossline::witness
