#include "crossline/config/config.hpp"

#include <gtest/gtest.h>

namespace crossline::config {
namespace {

Reader reader(std::string_view toml) {
  auto parsed = Reader::parse(toml, "server.toml", "/etc/crossline");
  EXPECT_TRUE(parsed) << parsed.error().message;
  return *std::move(parsed);
}

TEST(Config, ReadsEveryKindOfValue) {
  Reader config = reader(
      "line = 'river'\nparties = ['A', 'B']\n[agents]\nlisten = '[::1]:7443'\nlimit = 5\nstrict = true\ndata "
      "= 'data'\nkeys = '/keys'\n");
  EXPECT_EQ(config.text("line"), "river");
  EXPECT_EQ(config.texts("parties"), (std::vector<std::string>{"A", "B"}));
  EXPECT_EQ(config.endpoint("agents.listen").address, "::1");
  EXPECT_EQ(config.number("agents.limit", {1, 9}), 5);
  EXPECT_TRUE(config.flag("agents.strict"));
  EXPECT_EQ(config.path("agents.data"), "/etc/crossline/data");
  EXPECT_EQ(config.path("agents.keys"), "/keys");
  EXPECT_EQ(config.text("language", "en"), "en");
  EXPECT_TRUE(config.finish());
}

TEST(Config, NamesTheNearestKeyForAnUnknownOne) {
  Reader config = reader("[agents]\nlitsen = '127.0.0.1:1'\n");
  (void)config.endpoint("agents.listen", "127.0.0.1:0");
  EXPECT_EQ(config.finish().error().message,
            "server.toml:2:1: unknown key 'agents.litsen'; did you mean 'agents.listen'?");
}

TEST(Config, NamesTheNearestTableForAnUnknownOne) {
  Reader config = reader("[agent]\nlisten = '127.0.0.1:1'\n");
  (void)config.endpoint("agents.listen", "127.0.0.1:0");
  EXPECT_EQ(config.finish().error().message, "server.toml:1:2: unknown key 'agent'; did you mean 'agents'?");
}

TEST(Config, CollectsEveryProblemInTheOrderOfTheFile) {
  Reader config = reader("port = 'x'\nlimit = 70\nwhere = '127.0.0.1'\nextra = 1\n");
  (void)config.number("port", {0, 65535});
  (void)config.number("limit", {1, 64});
  (void)config.endpoint("where");
  (void)config.text("line");
  EXPECT_EQ(config.finish().error().message,
            "server.toml: the key 'line' is missing\n"
            "server.toml:1:8: 'port' is text, a number belongs there\n"
            "server.toml:2:9: 'limit' is 70, it must be from 1 to 64\n"
            "server.toml:3:9: 'where' is '127.0.0.1', ADDRESS:PORT belongs there\n"
            "server.toml:4:1: unknown key 'extra'");
}

TEST(Config, ReadsListsOfTables) {
  Reader config = reader("[[officer]]\nid = 'o-1'\n[[officer]]\nid = 'o-2'\npni = 'x'\n");
  ASSERT_EQ(config.tables("officer"), 2u);
  EXPECT_EQ(config.text("officer.0.id"), "o-1");
  EXPECT_EQ(config.text("officer.1.id"), "o-2");
  (void)config.text("officer.1.pin", "");
  EXPECT_EQ(config.finish().error().message,
            "server.toml:5:1: unknown key 'officer.1.pni'; did you mean 'officer.1.pin'?");
}

TEST(Config, KnowsWhatIsThereWithoutAskingForIt) {
  auto config = *Reader::parse("[people]\nlisten = \"127.0.0.1:1\"\n", "server.toml", "/");
  EXPECT_TRUE(config.has("people"));
  EXPECT_TRUE(config.has("people.listen"));
  EXPECT_FALSE(config.has("station"));
  EXPECT_FALSE(config.finish()) << "nobody asked for people.listen";
}

TEST(Config, SaysWhereTheSyntaxIsWrong) {
  const auto parsed = Reader::parse("a = 1\nb = = 2\n", "server.toml", "/");
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, ErrorCode::kMalformed);
  EXPECT_TRUE(parsed.error().message.starts_with("server.toml:2:")) << parsed.error().message;
}

}  // namespace
}  // namespace crossline::config
