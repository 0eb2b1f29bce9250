// The transparency-dev test data for RFC 6962 verifiers: 12 valid and 184 invalid proofs, and known roots.
#include "crossline/merkle/proof.hpp"
#include "tests/support/vectors.hpp"

#include <algorithm>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace crossline::merkle {
namespace {

using nlohmann::json;

// Some vectors fill a root that does not matter with a short text. Its hash stands for it, so that equal
// placeholders stay equal and different ones different. Nothing for an empty text, which no Hash can hold.
std::optional<Hash> hash_of(const json& base64) {
  const Bytes bytes = from_base64(base64.get<std::string>()).value();
  if (bytes.empty()) return std::nullopt;
  return crypto::hash_from(bytes).value_or(crypto::sha256(bytes));
}

// Nothing when the proof holds something that is not a hash: our parsers refuse it before any verifier.
std::optional<std::vector<Hash>> proof_of(const json& list) {
  std::vector<Hash> proof;
  for (const json& base64 : list.is_null() ? json::array() : list) {
    const Result<Hash> hash = crypto::hash_from(from_base64(base64.get<std::string>()).value());
    if (!hash) return std::nullopt;
    proof.push_back(*hash);
  }
  return proof;
}

std::vector<std::filesystem::path> cases_below(std::string_view folder) {
  std::vector<std::filesystem::path> cases;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(test::vector_path(folder))) {
    if (entry.path().extension() == ".json") cases.push_back(entry.path());
  }
  std::ranges::sort(cases);
  return cases;
}

bool accepts_inclusion(const json& vector) {
  const auto proof = proof_of(vector["proof"]);
  const auto leaf = hash_of(vector["leafHash"]);
  const auto root = hash_of(vector["root"]);
  return proof && leaf && root &&
         verify_inclusion(LeafIndex(vector["leafIdx"].get<std::uint64_t>()),
                          TreeSize(vector["treeSize"].get<std::uint64_t>()), *leaf, *proof, *root);
}

Result<void> check_consistency(const json& vector) {
  const auto proof = proof_of(vector["proof"]);
  const auto old_root = hash_of(vector["root1"]);
  const auto new_root = hash_of(vector["root2"]);
  if (!proof || !old_root || !new_root) return fail(ErrorCode::kMalformed, "not a hash");
  return verify_consistency(TreeSize(vector["size1"].get<std::uint64_t>()),
                            TreeSize(vector["size2"].get<std::uint64_t>()), *old_root, *new_root, *proof);
}

bool accepts_consistency(const json& vector) {
  return check_consistency(vector).has_value();
}

// Compares every case below `folder` and returns how many there were.
template <class Accepts>
std::size_t compare_all(std::string_view folder, Accepts accepts) {
  const auto cases = cases_below(folder);
  for (const auto& path : cases) {
    const json vector = json::parse(test::read_file(path));
    EXPECT_EQ(accepts(vector), !vector["wantErr"].get<bool>()) << path << ": " << vector["desc"];
  }
  return cases.size();
}

TEST(MerkleVectors, AgreeOnEveryInclusionProof) {
  CROSSLINE_REQUIRE_VECTOR("merkle/inclusion");
  EXPECT_EQ(compare_all("merkle/inclusion", accepts_inclusion), 98u);
}

TEST(MerkleVectors, AgreeOnEveryConsistencyProof) {
  CROSSLINE_REQUIRE_VECTOR("merkle/consistency");
  EXPECT_EQ(compare_all("merkle/consistency", accepts_consistency), 98u);
}

// Nothing can be proven about an empty tree. RFC 9162 leaves the case open, and verifiers differ; ours
// refuses it, and a witness that meets a log for the first time says so itself. In these three nothing else
// is wrong.
TEST(MerkleVectors, RefuseTheEmptyOldTreeByPolicy) {
  CROSSLINE_REQUIRE_VECTOR("merkle/consistency/additional");
  for (const std::string_view name :
       {"sizes-are-equal-zero-and-proof-is-empty", "size1-is-zero-and-does-not-equal-size2",
        "size1-is-zero-and-size2-is-not-zero"}) {
    const auto path = test::vector_path("merkle/consistency/additional") / (std::string(name) + ".json");
    const json vector = json::parse(test::read_file(path));
    ASSERT_EQ(vector["size1"], 0) << name;
    const Result<void> verified = check_consistency(vector);
    ASSERT_FALSE(verified.has_value()) << name;
    EXPECT_EQ(verified.error().code, ErrorCode::kInvalidArgument) << name;
  }
}

TEST(MerkleVectors, AgreeOnTheKnownRootsOfRfc6962) {
  constexpr std::string_view kVector = "merkle/merkle-rfc6962-kat.json";
  CROSSLINE_REQUIRE_VECTOR(kVector);
  const json vector = json::parse(test::read_file(test::vector_path(kVector)));
  CompactRange range;
  MemoryTree tree;
  const json& roots = vector["roots_hex_by_size_0_to_8"];
  ASSERT_EQ(roots.size(), 9u);
  EXPECT_EQ(range.root().hex(), roots[0]);
  for (std::size_t i = 0; i < 8; ++i) {
    const Hash leaf = leaf_hash(from_hex(vector["leaf_inputs_hex"][i].get<std::string>()).value());
    range.append(leaf);
    tree.append(leaf);
    EXPECT_EQ(range.root().hex(), roots[i + 1]);
    EXPECT_EQ(tree.root().hex(), roots[i + 1]);
  }
  EXPECT_EQ(leaf_hash(as_bytes(vector["leaf_hash"]["input_ascii"].get<std::string>())).hex(),
            vector["leaf_hash"]["hex"]);
}

}  // namespace
}  // namespace crossline::merkle
