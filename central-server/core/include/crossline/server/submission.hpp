// Events of an agent, proven to be its own.
#pragma once

#include "crossline/adoption/refusal.hpp"
#include "crossline/server/ports.hpp"

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace crossline::server {

// Why something that was sent is not taken; with the evidence when it is a fork, and with what is wrong with
// it when it is an edition.
struct Refusal {
  Error error;
  std::optional<ForkEvidence> evidence;
  std::optional<adoption::Refused> edition{};
};
template <class T>
using Checked = std::expected<T, Refusal>;

struct VerifiedEvent {
  std::string bytes;  // as signed
  movement::Event event;
};

// A proof type: only AgentJournal::verify and Office::draft make one. The fresh events follow, without a gap,
// what was verified of the journal before, and one signature of the agent covers them all. Events before
// those
// (`resent`) are a repetition: well-formed and of the right place, but only the ledger can tell whether they
// are the same bytes.
class VerifiedSubmission {
 public:
  [[nodiscard]] const std::string& agent() const { return agent_; }
  [[nodiscard]] const std::optional<movement::Post>& post() const { return post_; }
  [[nodiscard]] JournalIndex first() const { return first_; }
  [[nodiscard]] std::size_t size() const { return events_.size(); }
  [[nodiscard]] std::span<const VerifiedEvent> resent() const { return std::span(events_).first(resent_); }
  [[nodiscard]] std::span<const VerifiedEvent> fresh() const { return std::span(events_).subspan(resent_); }
  // Of the journal after the last fresh event; when nothing is fresh, of all that was verified.
  [[nodiscard]] const merkle::CompactRange& range_after() const { return range_after_; }
  [[nodiscard]] const crypto::Signature& head_signature() const { return head_signature_; }
  // Whether its signature is the agent's over this head of its journal. The office signs its own.
  [[nodiscard]] bool signs(const merkle::TreeHead& head) const {
    return verifier_ && merkle::verify_tree_head(origin_, head, head_signature_, *verifier_);
  }
  // Of the fresh events.
  [[nodiscard]] std::span<const IdentityRecord> identities() const { return identities_; }

  // The fresh events to be moved out of: fresh() holds empty ones afterwards.
  [[nodiscard]] std::span<VerifiedEvent> give_fresh() { return std::span(events_).subspan(resent_); }

 private:
  friend class AgentJournal;
  friend class Office;
  VerifiedSubmission() = default;

  std::string origin_;
  std::optional<crypto::Verifier> verifier_;
  std::string agent_;
  std::optional<movement::Post> post_;
  JournalIndex first_;
  std::size_t resent_ = 0;
  std::vector<VerifiedEvent> events_;
  std::vector<IdentityRecord> identities_;
  merkle::CompactRange range_after_;
  crypto::Signature head_signature_;
};

}  // namespace crossline::server
