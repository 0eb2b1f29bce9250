#include "crossline/merkle/misbehaviour.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/base/text.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace crossline::merkle {
namespace {

constexpr std::string_view kMisbehaviourHeader = "crossline misbehaviour v1";
constexpr std::size_t kMaxHeadLines = 4 + limits::kMaxNoteSignatures;

// Reads the text line by line.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool starts_with(std::string_view word) const { return rest_.starts_with(word); }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  // The next line without its line feed.
  Result<std::string_view> next() {
    const std::size_t end = rest_.find('\n');
    if (end == std::string_view::npos) return fail(ErrorCode::kMalformed, "a proof that ends within a line");
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return line;
  }
  // What follows "<word> " on the next line.
  Result<std::string_view> value(std::string_view word) {
    CROSSLINE_TRY(const std::string_view line, next());
    if (!line.starts_with(word) || line.size() <= word.size() || line[word.size()] != ' ')
      return fail(ErrorCode::kMalformed, "a proof without '{}' where it belongs", word);
    return line.substr(word.size() + 1);
  }
  Result<std::uint64_t> number(std::string_view word) {
    CROSSLINE_TRY(const std::string_view text, value(word));
    const auto number = parse_u64(text);
    if (!number) return fail(ErrorCode::kMalformed, "the {} of a proof is not a decimal number", word);
    return *number;
  }
  Result<Hash> hash(std::string_view word) {
    CROSSLINE_TRY(const std::string_view text, value(word));
    CROSSLINE_TRY(const Bytes bytes, from_base64(text));
    return crypto::hash_from(bytes);
  }
  // The next `count` lines with their line feeds.
  Result<std::string_view> block(std::uint64_t count) {
    const std::string_view all = rest_;
    for (std::uint64_t i = 0; i < count; ++i) CROSSLINE_CHECK_OK(next());
    return all.substr(0, all.size() - rest_.size());
  }

 private:
  std::string_view rest_;
};

Result<LeafClaim> read_claim(Lines& lines) {
  LeafClaim claim;
  CROSSLINE_TRY(claim.leaf, lines.hash("leaf"));
  while (lines.starts_with("hash ")) {
    if (claim.path.size() == limits::kMaxProofHashes)
      return fail(ErrorCode::kMalformed, "a path of more than {} hashes", limits::kMaxProofHashes);
    CROSSLINE_TRY(claim.path.emplace_back(), lines.hash("hash"));
  }
  return claim;
}

Result<ParsedTreeHead> verified_head(const SignedNote& note, std::span<const NoteVerifierKey> logs) {
  CROSSLINE_TRY(ParsedTreeHead head, parse_tree_head(note.text));
  const auto of_origin = [&head](const NoteVerifierKey& key) {
    return key.name == head.origin && key.type == NoteKeyType::kEd25519;
  };
  const auto key = std::ranges::find_if(logs, of_origin);
  if (key == logs.end())
    return fail(ErrorCode::kBadSignature, "the key of {} is not among those given", head.origin);
  CROSSLINE_CHECK_OK(verify_note(note, std::span(&*key, 1)));
  return head;
}

}  // namespace

Result<Misbehaviour> Misbehaviour::parse(std::string_view text) {
  if (text.size() > kMaxBytes) return fail(ErrorCode::kMalformed, "a proof of {} bytes", text.size());
  Lines lines(text);
  CROSSLINE_TRY(const std::string_view header, lines.next());
  if (header != kMisbehaviourHeader)
    return fail(ErrorCode::kMalformed, "a proof of misbehaviour starts with '{}'", kMisbehaviourHeader);
  Misbehaviour parsed;
  if (lines.starts_with("index ")) {
    CROSSLINE_TRY(const std::uint64_t index, lines.number("index"));
    parsed.index = LeafIndex(index);
  }
  for (std::size_t i = 0; i < parsed.heads.size(); ++i) {
    if (parsed.index) {
      CROSSLINE_TRY(parsed.claims[i], read_claim(lines));
    }
    CROSSLINE_TRY(const std::uint64_t count, lines.number("head"));
    if (count > kMaxHeadLines) return fail(ErrorCode::kMalformed, "a head of {} lines", count);
    CROSSLINE_TRY(const std::string_view note, lines.block(count));
    CROSSLINE_TRY(parsed.heads[i], SignedNote::parse(note));
  }
  if (!lines.at_end()) return fail(ErrorCode::kMalformed, "a proof with something behind its end");
  if (parsed.to_string() != text)
    return fail(ErrorCode::kMalformed, "a proof that is not spelled as written");
  return parsed;
}

std::string Misbehaviour::to_string() const {
  std::string text = fmt::format("{}\n", kMisbehaviourHeader);
  if (index) text += fmt::format("index {}\n", index->value());
  for (std::size_t i = 0; i < heads.size(); ++i) {
    if (index) {
      text += fmt::format("leaf {}\n", to_base64(claims[i].leaf.bytes));
      for (const Hash& hash : claims[i].path) text += fmt::format("hash {}\n", to_base64(hash.bytes));
    }
    const std::string note = heads[i].to_string();
    text += fmt::format("head {}\n{}", std::ranges::count(note, '\n'), note);
  }
  return text;
}

Result<MisbehaviourFinding> check_misbehaviour(const Misbehaviour& misbehaviour,
                                               std::span<const NoteVerifierKey> logs) {
  CROSSLINE_TRY(const ParsedTreeHead first, verified_head(misbehaviour.heads[0], logs));
  CROSSLINE_TRY(const ParsedTreeHead second, verified_head(misbehaviour.heads[1], logs));
  if (first.origin != second.origin)
    return fail(ErrorCode::kInvalidArgument, "the heads are of two logs, {} and {}", first.origin,
                second.origin);
  MisbehaviourFinding finding{.origin = first.origin, .heads = {first.head, second.head}, .proven = true};
  if (!misbehaviour.index) {
    if (first.head.size != second.head.size) {
      finding.proven = false;
      return finding;
    }
    if (first.head.root == second.head.root)
      return fail(ErrorCode::kInvalidArgument, "the two heads are the same: nothing is wrong with them");
    return finding;
  }
  const auto& [claim, other_claim] = misbehaviour.claims;
  if (claim.leaf == other_claim.leaf)
    return fail(ErrorCode::kInvalidArgument,
                "both heads have the same leaf at {}: nothing is wrong with that",
                misbehaviour.index->value());
  CROSSLINE_CHECK_OK(
      verify_inclusion(*misbehaviour.index, first.head.size, claim.leaf, claim.path, first.head.root));
  CROSSLINE_CHECK_OK(verify_inclusion(*misbehaviour.index, second.head.size, other_claim.leaf,
                                      other_claim.path, second.head.root));
  return finding;
}

SignedNote note_of(const TreeHead& head, const crypto::Signature& signature, const NoteVerifierKey& log) {
  SignedNote note{.text = tree_head_text(log.name, head), .signatures = {}};
  note.signatures.push_back({log.name, log.key_id, to_bytes(signature.bytes)});
  return note;
}

Result<Misbehaviour> prove_misbehaviour(std::array<SignedNote, 2> heads, std::array<TreeSize, 2> sizes,
                                        std::array<const HashReader*, 2> trees) {
  const std::uint64_t common = std::min(sizes[0], sizes[1]).value();
  // Perfect subtrees from the left, the largest first; the first that differs holds the leaf.
  for (std::uint64_t begin = 0; begin < common;) {
    const auto alignment = begin == 0 ? 63 : std::countr_zero(begin);
    auto level =
        static_cast<unsigned>(std::min(alignment, static_cast<int>(std::bit_width(common - begin)) - 1));
    const auto differs = [&](unsigned at, std::uint64_t index) -> Result<bool> {
      CROSSLINE_TRY(const Hash one, trees[0]->subtree(at, index));
      CROSSLINE_TRY(const Hash other, trees[1]->subtree(at, index));
      return one != other;
    };
    CROSSLINE_TRY(const bool here, differs(level, begin >> level));
    if (!here) {
      begin += std::uint64_t{1} << level;
      continue;
    }
    std::uint64_t index = begin >> level;
    while (level > 0) {
      --level;
      index *= 2;
      CROSSLINE_TRY(const bool left, differs(level, index));
      if (!left) ++index;
    }
    Misbehaviour made{.heads = std::move(heads), .index = LeafIndex(index), .claims = {}};
    for (std::size_t i = 0; i < 2; ++i) {
      CROSSLINE_TRY(made.claims[i].leaf, trees[i]->subtree(0, index));
      CROSSLINE_TRY(made.claims[i].path, inclusion_proof(*trees[i], LeafIndex(index), sizes[i]));
    }
    return made;
  }
  return fail(ErrorCode::kInvalidArgument, "one tree is the beginning of the other: the heads fit");
}

}  // namespace crossline::merkle
