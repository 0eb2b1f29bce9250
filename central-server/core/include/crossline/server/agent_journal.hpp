// What the server has verified of one agent's journal: the check that every event passes before anything
// else.
#pragma once

#include "crossline/server/submission.hpp"
#include "crossline/wire/link.hpp"

#include <optional>
#include <string>
#include <vector>

namespace crossline::server {

// Follows one journal. It may be ahead of the ledger by what waits for the sequencer. An agent has one
// connection at a time and this belongs to it: one thread at a time.
class AgentJournal {
 public:
  // `known` is how far the ledger has come; nothing for an agent never heard of.
  AgentJournal(std::string_view line, std::string agent, movement::Post post, crypto::Verifier verifier,
               const std::optional<JournalState>& known);

  // Compares the journal that the agent shows with what it showed before.
  //   kBadSignature: the head is not the agent's.
  //   kForked, with evidence: shorter than what the server has; as long, with another root; or another head
  //   of the same size was shown before.
  // A longer one is remembered until the events come: then their root must be the one shown here.
  Checked<void> greet(const wire::Hello& hello, UtcMillis now);

  // Nothing of a submission is admitted unless all of it is.
  //   kConflict: a gap, "expected journal index n, got m".
  //   kMalformed, kUnsupported: an event or identity that does not follow its format, bears another name or
  //   index, or does not match its commitment.
  //   kForbidden: an event that only the office may record.
  //   kBadSignature: the signature does not cover these events after those before.
  //   kForked, with evidence: they do not lead to the head that the agent showed in its hello.
  // Changes nothing: the caller queues the submission, then calls advance().
  [[nodiscard]] Checked<VerifiedSubmission> verify(wire::Submit submit, UtcMillis now) const;
  // The submission is on its way to the sequencer and will not be lost but by the end of the process.
  // Requires it to be the last one verified.
  void advance(const VerifiedSubmission& submission);

  [[nodiscard]] const movement::Post& post() const { return post_; }
  [[nodiscard]] JournalIndex next() const { return JournalIndex(range_.size().value()); }

 private:
  [[nodiscard]] Result<VerifiedEvent> check_event(std::string bytes, JournalIndex index) const;
  Checked<void> check_head(const VerifiedSubmission& submission, const std::vector<wire::SignedHead>& missed,
                           UtcMillis now) const;
  [[nodiscard]] std::optional<wire::SignedHead> verified_head() const;
  [[nodiscard]] Refusal fork(std::string what, std::optional<wire::SignedHead> claimed, UtcMillis now) const;

  std::string origin_;
  std::string agent_;
  movement::Post post_;
  crypto::Verifier verifier_;
  merkle::CompactRange range_;
  crypto::Signature head_signature_;
  // Heads the agent showed that are ahead of `range_`, by size; at most limits::kMaxClaimedHeads.
  std::vector<wire::SignedHead> claimed_;
};

}  // namespace crossline::server
