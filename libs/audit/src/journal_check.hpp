// One agent's journal as the ledger rebuilds it.
#pragma once

#include "crossline/audit/auditor.hpp"
#include "crossline/crypto/ed25519.hpp"
#include "crossline/wire/ledger_codec.hpp"
#include "crossline/wire/slip.hpp"
#include "findings.hpp"
#include "tree_history.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace crossline::audit {

// Follows the events of one agent through the ledger: each in its place, each covered by a signature.
//
//   events that the ledger shows   0 1 2 3 4 5         the main branch
//                                      \ 2' 3'         another branch: an event came whose place was taken
//
// Which branch the agent signed is known with its next signature: both (a fork), or one, and then the other
// was put there by somebody without its key.
class JournalCheck {
 public:
  // Without a verifier (the agent is not in the registry) only the order is checked.
  JournalCheck(std::string agent, std::string origin, std::optional<crypto::Verifier> verifier,
               Options::Signatures signatures);

  // The next entry of this agent. `index` is the place in the journal that the event itself names.
  void take(LedgerIndex at, JournalIndex index, const wire::LedgerEntry& entry, Findings& findings);

  // What only shows at the end.
  void finish(TreeSize ledger_size, Findings& findings) const;
  // Holds the slip of an event of this agent, which stands at `at` in another's journal, against this
  // journal. `late`: the event has had time enough to come.
  void compare_slip(LedgerIndex at, const wire::Slip& slip, const wire::SlipProof& proof, bool late,
                    Findings& findings) const;
  // Verified so far, with those that finish() would verify.
  [[nodiscard]] std::uint64_t signatures() const { return signatures_ + (waiting_ ? 1 : 0); }

 private:
  struct Branch {
    LedgerIndex at;           // of its first event
    std::uint64_t first = 0;  // where it leaves the main branch
    merkle::CompactRange range;
    std::vector<merkle::Hash> leaves;
  };
  struct Waiting {  // a signature that a later one may cover
    LedgerIndex at;
    std::uint64_t size = 0;
    crypto::Signature signature;
  };

  void place(LedgerIndex at, std::uint64_t index, const merkle::Hash& leaf, Findings& findings);
  void place_out_of_order(LedgerIndex at, std::uint64_t index, const merkle::Hash& leaf, Findings& findings);
  void check_signature(LedgerIndex at, const crypto::Signature& signature, Findings& findings);
  [[nodiscard]] bool verifies(const merkle::TreeHead& head, const crypto::Signature& signature) const;
  void settle_waiting(Findings& findings);
  void signed_main(const crypto::Signature& signature, Findings& findings);
  void signed_other(LedgerIndex at, const crypto::Signature& signature, Findings& findings);
  void report_bad_signature(LedgerIndex at, const merkle::TreeHead& head, const crypto::Signature& signature,
                            Findings& findings) const;
  [[nodiscard]] Finding finding(FindingKind kind, LedgerIndex at, std::string words) const;

  std::string agent_;
  std::string origin_;
  std::optional<crypto::Verifier> verifier_;
  Options::Signatures which_;

  TreeHistory events_;
  std::optional<Branch> other_;
  bool in_main_ = false;  // where the entry at hand went
  bool in_other_ = false;
  std::uint64_t covered_ = 0;             // events of the main branch under a verified signature
  std::uint64_t shown_ = 0;               // events of the main branch under any signature, verified or not
  LedgerIndex unsigned_at_;               // entry of the first event after those
  std::optional<wire::SignedHead> head_;  // the last verified one
  std::optional<Waiting> waiting_;        // Signatures::kLast only
  std::uint64_t signatures_ = 0;

  // After a gap or a fork no root can be known any more; the order still is.
  bool broken_ = false;
  std::uint64_t next_ = 0;  // while broken
};

}  // namespace crossline::audit
