#include "crossline/merkle/tiles.hpp"

#include "naive_tree.hpp"
#include "tests/support/decoding.hpp"

#include <map>

#include <gtest/gtest.h>

namespace crossline::merkle {
namespace {

// Tiles as a log publishes them: every tile of a tree of `size` leaves, by path, and nothing else.
class Published final : public TileSource {
 public:
  Published(const MemoryTree& tree, TreeSize size) {
    for (unsigned level = 0; level < kTileLevels; ++level) {
      for (std::uint64_t index = 0; tile_width(level, index, size) != 0; ++index) {
        const TileId id{level, index, tile_width(level, index, size)};
        files_[tile_path({TileKind::kHashes, id})] = tile_bytes(tree, id).value();
      }
    }
  }
  [[nodiscard]] Result<Bytes> hash_tile(const TileId& id) const override {
    const auto file = files_.find(tile_path({TileKind::kHashes, id}));
    if (file == files_.end()) return fail(ErrorCode::kNotFound, "no such tile");
    return file->second;
  }
  std::map<std::string, Bytes> files_;
};

MemoryTree tree_of(const std::vector<Hash>& leaves) {
  MemoryTree tree;
  for (const Hash& leaf : leaves) tree.append(leaf);
  return tree;
}

TEST(TilePath, WritesTheExamplesOfTheStandard) {
  EXPECT_EQ(tile_path({TileKind::kHashes, {0, 1234067, 256}}), "tile/0/x001/x234/067");
  EXPECT_EQ(tile_path({TileKind::kEntries, {0, 5, 256}}), "tile/entries/005");
  EXPECT_EQ(tile_path({TileKind::kHashes, {1, 0, 17}}), "tile/1/000.p/17");
  EXPECT_EQ(tile_path({TileKind::kEntries, {0, 1000, 1}}), "tile/entries/x001/000.p/1");
}

TEST(TilePath, ReadsWhatItWrites) {
  for (const std::uint64_t index : {0ull, 1ull, 999ull, 1000ull, 999'999ull, 1'000'000ull, ~0ull}) {
    for (const unsigned width : {1u, 255u, 256u}) {
      const TilePath path{TileKind::kHashes, {7, index, width}};
      const auto parsed = parse_tile_path(tile_path(path));
      ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
      EXPECT_EQ(*parsed, path);
    }
  }
}

TEST(TilePath, RefusesEverythingElse) {
  for (const char* path : {"",
                           "tile",
                           "tile/",
                           "tile/0",
                           "tile/0/",
                           "/tile/0/000",
                           "tile/8/000",
                           "tile/00/000",
                           "tile/-1/000",
                           "tile/0/0",
                           "tile/0/0000",
                           "tile/0/x000/000",
                           "tile/0/001/000",
                           "tile/0/x001",
                           "tile/0/000/",
                           "tile/0/000.p",
                           "tile/0/000.p/",
                           "tile/0/000.p/0",
                           "tile/0/000.p/256",
                           "tile/0/000.p/01",
                           "tile/0/000.p/+1",
                           "tile/0/000.p/1/",
                           "tile/0/000.p/1.p/1",
                           "tile/entries",
                           "tile/Entries/000",
                           "tile/0/x018/x446/x744/x073/x709/x551/616",
                           "tile/0/../000",
                           "tile/0/%30%30%30",
                           "tile/0/00a"}) {
    const auto parsed = parse_tile_path(path);
    ASSERT_FALSE(parsed.has_value()) << path;
    EXPECT_EQ(parsed.error().code, ErrorCode::kMalformed) << path;
  }
}

TEST(TilePath, SurvivesDamage) {
  testing::survives_damage(
      "tile/0/x001/x234/067.p/25", [](ByteView bytes) { return parse_tile_path(as_text(bytes)); },
      [](const TilePath& path) { return tile_path(path); });
}

TEST(TileWidth, FollowsTheSize) {
  EXPECT_EQ(tile_width(0, 0, TreeSize(0)), 0u);
  EXPECT_EQ(tile_width(0, 0, TreeSize(255)), 255u);
  EXPECT_EQ(tile_width(0, 0, TreeSize(256)), 256u);
  EXPECT_EQ(tile_width(0, 1, TreeSize(256)), 0u);
  EXPECT_EQ(tile_width(1, 0, TreeSize(255)), 0u);
  EXPECT_EQ(tile_width(1, 0, TreeSize(70'000)), 256u);
  EXPECT_EQ(tile_width(1, 1, TreeSize(70'000)), 17u);
  EXPECT_EQ(tile_width(2, 0, TreeSize(70'000)), 1u);
  EXPECT_EQ(tile_width(0, ~0ull, TreeSize(70'000)), 0u);
  EXPECT_EQ(tile_width(7, 0, TreeSize(1ull << 63)), 128u);
  EXPECT_EQ(tile_width(8, 0, TreeSize(~0ull)), 0u);
}

TEST(TileReader, ProvesTheSameAsTheNaiveTree) {
  const std::vector<Hash> leaves = naive::numbered_leaves(1'100);
  const MemoryTree tree = tree_of(leaves);
  for (const std::size_t size : {1u, 2u, 255u, 256u, 257u, 511u, 512u, 513u, 777u, 1'100u}) {
    const Published tiles(tree, TreeSize(size));
    const TileHashReader reader(tiles, TreeSize(size));
    const naive::Leaves part = naive::Leaves(leaves).first(size);
    for (const std::size_t index : {std::size_t{0}, size / 3, size / 2, size - 1}) {
      const auto inclusion = inclusion_proof(reader, LeafIndex(index), TreeSize(size));
      ASSERT_TRUE(inclusion.has_value()) << inclusion.error().message;
      EXPECT_EQ(*inclusion, naive::path(index, part)) << index << " of " << size;
      if (index == 0) continue;
      const auto consistency = consistency_proof(reader, TreeSize(index), TreeSize(size));
      ASSERT_TRUE(consistency.has_value()) << consistency.error().message;
      EXPECT_EQ(*consistency, naive::proof(index, part)) << index << " to " << size;
    }
  }
}

TEST(TileReader, CrossesTileLevels) {
  const std::vector<Hash> leaves = naive::numbered_leaves(70'000);
  const MemoryTree tree = tree_of(leaves);
  const Published tiles(tree, TreeSize(leaves.size()));
  const TileHashReader reader(tiles, TreeSize(leaves.size()));
  for (const std::uint64_t index : {0u, 65'535u, 65'536u, 69'999u}) {
    const auto proof = inclusion_proof(reader, LeafIndex(index), TreeSize(leaves.size()));
    ASSERT_TRUE(proof.has_value()) << proof.error().message;
    EXPECT_TRUE(
        verify_inclusion(LeafIndex(index), TreeSize(leaves.size()), leaves[index], *proof, tree.root())
            .has_value());
  }
}

TEST(TileReader, RefusesWhatIsNotComplete) {
  const MemoryTree tree = tree_of(naive::numbered_leaves(300));
  const Published tiles(tree, TreeSize(300));
  const TileHashReader reader(tiles, TreeSize(300));
  EXPECT_EQ(reader.subtree(0, 300).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(reader.subtree(8, 1).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(reader.subtree(64, 0).error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(reader.subtree(8, 0).has_value());
}

TEST(TileReader, RefusesATileOfAnotherLength) {
  const MemoryTree tree = tree_of(naive::numbered_leaves(300));
  Published tiles(tree, TreeSize(300));
  tiles.files_["tile/0/001.p/44"].pop_back();
  EXPECT_EQ(TileHashReader(tiles, TreeSize(300)).subtree(0, 256).error().code, ErrorCode::kMalformed);
}

TEST(TileBytes, RefusesTilesThatCannotBe) {
  const MemoryTree tree = tree_of(naive::numbered_leaves(3));
  for (const TileId id : {TileId{0, 0, 0}, TileId{0, 0, 257}, TileId{8, 0, 1}, TileId{0, ~0ull, 1}})
    EXPECT_EQ(tile_bytes(tree, id).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(tile_bytes(tree, {0, 0, 4}).error().code, ErrorCode::kNotFound);
}

TEST(EntryBundle, IsLengthAndEntry) {
  const std::vector<ByteView> entries = {as_bytes("a"), as_bytes(""), as_bytes("bc")};
  const auto bundle = entry_bundle(entries);
  ASSERT_TRUE(bundle.has_value());
  EXPECT_EQ(to_hex(*bundle),
            "00016100000002"
            "6263");
  const auto parsed = parse_entry_bundle(*bundle, 3);
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
  EXPECT_EQ(as_text(parsed->at(2)), "bc");
}

TEST(EntryBundle, RefusesEveryTruncationTrailingByteAndOtherWidth) {
  const std::vector<ByteView> entries = {as_bytes("alpha"), as_bytes("beta"), as_bytes("gamma")};
  Bytes bundle = entry_bundle(entries).value();
  for (std::size_t size = 0; size < bundle.size(); ++size)
    EXPECT_FALSE(parse_entry_bundle(ByteView(bundle).first(size), 3).has_value()) << size;
  EXPECT_FALSE(parse_entry_bundle(bundle, 2).has_value());
  EXPECT_FALSE(parse_entry_bundle(bundle, 4).has_value());
  bundle.push_back(0);
  EXPECT_FALSE(parse_entry_bundle(bundle, 3).has_value());
}

TEST(EntryBundle, RefusesAnEntryWhoseLengthDoesNotFit) {
  const Bytes largest(65'535);
  const Bytes larger(65'536);
  EXPECT_TRUE(entry_bundle(std::vector<ByteView>{largest}).has_value());
  EXPECT_EQ(entry_bundle(std::vector<ByteView>{larger}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(entry_bundle(std::vector<ByteView>(257)).error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace crossline::merkle
