#include "tools/audit/proofs.hpp"

#include "crossline/audit/evidence.hpp"
#include "crossline/runtime/file.hpp"
#include "crossline/server/ports.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace crossline::tools {
namespace {

using merkle::Misbehaviour;

// The journal's leaves up to the place where the agent's other events begin, then those.
merkle::MemoryTree claimed_tree(const merkle::MemoryTree& journal, const server::ForkEvidence& evidence) {
  merkle::MemoryTree tree;
  const std::uint64_t common = std::min(evidence.first.value(), journal.size().value());
  for (std::uint64_t i = 0; i < common; ++i) tree.append(*journal.subtree(0, i));
  for (const std::string& event : evidence.claimed_events) tree.append(merkle::leaf_hash(as_bytes(event)));
  return tree;
}

bool holds(const merkle::MemoryTree& tree, const merkle::TreeHead& head) {
  return tree.size() >= head.size && tree.root_at(head.size) == head.root;
}

// The server's evidence as a proof: by the leaf that differs, by the tree of the larger head when that is all
// there is; without it, as two heads that are open. Nothing
// when there are not two heads.
Result<std::optional<Misbehaviour>> proof_of(const server::ForkEvidence& evidence,
                                             const enrolment::Registry& registry, audit::LedgerSource& source,
                                             LedgerIndex end) {
  const auto* record = registry.find(evidence.agent);
  if (record == nullptr || !evidence.seen || !evidence.claimed) return std::nullopt;
  const merkle::TreeHead& seen = evidence.seen->head;
  const merkle::TreeHead& claimed = evidence.claimed->head;
  std::array<merkle::SignedNote, 2> notes{
      merkle::note_of(seen, evidence.seen->signature, record->journal_key),
      merkle::note_of(claimed, evidence.claimed->signature, record->journal_key)};
  if (seen.size != claimed.size) {
    CROSSLINE_TRY(const auto branches, audit::journal_branches(source, evidence.agent, end));
    const merkle::MemoryTree other = claimed_tree(branches.main, evidence);
    if (holds(branches.main, seen) && holds(other, claimed)) {
      auto proof = merkle::prove_misbehaviour(notes, {seen.size, claimed.size}, {&branches.main, &other});
      if (proof) return std::optional(*std::move(proof));
    }
    const bool seen_is_larger = seen.size > claimed.size;
    const merkle::MemoryTree& larger = seen_is_larger ? branches.main : other;
    if (holds(larger, seen_is_larger ? seen : claimed)) {
      auto proof = merkle::prove_by_larger_tree(notes, larger);
      if (proof) return std::optional(*std::move(proof));
    }
  }
  return Misbehaviour{.heads = std::move(notes), .index = std::nullopt, .claims = {}};
}

class Folder {
 public:
  explicit Folder(std::filesystem::path path) : path_(std::move(path)) {}

  Result<void> put(const std::string& name, const Misbehaviour& proof) {
    std::error_code error;
    std::filesystem::create_directories(path_, error);
    if (error) return fail(ErrorCode::kInvalidArgument, "{}: {}", path_.string(), error.message());
    const auto file = path_ / fmt::format("{}-{}.misbehaviour", files_.size() + 1, name);
    CROSSLINE_CHECK_OK(runtime::write_file_atomic(file, as_bytes(proof.to_string())));
    files_.push_back(file);
    return {};
  }
  [[nodiscard]] std::vector<std::filesystem::path> take() { return std::move(files_); }

 private:
  std::filesystem::path path_;
  std::vector<std::filesystem::path> files_;
};

}  // namespace

Result<std::vector<std::filesystem::path>> write_proofs(
    const audit::Auditor& auditor, const audit::Report& report, const enrolment::Registry& registry,
    audit::LedgerSource& source, server::LedgerStore* store, const std::filesystem::path& path) {
  Folder folder(path);
  for (const audit::Finding& finding : report.findings) {
    CROSSLINE_TRY(auto proof, audit::proof_of(finding, registry, source));
    if (!proof) {
      CROSSLINE_TRY(proof, auditor.prove(finding));
    }
    if (proof) CROSSLINE_CHECK_OK(folder.put(finding.agent.empty() ? "ledger" : finding.agent, *proof));
  }
  if (store == nullptr) return folder.take();
  CROSSLINE_TRY(const auto kept, store->evidence());
  for (const server::ForkEvidence& evidence : kept) {
    CROSSLINE_TRY(const auto proof, proof_of(evidence, registry, source, LedgerIndex(report.size.value())));
    if (proof) CROSSLINE_CHECK_OK(folder.put(evidence.agent, *proof));
  }
  return folder.take();
}

}  // namespace crossline::tools
