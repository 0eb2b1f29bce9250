#include "crossline/merkle/tlog_proof.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/base/text.hpp"

namespace crossline::merkle {
namespace {

constexpr std::string_view kProofHeader = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";

}  // namespace

Result<TlogProof> TlogProof::parse(std::string_view text) {
  if (text.size() > limits::kMaxNoteBytes)
    return fail(ErrorCode::kMalformed, "a proof of {} bytes", text.size());
  const std::size_t blank = text.find("\n\n");
  if (blank == std::string_view::npos) return fail(ErrorCode::kMalformed, "a proof without a blank line");
  const std::vector<std::string_view> lines = split(text.substr(0, blank), '\n');
  if (lines[0] != kProofHeader) return fail(ErrorCode::kMalformed, "a proof starts with {}", kProofHeader);
  std::size_t next = 1;
  TlogProof proof;
  if (next < lines.size() && lines[next].starts_with(kExtra)) {
    CROSSLINE_TRY(proof.extra, from_base64(lines[next].substr(kExtra.size())));
    ++next;
  }
  if (next == lines.size() || !lines[next].starts_with(kIndex))
    return fail(ErrorCode::kMalformed, "a proof without an index");
  const std::optional<std::uint64_t> index = parse_u64(lines[next].substr(kIndex.size()));
  if (!index) return fail(ErrorCode::kMalformed, "the index of a proof is not a decimal number");
  proof.index = LeafIndex(*index);
  ++next;
  if (lines.size() - next > limits::kMaxProofHashes)
    return fail(ErrorCode::kMalformed, "a proof of {} hashes", lines.size() - next);
  for (; next < lines.size(); ++next) {
    CROSSLINE_TRY(const Bytes bytes, from_base64(lines[next]));
    CROSSLINE_TRY(const Hash hash, crypto::hash_from(bytes));
    proof.hashes.push_back(hash);
  }
  CROSSLINE_TRY(proof.head, SignedNote::parse(text.substr(blank + 2)));
  return proof;
}

std::string TlogProof::to_string() const {
  std::string text = fmt::format("{}\n", kProofHeader);
  if (extra) text += fmt::format("{}{}\n", kExtra, to_base64(*extra));
  text += fmt::format("{}{}\n", kIndex, index.value());
  for (const Hash& hash : hashes) text += fmt::format("{}\n", to_base64(hash.bytes));
  return text + "\n" + head.to_string();
}

Result<PolicyFinding> verify_tlog_proof(const TlogProof& proof, const Hash& leaf, const Policy& policy) {
  CROSSLINE_TRY(PolicyFinding finding, policy.evaluate(proof.head));
  if (!finding.quorum_met)
    return fail(ErrorCode::kBadSignature, "the tree head of {} lacks cosignatures: {} do not make the quorum",
                finding.head.origin, finding.cosigners.size());
  CROSSLINE_CHECK_OK(
      verify_inclusion(proof.index, finding.head.head.size, leaf, proof.hashes, finding.head.head.root));
  return finding;
}

}  // namespace crossline::merkle
