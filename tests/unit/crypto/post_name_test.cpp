#include "crossline/crypto/post_name.hpp"

#include <gtest/gtest.h>

namespace crossline::crypto {
namespace {

constexpr std::string_view kUri = "crossline://river-line/post/bridge/A/bridge-a-1";

TEST(PlainName, HasLowerCaseLettersDigitsAndHyphens) {
  for (const std::string_view name :
       {"a", "7", "bridge-a-1", "a-", "a--b", "abcdefghijklmnopqrstuvwxyz012345"}) {
    EXPECT_TRUE(is_plain_name(name)) << name;
  }
  for (const std::string_view name :
       {"", "-a", "A", "a b", "a_b", "a.b", "a/b", "é", "a\n", "abcdefghijklmnopqrstuvwxyz0123456"}) {
    EXPECT_FALSE(is_plain_name(name)) << name;
  }
}

TEST(PostName, ReadsBackWhatItWrites) {
  const Result<PostName> name = PostName::parse(kUri);
  ASSERT_TRUE(name.has_value()) << name.error().message;
  EXPECT_EQ(*name,
            (PostName{.line = "river-line", .checkpoint = "bridge", .side = "A", .agent = "bridge-a-1"}));
  EXPECT_EQ(name->uri(), kUri);
  for (const std::string_view side : {"B", "joint"}) {
    const std::string uri = "crossline://l/post/c/" + std::string(side) + "/a";
    EXPECT_EQ(PostName::parse(uri)->uri(), uri);
  }
}

TEST(PostName, SaysWhichPartIsWrong) {
  const auto refusal = [](std::string_view uri) {
    const Result<PostName> name = PostName::parse(uri);
    return name ? "accepted" : std::string(name.error().message);
  };
  EXPECT_NE(refusal("https://river-line/post/bridge/A/x").find("crossline://"), std::string::npos);
  EXPECT_NE(refusal("crossline://River/post/bridge/A/x").find("the line"), std::string::npos);
  EXPECT_NE(refusal("crossline://river-line/post/the bridge/A/x").find("the checkpoint"), std::string::npos);
  EXPECT_NE(refusal("crossline://river-line/post/bridge/C/x").find("the side"), std::string::npos);
  EXPECT_NE(refusal("crossline://river-line/post/bridge/A/X").find("the agent"), std::string::npos);
}

TEST(PostName, HasOneSpellingOnly) {
  for (const std::string_view uri : {"",
                                     "crossline://",
                                     "crossline://river-line",
                                     "crossline://river-line/server",
                                     "crossline://river-line/post/bridge/A",
                                     "crossline://river-line/post/bridge/A/",
                                     "crossline:///post/bridge/A/x",
                                     "crossline://river-line/post/bridge/A/x/",
                                     "crossline://river-line/post/bridge/A/x/y",
                                     "crossline://river-line/post//A/x",
                                     "crossline://river-line/desk/bridge/A/x",
                                     "CROSSLINE://river-line/post/bridge/A/x",
                                     "crossline://river-line/post/bridge/a/x",
                                     "crossline://river-line/post/bridge/Joint/x",
                                     "crossline://river-line/post/bridge/A/x?y",
                                     "crossline://river-line/post/bridge/A/x#y",
                                     "crossline://river-line/post/bri%64ge/A/x",
                                     "crossline://river-line:443/post/bridge/A/x",
                                     " crossline://river-line/post/bridge/A/x",
                                     "crossline://river-line/post/bridge/A/x\n"}) {
    const Result<PostName> name = PostName::parse(uri);
    ASSERT_FALSE(name.has_value()) << uri;
    EXPECT_EQ(name.error().code, ErrorCode::kMalformed) << uri;
  }
  EXPECT_FALSE(
      PostName::parse(std::string_view("crossline://river-line/post/bridge/A/x\0y", 40)).has_value());
}

// A cut inside the agent's name gives another agent's name, which is why the registry names the agent again.
TEST(PostName, RefusesEveryTruncationBeforeTheAgentsName) {
  for (std::size_t length = 0; length <= kUri.rfind('/') + 1; ++length) {
    EXPECT_FALSE(PostName::parse(kUri.substr(0, length)).has_value()) << length;
  }
}

TEST(PostName, EveryFlippedBitIsRefusedOrAnotherName) {
  for (std::size_t bit = 0; bit < kUri.size() * 8; ++bit) {
    std::string changed(kUri);
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    const Result<PostName> name = PostName::parse(changed);
    if (name) {
      EXPECT_EQ(name->uri(), changed);
    }
  }
}

TEST(PostName, ChecksWhatAPersonTyped) {
  PostName name = PostName::parse(kUri).value();
  EXPECT_TRUE(name.check().has_value());
  name.agent = "Bridge 1";
  EXPECT_EQ(name.check().error().code, ErrorCode::kInvalidArgument);
}

TEST(ServerName, ReadsBackWhatItWrites) {
  const Result<ServerName> name = ServerName::parse("crossline://river-line/server");
  ASSERT_TRUE(name.has_value()) << name.error().message;
  EXPECT_EQ(name->line, "river-line");
  EXPECT_EQ(name->uri(), "crossline://river-line/server");
}

TEST(ServerName, RefusesEverythingElse) {
  for (const std::string_view uri :
       {"", "crossline://river-line", "crossline://river-line/", "crossline://River/server",
        "crossline:///server", "crossline://river-line/server/", "crossline://river-line/servers",
        "http://river-line/server", "crossline://river-line/post/bridge/A/x"}) {
    EXPECT_FALSE(ServerName::parse(uri).has_value()) << uri;
  }
}

}  // namespace
}  // namespace crossline::crypto
