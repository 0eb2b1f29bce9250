// Whose signatures make a tree head count (C2SP tlog-policy): logs, witnesses, groups of them, and the
// quorum.
#pragma once

#include "crossline/merkle/note.hpp"
#include "crossline/merkle/tree_head.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::merkle {

// What a policy says about one signed tree head.
struct PolicyFinding {
  ParsedTreeHead head;
  NoteVerifierKey log;                           // the listed log that signed it
  std::vector<NoteVouchers::Voucher> cosigners;  // the listed witnesses that cosigned it, each once
  bool quorum_met = false;                       // settled, or provisional
};

// A parsed policy; immutable, safe to share between threads.
class Policy {
 public:
  static constexpr std::size_t kMaxBytes = 256 * 1024;  // of a policy's text
  static constexpr std::size_t kMaxLogs = 64;
  static constexpr std::size_t kMaxNames = 256;  // witnesses and groups together

  struct Log {
    NoteVerifierKey key;  // type kEd25519; its name is the origin
    std::string url;      // may be empty
  };
  struct Witness {
    std::string name;     // within this policy only
    NoteVerifierKey key;  // type kCosignatureV1
    std::string url;      // of submission; may be empty
  };

  // kMalformed with the number of the line: unknown keyword, control character, name used twice or before its
  // definition, a member of two groups, threshold outside 1 to n, a key twice, no or a second quorum.
  static Result<Policy> parse(std::string_view text);

  [[nodiscard]] std::span<const Log> logs() const { return logs_; }
  [[nodiscard]] std::span<const Witness> witnesses() const { return witnesses_; }

  // The same policy without the addresses, as text that parse() reads and that may be shown to anybody.
  [[nodiscard]] std::string to_string() const;

  // kMalformed when the text is no tree head; kBadSignature when a signature of a listed key does not verify,
  // or no listed log of this origin signed. A missing quorum is no error: see PolicyFinding::quorum_met.
  [[nodiscard]] Result<PolicyFinding> evaluate(const SignedNote& note) const;

 private:
  friend class PolicyReader;
  // A witness or a group; members come before the groups that name them.
  struct Node {
    std::string name;
    std::optional<std::size_t> witness;  // position in witnesses_; a group otherwise
    std::size_t threshold = 0;
    std::vector<std::size_t> members;  // positions in nodes_
    bool grouped = false;              // is a member of a group
  };
  [[nodiscard]] bool quorum_met_by(std::span<const NoteVouchers::Voucher> cosigners) const;

  std::vector<Log> logs_;
  std::vector<Witness> witnesses_;
  std::vector<Node> nodes_;
  std::optional<std::size_t> quorum_;  // position in nodes_; nothing for "quorum none"
};

}  // namespace crossline::merkle
