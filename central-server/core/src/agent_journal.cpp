#include "crossline/server/agent_journal.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/base/planted.hpp"
#include "crossline/wire/event_codec.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace crossline::server {
namespace {

// What a post may record; the rest is the office's.
bool is_for_posts(const movement::Body& body) {
  return std::holds_alternative<movement::Movement>(body) ||
         std::holds_alternative<movement::Correction>(body) ||
         std::holds_alternative<movement::Shift>(body) ||
         std::holds_alternative<movement::JournalHeartbeat>(body) ||
         std::holds_alternative<movement::SlipSeen>(body);
}

const std::optional<crypto::Hash>* commitment_of(const movement::Event& event) {
  const auto* movement = std::get_if<movement::Movement>(&event.body);
  return movement == nullptr || !movement->commitment ? nullptr : &movement->commitment;
}

// Pairs attachments with the events that commit to them: each commitment needs one, and each one a
// commitment. Returns those of the events after the first `resent`, which the ledger has already.
Result<std::vector<IdentityRecord>> check_identities(const std::vector<VerifiedEvent>& events,
                                                     std::size_t resent,
                                                     std::vector<wire::IdentityAttachment> attachments) {
  std::vector<bool> opened(events.size());
  std::vector<IdentityRecord> records;
  records.reserve(attachments.size());
  for (wire::IdentityAttachment& attachment : attachments) {
    const std::uint32_t offset = attachment.offset;
    const auto* commitment = offset < events.size() ? commitment_of(events[offset].event) : nullptr;
    if (commitment == nullptr || opened[offset]) {
      return fail(ErrorCode::kMalformed, "submit: an identity for event {}, which commits to none", offset);
    }
    if (crypto::commit(attachment.opening, as_bytes(attachment.identity)) != **commitment) {
      return fail(ErrorCode::kMalformed, "submit: the identity of event {} is not the one it commits to",
                  offset);
    }
    if (const auto identity = wire::decode_identity(as_bytes(attachment.identity)); !identity) {
      return std::unexpected(Error(identity.error()).at(fmt::format("submit: identity of event {}", offset)));
    }
    opened[offset] = true;
    if (offset < resent) continue;
    records.push_back({std::get<movement::Movement>(events[offset].event.body).subject, **commitment,
                       attachment.opening, std::move(attachment.identity)});
  }
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (!opened[i] && commitment_of(events[i].event) != nullptr) {
      return fail(ErrorCode::kMalformed, "submit: event {} commits to an identity that is not there", i);
    }
  }
  return records;
}

std::unexpected<Refusal> refuse(ErrorCode code, std::string message) {
  return std::unexpected(Refusal{Error{code, std::move(message)}, std::nullopt});
}

}  // namespace

AgentJournal::AgentJournal(std::string_view line, std::string agent, movement::Post post,
                           crypto::Verifier verifier, const std::optional<JournalState>& known)
    : origin_(merkle::journal_origin(line, agent)),
      agent_(std::move(agent)),
      post_(std::move(post)),
      verifier_(std::move(verifier)) {
  if (known) {
    range_ = known->range;
    head_signature_ = known->head_signature;
  }
}

std::optional<wire::SignedHead> AgentJournal::verified_head() const {
  if (range_.size().value() == 0) return std::nullopt;
  return wire::SignedHead{{range_.size(), range_.root()}, head_signature_};
}

Refusal AgentJournal::fork(std::string what, std::optional<wire::SignedHead> claimed, UtcMillis now) const {
  ForkEvidence evidence{.agent = agent_,
                        .found_at = now,
                        .what = what,
                        .seen = verified_head(),
                        .claimed = claimed,
                        .first = next(),
                        .seen_events = {},
                        .claimed_events = {}};
  return {Error{ErrorCode::kForked, std::move(what)}, std::move(evidence)};
}

Checked<void> AgentJournal::greet(const wire::Hello& hello, UtcMillis now) {
  const std::uint64_t seen = range_.size().value();
  if (!hello.journal) {
    if (seen == 0) return {};
    return std::unexpected(fork(
        fmt::format("agent {} shows an empty journal, the server has {} events of it: it was rolled back",
                    agent_, seen),
        std::nullopt, now));
  }
  const wire::SignedHead& shown = *hello.journal;
  if (!merkle::verify_tree_head(origin_, shown.head, shown.signature, verifier_)) {
    return refuse(ErrorCode::kBadSignature,
                  fmt::format("the head of agent {}'s journal in its hello is not signed by it", agent_));
  }
  const std::uint64_t size = shown.head.size.value();
  if (size < seen) {
    return std::unexpected(
        fork(fmt::format("agent {} shows a journal of {} events, the server has {} of it: it was rolled back",
                         agent_, size, seen),
             shown, now));
  }
  if (size == seen) {
    if (shown.head.root == range_.root()) return {};
    return std::unexpected(
        fork(fmt::format("agent {} shows another journal of {} events than the server has", agent_, size),
             shown, now));
  }
  const auto place = std::lower_bound(claimed_.begin(), claimed_.end(), shown,
                                      [](const auto& a, const auto& b) { return a.head.size < b.head.size; });
  if (place != claimed_.end() && place->head.size == shown.head.size) {
    if (place->head.root == shown.head.root) return {};
    Refusal refusal =
        fork(fmt::format("agent {} showed two journals of {} events", agent_, size), shown, now);
    refusal.evidence->seen = *place;
    return std::unexpected(std::move(refusal));
  }
  claimed_.insert(place, shown);
  // The furthest one will be met last; any one of them is enough to see a fork.
  if (claimed_.size() > limits::kMaxClaimedHeads) claimed_.pop_back();
  return {};
}

Result<VerifiedEvent> AgentJournal::check_event(std::string bytes, JournalIndex index) const {
  CROSSLINE_TRY(movement::Event event, wire::decode_event(as_bytes(bytes)));
  if (event.agent != agent_) {
    return fail(ErrorCode::kMalformed, "the event names another agent");
  }
  if (event.journal_index != index) {
    return fail(ErrorCode::kMalformed, "the event names journal index {}", event.journal_index.value());
  }
  if (!is_for_posts(event.body)) return fail(ErrorCode::kForbidden, "only the office may record this event");
  return VerifiedEvent{std::move(bytes), std::move(event)};
}

Checked<VerifiedSubmission> AgentJournal::verify(wire::Submit submit, UtcMillis now) const {
  const std::uint64_t first = submit.first_index.value();
  if (submit.first_index > next()) {
    return refuse(ErrorCode::kConflict,
                  fmt::format("expected journal index {}, got {}", next().value(), first));
  }
  if (submit.events.empty() || submit.events.size() > limits::kMaxEventsPerSubmission) {
    return refuse(ErrorCode::kMalformed, fmt::format("submit: {} events, from 1 to {} are allowed",
                                                     submit.events.size(), limits::kMaxEventsPerSubmission));
  }
  VerifiedSubmission made;
  made.origin_ = origin_;
  made.verifier_ = verifier_;
  made.agent_ = agent_;
  made.post_ = post_;
  made.first_ = submit.first_index;
  made.resent_ = std::min<std::uint64_t>(next().value() - first, submit.events.size());
  if (planted(PlantedBug::kNoDeduplication)) made.resent_ = 0;
  made.range_after_ = range_;
  made.head_signature_ = submit.head_signature;
  made.events_.reserve(submit.events.size());
  std::vector<wire::SignedHead> missed;  // shown in a hello, and not what the events lead to
  for (std::string& bytes : submit.events) {
    const JournalIndex index(first + made.events_.size());
    auto checked = check_event(std::move(bytes), index);
    if (!checked) {
      return std::unexpected(
          Refusal{std::move(checked.error()).at(fmt::format("event {}", index.value())), std::nullopt});
    }
    if (index >= next()) {
      made.range_after_.append(merkle::leaf_hash(as_bytes(checked->bytes)));
      for (const wire::SignedHead& shown : claimed_) {
        if (shown.head.size == made.range_after_.size() && shown.head.root != made.range_after_.root()) {
          missed.push_back(shown);
        }
      }
    }
    made.events_.push_back(*std::move(checked));
  }
  auto identities = check_identities(made.events_, made.resent_, std::move(submit.identities));
  if (!identities) return std::unexpected(Refusal{std::move(identities.error()), std::nullopt});
  made.identities_ = *std::move(identities);
  if (auto head = check_head(made, missed, now); !head) return std::unexpected(std::move(head.error()));
  return made;
}

Checked<void> AgentJournal::check_head(const VerifiedSubmission& submission,
                                       const std::vector<wire::SignedHead>& missed, UtcMillis now) const {
  if (submission.fresh().empty()) return {};
  const merkle::TreeHead head{submission.range_after().size(), submission.range_after().root()};
  if (!missed.empty()) {
    Refusal refusal =
        fork(fmt::format("the events of agent {} do not lead to the journal of {} events that it showed",
                         agent_, missed.front().head.size.value()),
             missed.front(), now);
    for (const VerifiedEvent& event : submission.fresh())
      refusal.evidence->claimed_events.push_back(event.bytes);
    return std::unexpected(std::move(refusal));
  }
  if (!planted(PlantedBug::kUncheckedSignature) && !submission.signs(head)) {
    return refuse(ErrorCode::kBadSignature,
                  fmt::format("the head of agent {}'s journal after event {} is not signed by it", agent_,
                              head.size.value() - 1));
  }
  return {};
}

void AgentJournal::advance(const VerifiedSubmission& submission) {
  if (submission.fresh().empty()) return;
  range_ = submission.range_after();
  head_signature_ = submission.head_signature();
  std::erase_if(claimed_, [this](const wire::SignedHead& shown) { return shown.head.size <= range_.size(); });
}

}  // namespace crossline::server
