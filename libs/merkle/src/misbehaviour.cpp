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

Result<std::vector<Hash>> read_hashes(Lines& lines) {
  std::vector<Hash> hashes;
  while (lines.starts_with("hash ")) {
    if (hashes.size() == limits::kMaxProofHashes)
      return fail(ErrorCode::kMalformed, "a path of more than {} hashes", limits::kMaxProofHashes);
    CROSSLINE_TRY(hashes.emplace_back(), lines.hash("hash"));
  }
  return hashes;
}

Result<LeafClaim> read_claim(Lines& lines) {
  LeafClaim claim;
  CROSSLINE_TRY(claim.leaf, lines.hash("leaf"));
  CROSSLINE_TRY(claim.path, read_hashes(lines));
  return claim;
}

std::string hash_lines(std::span<const Hash> hashes) {
  std::string text;
  for (const Hash& hash : hashes) text += fmt::format("hash {}\n", to_base64(hash.bytes));
  return text;
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

// That the tree of `second` begins in another way than `first` says.
Result<void> check_prefix(const PrefixClaim& claim, const TreeHead& first, const TreeHead& second) {
  if (first.size >= second.size)
    return fail(ErrorCode::kInvalidArgument,
                "the first head is of {} entries and the second of {}: the smaller one comes first",
                first.size.value(), second.size.value());
  if (claim.root == first.root)
    return fail(ErrorCode::kInvalidArgument, "the larger head begins with the smaller one: they fit");
  return verify_consistency(first.size, second.size, claim.root, second.root, claim.proof);
}

}  // namespace

Result<Misbehaviour> Misbehaviour::parse(std::string_view text) {
  if (text.size() > kMaxBytes) return fail(ErrorCode::kMalformed, "a proof of {} bytes", text.size());
  Lines lines(text);
  const auto header = lines.next();
  if (!header || *header != kMisbehaviourHeader)
    return fail(ErrorCode::kMalformed, "a proof of misbehaviour starts with '{}'", kMisbehaviourHeader);
  Misbehaviour parsed;
  if (lines.starts_with("index ")) {
    CROSSLINE_TRY(const std::uint64_t index, lines.number("index"));
    parsed.index = LeafIndex(index);
  } else if (lines.starts_with("root ")) {
    CROSSLINE_TRY(const Hash root, lines.hash("root"));
    CROSSLINE_TRY(auto proof, read_hashes(lines));
    parsed.prefix = PrefixClaim{root, std::move(proof)};
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
  if (index) {
    text += fmt::format("index {}\n", index->value());
  } else if (prefix) {
    text += fmt::format("root {}\n", to_base64(prefix->root.bytes));
    text += hash_lines(prefix->proof);
  }
  for (std::size_t i = 0; i < heads.size(); ++i) {
    if (index) {
      text += fmt::format("leaf {}\n", to_base64(claims[i].leaf.bytes));
      text += hash_lines(claims[i].path);
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
  if (!misbehaviour.index && misbehaviour.prefix) {
    CROSSLINE_CHECK_OK(check_prefix(*misbehaviour.prefix, first.head, second.head));
    return finding;
  }
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

Result<Misbehaviour> prove_by_larger_tree(std::array<SignedNote, 2> heads, const HashReader& larger) {
  CROSSLINE_TRY(ParsedTreeHead first, parse_tree_head(heads[0].text));
  CROSSLINE_TRY(ParsedTreeHead second, parse_tree_head(heads[1].text));
  if (first.head.size > second.head.size) {
    std::swap(first, second);
    std::swap(heads[0], heads[1]);
  }
  PrefixClaim claim;
  CROSSLINE_TRY(claim.root, tree_root(larger, first.head.size));
  CROSSLINE_TRY(claim.proof, consistency_proof(larger, first.head.size, second.head.size));
  CROSSLINE_CHECK_OK(check_prefix(claim, first.head, second.head));
  return Misbehaviour{
      .heads = std::move(heads), .index = std::nullopt, .claims = {}, .prefix = std::move(claim)};
}

}  // namespace crossline::merkle
