#include "crossline/agent/slips.hpp"

#include "crossline/movement/state.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

namespace crossline::agent {
namespace {

constexpr std::array<std::string_view, 11> kNames{"learnt",     "known",         "own",     "malformed",
                                                  "foreign",    "unknown_agent", "revoked", "bad_signature",
                                                  "no_passage", "too_old",       "future"};

SlipReading refused(SlipOutcome outcome, std::string detail) {
  return {.outcome = outcome, .detail = std::move(detail), .proof = {}, .post = {}, .reference = {}};
}

SlipOutcome outcome_of(const movement::Event& event, UtcMillis now) {
  const auto* movement = std::get_if<movement::Movement>(&event.body);
  if (movement == nullptr || movement->outcome != movement::Outcome::kPassed) return SlipOutcome::kNoPassage;
  if (event.recorded_at.ms > now.ms + kSlipClockMs) return SlipOutcome::kFuture;
  if (event.recorded_at.ms < now.ms - kSlipBelievedMs) return SlipOutcome::kTooOld;
  return SlipOutcome::kLearnt;
}

}  // namespace

std::string_view name_of(SlipOutcome outcome) {
  return kNames[std::to_underlying(outcome)];
}

SlipReading read_slip(std::string_view text, const Settings& settings, UtcMillis now) {
  const auto bytes = wire::slip_bytes(text);
  if (!bytes) return refused(SlipOutcome::kMalformed, bytes.error().message);
  const auto slip = wire::decode_slip(as_bytes(*bytes));
  if (!slip) return refused(SlipOutcome::kMalformed, slip.error().message);
  if (slip->line != settings.line)
    return refused(SlipOutcome::kForeign, fmt::format("a slip of the line '{}'", slip->line));
  auto proof = wire::open_slip(*slip);
  if (!proof) return refused(SlipOutcome::kMalformed, proof.error().message);
  const std::string& agent = proof->event.agent;
  if (agent == settings.agent) return refused(SlipOutcome::kOwn, "a slip of this post");
  const auto known = std::ranges::find(settings.posts, agent, &KnownPost::agent);
  if (known == settings.posts.end())
    return refused(SlipOutcome::kUnknownAgent,
                   fmt::format("agent {} is not enrolled as far as is known here", agent));
  const auto key = crypto::Verifier::make(known->journal_key);
  if (!key) return refused(SlipOutcome::kBadSignature, key.error().message);
  if (auto verified = wire::verify_slip(*slip, *proof, *key); !verified)
    return refused(SlipOutcome::kBadSignature, verified.error().message);
  if (known->revoked)
    return refused(SlipOutcome::kRevoked, fmt::format("agent {} must not be believed any more", agent));
  SlipReading reading;
  reading.outcome = outcome_of(proof->event, now);
  reading.post = known->post;
  reading.reference = wire::slip_reference(agent, proof->event.journal_index, proof->leaf);
  reading.proof = *std::move(proof);
  return reading;
}

LearntMovement learnt_from(const SlipReading& reading) {
  const movement::Event& event = reading.proof->event;
  const auto& movement = std::get<movement::Movement>(event.body);
  return {.subject = movement.subject,
          .at = event.recorded_at,
          .tie = movement::movement_tie(movement::agent_tag(event.agent), event.journal_index),
          .post = *reading.post,
          .direction = movement.direction};
}

bool LearntMovements::add(LearntMovement movement) {
  if (std::ranges::find(movements_, movement) != movements_.end()) return false;
  movements_.push_back(std::move(movement));
  if (movements_.size() > kMax) movements_.pop_front();
  return true;
}

void LearntMovements::forget(UtcMillis before) {
  std::erase_if(movements_, [before](const LearntMovement& movement) { return movement.at < before; });
}

std::vector<LearntMovement> LearntMovements::of(const crypto::SubjectId& subject) const {
  std::vector<LearntMovement> found;
  for (const LearntMovement& movement : movements_) {
    if (movement.subject == subject) found.push_back(movement);
  }
  return found;
}

}  // namespace crossline::agent
