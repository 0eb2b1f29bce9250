#include "journal_check.hpp"

#include <utility>

#include <fmt/format.h>

namespace crossline::audit {
namespace {

void add_head(std::vector<Finding::Value>& evidence, const std::string& prefix,
              const wire::SignedHead& head) {
  evidence.emplace_back(prefix + "_size", std::to_string(head.head.size.value()));
  evidence.emplace_back(prefix + "_root", head.head.root.hex());
  evidence.emplace_back(prefix + "_signature", to_hex(head.signature.bytes));
}

}  // namespace

JournalCheck::JournalCheck(std::string agent, std::string origin, std::optional<crypto::Verifier> verifier,
                           Options::Signatures signatures)
    : agent_(std::move(agent)),
      origin_(std::move(origin)),
      verifier_(std::move(verifier)),
      which_(signatures) {}

void JournalCheck::take(LedgerIndex at, JournalIndex index, const wire::LedgerEntry& entry,
                        Findings& findings) {
  in_main_ = in_other_ = false;
  place(at, index.value(), merkle::leaf_hash(as_bytes(entry.event)), findings);
  if (entry.head_signature && verifier_ && !broken_ && (in_main_ || in_other_))
    check_signature(at, *entry.head_signature, findings);
}

void JournalCheck::place(LedgerIndex at, std::uint64_t index, const merkle::Hash& leaf, Findings& findings) {
  if (broken_) {
    if (index > next_) {
      findings.add(finding(FindingKind::kJournalGap, at,
                           fmt::format("agent {}: journal index {} where {} belongs", agent_, index, next_)));
    }
    next_ = std::max(next_, index + 1);
    return;
  }
  if (other_ && index == other_->range.size().value()) {
    other_->range.append(leaf);
    other_->leaves.push_back(leaf);
    in_other_ = true;
  }
  if (index == events_.size()) {
    if (index == shown_) unsigned_at_ = at;
    events_.append(leaf);
    in_main_ = true;
  }
  if (!in_main_ && !in_other_) place_out_of_order(at, index, leaf, findings);
}

void JournalCheck::place_out_of_order(LedgerIndex at, std::uint64_t index, const merkle::Hash& leaf,
                                      Findings& findings) {
  const std::uint64_t size = events_.size();
  if (index > size) {
    settle_waiting(findings);
    Finding gap = finding(FindingKind::kJournalGap, at,
                          fmt::format("agent {}: journal index {} where {} belongs: {} of its events are "
                                      "missing, and no signature after them can be verified",
                                      agent_, index, size, index - size));
    gap.evidence = {{"expected_index", std::to_string(size)}, {"found_index", std::to_string(index)}};
    if (head_) add_head(gap.evidence, "last_head", *head_);
    findings.add(std::move(gap));
    broken_ = true;
    next_ = index + 1;
    return;
  }
  merkle::CompactRange range = events_.range_at(index);
  range.append(leaf);
  if (range.root() == events_.root_at(index + 1)) {
    findings.add(finding(FindingKind::kRepeatedEvent, at,
                         fmt::format("event {} of agent {} stands in the ledger twice", index, agent_)));
    return;
  }
  settle_waiting(findings);
  other_ = Branch{.at = at, .first = index, .range = std::move(range), .leaves = {leaf}};
  in_other_ = true;
}

bool JournalCheck::verifies(const merkle::TreeHead& head, const crypto::Signature& signature) const {
  return verifier_ && merkle::verify_tree_head(origin_, head, signature, *verifier_);
}

void JournalCheck::check_signature(LedgerIndex at, const crypto::Signature& signature, Findings& findings) {
  if (in_main_) shown_ = events_.size();
  if (which_ == Options::Signatures::kLast && !other_) {
    waiting_ = Waiting{at, events_.size(), signature};
    return;
  }
  const merkle::TreeHead main{TreeSize(events_.size()), events_.root()};
  if (in_main_ && verifies(main, signature)) return signed_main(signature, findings);
  if (in_other_ && verifies({other_->range.size(), other_->range.root()}, signature))
    return signed_other(at, signature, findings);
  report_bad_signature(at, main, signature, findings);
}

// The head that waits is one that nothing later will cover.
void JournalCheck::settle_waiting(Findings& findings) {
  if (!waiting_) return;
  const Waiting waiting = *std::exchange(waiting_, std::nullopt);
  const merkle::TreeHead head{TreeSize(waiting.size), events_.root_at(waiting.size)};
  if (!verifies(head, waiting.signature)) {
    return report_bad_signature(waiting.at, head, waiting.signature, findings);
  }
  ++signatures_;
  covered_ = waiting.size;
  head_ = wire::SignedHead{head, waiting.signature};
}

void JournalCheck::signed_main(const crypto::Signature& signature, Findings& findings) {
  ++signatures_;
  if (other_) {
    Finding inserted =
        finding(FindingKind::kInsertedEvent, other_->at,
                fmt::format("agent {} did not sign this event {}: it signed another one in its place", agent_,
                            other_->first));
    inserted.evidence = {{"journal_index", std::to_string(other_->first)}};
    add_head(inserted.evidence, "signed_head", {{TreeSize(events_.size()), events_.root()}, signature});
    findings.add(std::move(inserted));
    other_.reset();
  }
  covered_ = events_.size();
  head_ = wire::SignedHead{{TreeSize(covered_), events_.root()}, signature};
}

void JournalCheck::signed_other(LedgerIndex at, const crypto::Signature& signature, Findings& findings) {
  ++signatures_;
  const Branch other = *std::exchange(other_, std::nullopt);
  const wire::SignedHead head{{other.range.size(), other.range.root()}, signature};
  if (covered_ > other.first) {
    Finding fork = finding(
        FindingKind::kJournalFork, at,
        fmt::format("agent {} signed two histories: event {} is not the same in both", agent_, other.first));
    fork.evidence = {{"journal_index", std::to_string(other.first)}};
    if (head_) add_head(fork.evidence, "head", *head_);
    add_head(fork.evidence, "other_head", head);
    findings.add(std::move(fork));
    broken_ = true;
    next_ = std::max(events_.size(), other.range.size().value());
    return;
  }
  Finding inserted =
      finding(FindingKind::kInsertedEvent, unsigned_at_,
              fmt::format("agent {} did not sign event {} as it stands here: it signed the one of entry {}",
                          agent_, other.first, other.at.value()));
  inserted.evidence = {{"journal_index", std::to_string(other.first)},
                       {"signed_entry", std::to_string(other.at.value())}};
  add_head(inserted.evidence, "signed_head", head);
  findings.add(std::move(inserted));
  events_.shrink(other.first);
  for (const merkle::Hash& leaf : other.leaves) events_.append(leaf);
  covered_ = shown_ = events_.size();
  head_ = head;
}

void JournalCheck::report_bad_signature(LedgerIndex at, const merkle::TreeHead& head,
                                        const crypto::Signature& signature, Findings& findings) const {
  Finding bad =
      finding(FindingKind::kBadHeadSignature, at,
              fmt::format("the signature does not cover the {} events that the ledger shows of agent "
                          "{}: one of those since event {} was altered, or the signature was",
                          head.size.value(), agent_, covered_));
  bad.evidence = {{"covered", std::to_string(covered_)}};
  add_head(bad.evidence, "head", {head, signature});
  findings.add_once(std::move(bad), agent_ + "\n" + std::to_string(covered_));
}

void JournalCheck::finish(TreeSize ledger_size, Findings& findings) const {
  if (broken_ || !verifier_) return;
  if (waiting_) {
    const merkle::TreeHead head{TreeSize(waiting_->size), events_.root_at(waiting_->size)};
    if (!verifies(head, waiting_->signature))
      report_bad_signature(waiting_->at, head, waiting_->signature, findings);
  }
  if (other_) {
    findings.add(
        finding(FindingKind::kInsertedEvent, other_->at,
                fmt::format("event {} of agent {} stands in the ledger twice, and no signature covers "
                            "this one",
                            other_->first, agent_)));
  }
  if (shown_ < events_.size() && !other_) {
    Finding bare = finding(FindingKind::kUnsignedEvents, LedgerIndex(ledger_size.value()),
                           fmt::format("the last {} events of agent {} are covered by no signature",
                                       events_.size() - shown_, agent_));
    bare.evidence = {{"signed", std::to_string(shown_)}, {"events", std::to_string(events_.size())}};
    findings.add(std::move(bare));
  }
}

void JournalCheck::compare_slip(LedgerIndex at, const wire::Slip& slip, const wire::SlipProof& proof,
                                bool late, Findings& findings) const {
  if (broken_ || !verifier_ || !wire::verify_slip(slip, proof, *verifier_)) return;
  const wire::SignedHead head{proof.head, slip.head_signature};
  const std::uint64_t size = head.head.size.value();
  if (size <= events_.size()) {
    if (events_.root_at(size) == head.head.root) return;
    Finding fork = finding(FindingKind::kJournalFork, at,
                           fmt::format("agent {} signed two histories: the slip in this entry proves another "
                                       "event {} than the ledger shows, or others before it",
                                       agent_, size - 1));
    if (head_) add_head(fork.evidence, "head", *head_);
    add_head(fork.evidence, "other_head", head);
    return findings.add_once(std::move(fork), agent_);
  }
  if (!late) return;
  Finding withheld =
      finding(FindingKind::kWithheldEvent, at,
              fmt::format("the slip in this entry proves event {} of agent {}, recorded at {}; "
                          "the ledger has only the {} events before",
                          size - 1, agent_, format_utc(proof.event.recorded_at), events_.size()));
  add_head(withheld.evidence, "slip_head", head);
  findings.add(std::move(withheld));
}

Finding JournalCheck::finding(FindingKind kind, LedgerIndex at, std::string words) const {
  return {
      .kind = kind, .entry = at, .agent = agent_, .words = std::move(words), .evidence = {}, .repeats = 0};
}

}  // namespace crossline::audit
