// Notes that other programs signed.
#include "crossline/base/text.hpp"
#include "crossline/merkle/tree_head.hpp"
#include "tests/support/vectors.hpp"

#include <gtest/gtest.h>

namespace crossline::merkle {
namespace {

SignedNote read_note(std::string_view name) {
  return SignedNote::parse(test::read_file(test::vector_path(name))).value();
}

std::vector<NoteVerifierKey> read_keys(std::string_view name) {
  std::vector<NoteVerifierKey> keys;
  const std::string file = test::read_file(test::vector_path(name));
  for (const std::string_view line : split(file, '\n')) {
    if (!line.empty()) keys.push_back(NoteVerifierKey::parse(line).value());
  }
  return keys;
}

TEST(NoteVectors, ExampleOfTheStandardVerifies) {
  CROSSLINE_REQUIRE_VECTOR("notes/example-note.txt");
  const SignedNote note = read_note("notes/example-note.txt");
  const auto verified = verify_note(note, read_keys("notes/example-note.vkey"));
  ASSERT_TRUE(verified.has_value()) << verified.error().message;
  EXPECT_EQ(note.text, "This is an example message.\n");
  EXPECT_EQ(verified->vouchers.at(0).key.name, "example.com/foo");
  EXPECT_EQ(note.to_string(), test::read_file(test::vector_path("notes/example-note.txt")));
}

TEST(NoteVectors, HeadsOfThePublicChecksumDatabaseVerify) {
  CROSSLINE_REQUIRE_VECTOR("notes/sumdb.vkey");
  const auto keys = read_keys("notes/sumdb.vkey");
  for (const auto& [name, size] : {std::pair("notes/sumdb-20852163.checkpoint", 20852163u),
                                   std::pair("notes/sumdb-35225469.checkpoint", 35225469u)}) {
    const SignedNote note = read_note(name);
    const auto verified = verify_note(note, keys);
    ASSERT_TRUE(verified.has_value()) << name << ": " << verified.error().message;
    const auto head = parse_tree_head(note.text);
    ASSERT_TRUE(head.has_value()) << name << ": " << head.error().message;
    EXPECT_EQ(head->origin, "go.sum database tree");
    EXPECT_EQ(head->head.size, TreeSize(size));
    EXPECT_EQ(tree_head_text(head->origin, head->head), note.text);
  }
}

// Signed by the log with ECDSA, under a key we do not know, and by two witnesses.
TEST(NoteVectors, CosignaturesOfRealWitnessesVerify) {
  CROSSLINE_REQUIRE_VECTOR("notes/armoredwitness-pixel-611.checkpoint");
  const SignedNote note = read_note("notes/armoredwitness-pixel-611.checkpoint");
  ASSERT_EQ(note.signatures.size(), 3u);
  const auto verified = verify_note(note, read_keys("notes/armoredwitness.vkeys"));
  ASSERT_TRUE(verified.has_value()) << verified.error().message;
  ASSERT_EQ(verified->vouchers.size(), 2u);
  EXPECT_EQ(verified->vouchers[0].key.name, "ArmoredWitness-small-breeze");
  EXPECT_EQ(verified->vouchers[1].key.name, "ArmoredWitness-autumn-wood");
  EXPECT_EQ(verified->vouchers[0].time_s, 1738713836u);
  EXPECT_EQ(verified->vouchers[1].time_s, 1738713829u);
  EXPECT_EQ(parse_tree_head(note.text)->head.size, TreeSize(611));
}

}  // namespace
}  // namespace crossline::merkle
