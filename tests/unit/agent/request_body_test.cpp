#include "request_body.hpp"

#include <string>

#include <gtest/gtest.h>

namespace crossline::agent {
namespace {

TEST(RequestBody, ReadsWhatItIsAskedFor) {
  auto body = RequestBody::parse(R"({"a":"text","b":true,"c":7,"d":{"e":"inner"}})");
  ASSERT_TRUE(body);
  EXPECT_EQ(body->text("a", 1, 10), "text");
  EXPECT_TRUE(body->flag("b", false));
  EXPECT_EQ(body->number("c"), 7u);
  auto inner = body->object("d");
  ASSERT_TRUE(inner);
  EXPECT_EQ(inner->text("e", 1, 10), "inner");
  body->merge(*inner);
  EXPECT_TRUE(body->finish());
}

TEST(RequestBody, TakesNothingForAnEmptyObject) {
  auto body = RequestBody::parse("");
  ASSERT_TRUE(body);
  EXPECT_FALSE(body->optional_text("a", 1, 2));
  EXPECT_TRUE(body->finish());
}

TEST(RequestBody, RefusesWhatIsNoObject) {
  for (const std::string text : {"[]", "1", "{", "{}{}", "null", "\"a\"", "{\"a\":}", "\xff"}) {
    const auto body = RequestBody::parse(text);
    ASSERT_FALSE(body) << text;
    EXPECT_EQ(body.error().code, ErrorCode::kMalformed);
  }
}

TEST(RequestBody, NamesWhatIsMissingUnknownWrongOrTooLong) {
  const auto problem = [](const std::string& text) {
    auto body = RequestBody::parse(text).value();
    (void)body.text("name", 2, 4);
    (void)body.flag("typed", false);
    if (auto inner = body.object("inner")) {
      (void)inner->number("index");
      body.merge(*inner);
    }
    const auto done = body.finish();
    return done ? std::string() : done.error().message;
  };
  EXPECT_EQ(problem(R"({"name":"abc"})"), "");
  EXPECT_EQ(problem("{}"), "'name' is missing");
  EXPECT_EQ(problem(R"({"name":7})"), "'name' is not a text");
  EXPECT_EQ(problem(R"({"name":"a"})"), "'name' has to be a text of 2 to 4 bytes");
  EXPECT_EQ(problem(R"({"name":"abcde"})"), "'name' has to be a text of 2 to 4 bytes");
  EXPECT_EQ(problem(R"({"name":"abc","nam":1})"), "'nam' is not known here");
  EXPECT_EQ(problem(R"({"name":"abc","typed":"yes"})"), "'typed' is neither true nor false");
  EXPECT_EQ(problem(R"({"name":"abc","inner":[]})"), "'inner' is not an object");
  EXPECT_EQ(problem(R"({"name":"abc","inner":{}})"), "'index' is missing");
  EXPECT_EQ(problem(R"({"name":"abc","inner":{"index":-1}})"), "'index' is not an index");
  EXPECT_EQ(problem(R"({"name":"abc","inner":{"index":1.5}})"), "'index' is not an index");
  EXPECT_EQ(problem(R"({"name":"abc","inner":{"index":9007199254740992}})"), "'index' is not an index");
  EXPECT_EQ(problem(R"({"name":"abc","inner":{"index":1,"x":1}})"), "'x' is not known here");
}

}  // namespace
}  // namespace crossline::agent
