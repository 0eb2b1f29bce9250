#include "crossline/audit/evidence.hpp"

#include "crossline/base/text.hpp"
#include "crossline/wire/event_codec.hpp"
#include "crossline/wire/ledger_codec.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace crossline::audit {
namespace {

const std::string* find_value(const Finding& finding, const std::string& name) {
  const auto found = std::ranges::find(finding.evidence, name, &Finding::Value::first);
  return found == finding.evidence.end() ? nullptr : &found->second;
}

// The head that the finding's evidence names with this prefix.
std::optional<wire::SignedHead> head_in(const Finding& finding, const std::string& prefix) {
  const std::string* size = find_value(finding, prefix + "_size");
  const std::string* root = find_value(finding, prefix + "_root");
  const std::string* signature = find_value(finding, prefix + "_signature");
  if (size == nullptr || root == nullptr || signature == nullptr) return std::nullopt;
  const auto number = parse_u64(*size);
  const auto root_bytes = from_hex(*root);
  const auto signature_bytes = from_hex(*signature);
  if (!number || !root_bytes || !signature_bytes) return std::nullopt;
  const auto hash = crypto::hash_from(*root_bytes);
  const auto signed_with = crypto::signature_from(*signature_bytes);
  if (!hash || !signed_with) return std::nullopt;
  return wire::SignedHead{{TreeSize(*number), *hash}, *signed_with};
}

const merkle::NoteVerifierKey* key_of(const Finding& finding, const enrolment::Registry& registry) {
  if (finding.kind == FindingKind::kTwoHeads) return &registry.keys().ledger_key;
  if (finding.agent == enrolment::kOffice) return &registry.keys().office_key;
  const auto* record = registry.find(finding.agent);
  return record == nullptr ? nullptr : &record->journal_key;
}

void place(JournalBranches& branches, std::uint64_t index, const merkle::Hash& leaf) {
  const std::uint64_t size = branches.main.size().value();
  bool placed = false;
  if (branches.other && index == branches.other->size().value()) {
    branches.other->append(leaf);
    placed = true;
  }
  if (index == size) {
    branches.main.append(leaf);
    placed = true;
  }
  if (placed || branches.other || index > size) return;
  const auto same = branches.main.subtree(0, index);
  if (!same || *same == leaf) return;  // the same event again
  merkle::MemoryTree other;
  for (std::uint64_t i = 0; i < index; ++i) other.append(*branches.main.subtree(0, i));
  other.append(leaf);
  branches.other = std::move(other);
}

}  // namespace

Result<JournalBranches> journal_branches(LedgerSource& source, std::string_view agent, LedgerIndex until) {
  JournalBranches branches;
  for (std::uint64_t at = 0; at < until.value();) {
    const auto count = std::min<std::uint64_t>(LedgerSource::kBatch, until.value() - at);
    CROSSLINE_TRY(const auto entries, source.read(LedgerIndex(at), static_cast<std::size_t>(count)));
    if (entries.empty()) break;
    for (const std::string& bytes : entries) {
      const auto entry = wire::decode_ledger_entry(as_bytes(bytes));
      if (!entry || entry->agent != agent) continue;
      const auto event = wire::decode_event(as_bytes(entry->event));
      if (event) place(branches, event->journal_index.value(), merkle::leaf_hash(as_bytes(entry->event)));
    }
    at += entries.size();
  }
  return branches;
}

Result<std::optional<merkle::Misbehaviour>> proof_of(const Finding& finding,
                                                     const enrolment::Registry& registry,
                                                     LedgerSource& source) {
  if (finding.kind != FindingKind::kTwoHeads && finding.kind != FindingKind::kJournalFork)
    return std::nullopt;
  const auto head = head_in(finding, "head");
  const auto other = head_in(finding, "other_head");
  const merkle::NoteVerifierKey* key = key_of(finding, registry);
  if (!head || !other || key == nullptr) return std::nullopt;
  std::array<merkle::SignedNote, 2> notes{merkle::note_of(head->head, head->signature, *key),
                                          merkle::note_of(other->head, other->signature, *key)};
  if (head->head.size == other->head.size)
    return merkle::Misbehaviour{.heads = std::move(notes), .index = std::nullopt, .claims = {}};
  CROSSLINE_TRY(const JournalBranches branches,
                journal_branches(source, finding.agent, finding.entry.next()));
  const auto holds = [](const merkle::MemoryTree& tree, const merkle::TreeHead& of) {
    return tree.size() >= of.size && tree.root_at(of.size) == of.root;
  };
  if (branches.other && holds(branches.main, head->head) && holds(*branches.other, other->head)) {
    CROSSLINE_TRY(auto proof,
                  merkle::prove_misbehaviour(std::move(notes), {head->head.size, other->head.size},
                                             {&branches.main, &*branches.other}));
    return std::optional(std::move(proof));
  }
  // One tree alone will do if it is that of the larger head.
  const bool head_is_larger = head->head.size > other->head.size;
  const merkle::MemoryTree* larger = head_is_larger   ? &branches.main
                                     : branches.other ? &*branches.other
                                                      : nullptr;
  if (larger == nullptr || !holds(*larger, head_is_larger ? head->head : other->head)) return std::nullopt;
  auto proof = merkle::prove_by_larger_tree(std::move(notes), *larger);
  return proof ? std::optional(*std::move(proof)) : std::nullopt;
}

}  // namespace crossline::audit
