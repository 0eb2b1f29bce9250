#include "crossline/agent/ledger_watch.hpp"

#include "crossline/base/assert.hpp"
#include "crossline/merkle/proof.hpp"
#include "crossline/merkle/tree_head.hpp"

#include <utility>

namespace crossline::agent {
namespace {

crypto::Verifier verifier_of(const crypto::PublicKey& key) {
  auto verifier = crypto::Verifier::make(key);
  CROSSLINE_ASSERT(verifier.has_value());
  return *std::move(verifier);
}

TreeSize size_of(const std::optional<wire::SignedHead>& head) {
  return head ? head->head.size : TreeSize(0);
}

}  // namespace

LedgerWatch::LedgerWatch(const Settings& settings, Replica& replica, Alarms& alarms, const Clock& clock)
    : replica_(&replica),
      alarms_(&alarms),
      clock_(&clock),
      key_(settings.ledger_key),
      verifier_(verifier_of(settings.ledger_key)),
      origin_(merkle::ledger_origin(settings.line)) {}

wire::LedgerQuestion LedgerWatch::ask() {
  const auto& seen = replica_->seen_head();
  asked_ = {.question = {size_of(seen), size_of(replica_->proven_head())},
            .seen = seen,
            .at_ms = clock_->steady_ms(),
            .answered = false};
  return asked_.question;
}

bool LedgerWatch::is_due() const {
  return !waits() && clock_->steady_ms() - asked_.at_ms >= kLedgerQuestionMs;
}

bool LedgerWatch::is_overdue() const {
  return waits() && clock_->steady_ms() - asked_.at_ms >= kLedgerReplyMs;
}

std::uint64_t LedgerWatch::next_deadline_ms() const {
  return asked_.at_ms + (waits() ? kLedgerReplyMs : kLedgerQuestionMs);
}

// --- what the server says

Result<void> LedgerWatch::on_welcome(const std::optional<wire::SignedHead>& ledger,
                                     const wire::LedgerProofs& proofs) {
  if (ledger) CROSSLINE_CHECK_OK(check_signature(*ledger));
  if (size_of(ledger) < size_of(asked_.seen)) {
    return distrust(AlarmCode::kLedgerShrank,
                    fmt::format("the server's ledger has {} entries; it had signed one of {}",
                                size_of(ledger).value(), size_of(asked_.seen).value()),
                    asked_.seen, ledger);
  }
  if (ledger) {
    CROSSLINE_CHECK_OK(check_continues(*ledger, asked_.seen, proofs));
    CROSSLINE_CHECK_OK(believe(*ledger));
    CROSSLINE_CHECK_OK(replica_->prove(*ledger));
  }
  asked_.answered = true;
  for (const AlarmCode settled : {AlarmCode::kLedgerShrank, AlarmCode::kLedgerForked})
    alarms_->clear(settled);
  return {};
}

// The server says so itself.
Result<void> LedgerWatch::on_dispute(const wire::LedgerDispute& dispute) {
  CROSSLINE_CHECK_OK(check_signature(dispute.ledger));
  const bool shrank = dispute.ledger.head.size < size_of(asked_.seen);
  std::optional<merkle::PrefixClaim> begins;
  if (dispute.root) begins = merkle::PrefixClaim{*dispute.root, dispute.consistency};
  return distrust(
      shrank ? AlarmCode::kLedgerShrank : AlarmCode::kLedgerForked,
      fmt::format("the server says that its ledger was never the one of {} entries that it had signed, and "
                  "shows a head of {}",
                  size_of(asked_.seen).value(), dispute.ledger.head.size.value()),
      asked_.seen, dispute.ledger, std::move(begins));
}

Result<void> LedgerWatch::on_reply(const wire::LedgerReply& reply) {
  if (asked_.answered || reply.asked != asked_.question) return {};
  // The first head of all came after a question that named none: the reply proves nothing of it.
  if (size_of(replica_->proven_head()) != asked_.question.proven) return {};
  return on_welcome(reply.ledger, reply.proofs);
}

Result<void> LedgerWatch::on_answer(const wire::SignedHead& ledger) {
  CROSSLINE_CHECK_OK(check_signature(ledger));
  return believe(ledger);
}

// --- how it is held against the heads before

Result<void> LedgerWatch::check_signature(const wire::SignedHead& head) {
  if (merkle::verify_tree_head(origin_, head.head, head.signature, verifier_)) return {};
  alarms_->raise(
      AlarmCode::kLedgerNotSigned,
      fmt::format("a ledger head of size {} is not signed by the line's key", head.head.size.value()),
      clock_->now());
  return fail(ErrorCode::kBadSignature,
              "the server showed a ledger head that is not signed by the line's key");
}

Result<void> LedgerWatch::check_continues(const wire::SignedHead& shown,
                                          const std::optional<wire::SignedHead>& seen,
                                          const wire::LedgerProofs& proofs) {
  if (seen) CROSSLINE_CHECK_OK(check_continues(shown, *seen, proofs.from_seen));
  const auto& proven = replica_->proven_head();
  if (!proven || (seen && seen->head == proven->head)) return {};
  return check_continues(shown, *proven, proofs.from_proven);
}

Result<void> LedgerWatch::check_continues(const wire::SignedHead& shown, const wire::SignedHead& before,
                                          std::span<const crypto::Hash> proof) {
  const merkle::TreeHead& old_head = before.head;
  const merkle::TreeHead& new_head = shown.head;
  if (old_head.size == new_head.size) {
    if (old_head.root == new_head.root) return {};
    return distrust(AlarmCode::kLedgerForked,
                    fmt::format("two signed ledger heads of size {} with roots {} and {}",
                                old_head.size.value(), old_head.root.hex(), new_head.root.hex()),
                    before, shown);
  }
  const auto verified =
      merkle::verify_consistency(old_head.size, new_head.size, old_head.root, new_head.root, proof);
  if (verified) return {};
  std::optional<merkle::PrefixClaim> begins;
  if (const auto root = merkle::prefix_root(old_head.size, new_head.size, new_head.root, proof))
    begins = merkle::PrefixClaim{*root, {proof.begin(), proof.end()}};
  return distrust(AlarmCode::kLedgerForked,
                  fmt::format("the server does not prove that its ledger of {} entries continues the one of "
                              "{} that it had signed: {}",
                              new_head.size.value(), old_head.size.value(), verified.error().message),
                  before, shown, std::move(begins));
}

Result<void> LedgerWatch::believe(const wire::SignedHead& head) {
  if (const auto& seen = replica_->seen_head(); seen && seen->head.size == head.head.size)
    CROSSLINE_CHECK_OK(check_continues(head, *seen, {}));
  CROSSLINE_CHECK_OK(replica_->believe(head, clock_->now()));
  // The first of all is the one that the others have to continue.
  if (!replica_->proven_head()) return replica_->prove(head);
  return {};
}

std::unexpected<Error> LedgerWatch::distrust(AlarmCode code, std::string message,
                                             const std::optional<wire::SignedHead>& before,
                                             const std::optional<wire::SignedHead>& shown,
                                             std::optional<merkle::PrefixClaim> begins) {
  alarms_->raise(code, message, clock_->now());
  // One head shown twice proves nothing, whatever the server says of it.
  if (before && shown && before->head != shown->head) {
    const auto key = merkle::NoteVerifierKey::make(origin_, merkle::NoteKeyType::kEd25519, key_);
    evidence_ = merkle::Misbehaviour{.heads = {merkle::note_of(before->head, before->signature, key),
                                               merkle::note_of(shown->head, shown->signature, key)},
                                     .index = std::nullopt,
                                     .claims = {},
                                     .prefix = std::move(begins)};
    // Two heads alone are a claim at least; a beginning that does not lead to the larger one would spoil it.
    if (!merkle::check_misbehaviour(*evidence_, std::span(&key, 1))) evidence_->prefix.reset();
  }
  return std::unexpected(Error{ErrorCode::kForked, std::move(message)});
}

std::optional<merkle::Misbehaviour> LedgerWatch::take_evidence() {
  return std::exchange(evidence_, std::nullopt);
}

}  // namespace crossline::agent
