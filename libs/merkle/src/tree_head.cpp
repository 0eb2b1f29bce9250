#include "crossline/merkle/tree_head.hpp"

#include "crossline/base/text.hpp"

#include <algorithm>

namespace crossline::merkle {

std::string ledger_origin(std::string_view line) {
  return fmt::format("{}/ledger", line);
}

std::string journal_origin(std::string_view line, std::string_view agent) {
  return fmt::format("{}/journal/{}", line, agent);
}

std::string tree_head_text(std::string_view origin, const TreeHead& head) {
  return fmt::format("{}\n{}\n{}\n", origin, head.size.value(), to_base64(head.root.bytes));
}

Result<ParsedTreeHead> parse_tree_head(std::string_view text) {
  if (!text.ends_with('\n'))
    return fail(ErrorCode::kMalformed, "a tree head that does not end in a line feed");
  text.remove_suffix(1);
  const std::vector<std::string_view> lines = split(text, '\n');
  if (lines.size() < 3) return fail(ErrorCode::kMalformed, "a tree head of {} lines, not 3", lines.size());
  if (std::ranges::any_of(lines, &std::string_view::empty)) {
    return fail(ErrorCode::kMalformed, "a tree head with an empty line");
  }
  const std::optional<std::uint64_t> size = parse_u64(lines[1]);
  if (!size) return fail(ErrorCode::kMalformed, "the size of a tree head is not a decimal number");
  if (*size > kMaxTreeSize)
    return fail(ErrorCode::kMalformed, "a tree head of {} leaves, and a tree has at most {}", *size,
                kMaxTreeSize);
  const Result<Bytes> bytes = from_base64(lines[2]);
  if (!bytes) return fail(ErrorCode::kMalformed, "the root of a tree head is not base64");
  CROSSLINE_TRY(const Hash root, crypto::hash_from(*bytes));
  return ParsedTreeHead{.origin = std::string(lines[0]), .head = {.size = TreeSize(*size), .root = root}};
}

crypto::Signature sign_tree_head(std::string_view origin, const TreeHead& head,
                                 const crypto::Signer& signer) {
  return signer.sign(as_bytes(tree_head_text(origin, head)));
}

bool verify_tree_head(std::string_view origin, const TreeHead& head, const crypto::Signature& signature,
                      const crypto::Verifier& verifier) {
  return verifier.verify(as_bytes(tree_head_text(origin, head)), signature);
}

}  // namespace crossline::merkle
