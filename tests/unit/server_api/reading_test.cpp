#include "crossline/api/reading.hpp"

#include "crossline/api/time_text.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace crossline::api {
namespace {

using nlohmann::json;

std::string refusal_of(std::string_view body) {
  const auto parsed = parse_json(body);
  return parsed ? "" : parsed.error().detail;
}

TEST(ParseJson, TellsWhereABodyIsBrokenAndNotWhatItSays) {
  const std::string detail = refusal_of("{\n  \"name\": \"SECRET\" oops\n}");
  EXPECT_NE(detail.find("line 2, column"), std::string::npos) << detail;
  EXPECT_EQ(detail.find("SECRET"), std::string::npos);
  EXPECT_EQ(detail.find("oops"), std::string::npos);
}

TEST(ParseJson, RefusesWhatIsNotOneValue) {
  for (const char* body :
       {"", " ", "{", "{}{}", "{},", "[1,]", "{\"a\":}", "nul", "\"\xC3(\"", "{\"a\":01}"}) {
    EXPECT_EQ(parse_json(body).error().code, "malformed") << body;
  }
}

TEST(ParseJson, RefusesEveryTruncation) {
  const std::string body = R"({"a": {"b": [1, true, null]}, "c": "text"})";
  ASSERT_TRUE(parse_json(body));
  for (std::size_t size = 0; size < body.size(); ++size)
    EXPECT_FALSE(parse_json(body.substr(0, size))) << size;
}

TEST(ParseJson, RefusesDuplicateNames) {
  EXPECT_NE(refusal_of(R"({"a": 1, "a": 2})"), "");
  EXPECT_NE(refusal_of(R"({"x": {"a": 1, "b": {}, "a": 2}})"), "");
  EXPECT_EQ(refusal_of(R"({"a": {"a": 1}, "b": {"a": 2}})"), "");
}

TEST(ParseJson, RefusesDeepNesting) {
  EXPECT_EQ(refusal_of(std::string(kMaxJsonDepth, '[') + std::string(kMaxJsonDepth, ']')), "");
  EXPECT_NE(refusal_of(std::string(kMaxJsonDepth + 1, '[') + std::string(kMaxJsonDepth + 1, ']')), "");
  EXPECT_NE(refusal_of(std::string(500'000, '[')), "");
}

TEST(ObjectReader, KeepsTheFirstProblem) {
  const json body = {{"a", 1}};
  ObjectReader reader(body);
  (void)reader.text("missing", 1, 5);
  (void)reader.text("a", 1, 5);
  ASSERT_TRUE(reader.problem());
  EXPECT_EQ(reader.problem()->field, "missing");
}

TEST(ObjectReader, RefusesWhatIsNoObjectAndWhatNobodyAskedFor) {
  for (const json& body : {json::array(), json("text"), json(nullptr), json(7)}) {
    EXPECT_TRUE(ObjectReader(body).problem());
  }
  const json body = {{"a", "x"}, {"stranger", "y"}};
  ObjectReader reader(body);
  (void)reader.text("a", 1, 5);
  EXPECT_EQ(reader.problem()->field, "body");
  EXPECT_EQ(reader.problem()->detail.find("\"b\""), std::string::npos) << "a stranger's name is not repeated";
}

TEST(Instant, IsWrittenAndReadInUtc) {
  EXPECT_EQ(instant_text(UtcMillis{0}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(instant_text(UtcMillis{-1}), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(parse_instant("2026-10-01T08:00:00Z"), UtcMillis{1'790'841'600'000});
  EXPECT_EQ(parse_instant("2026-10-01T08:00:00.5Z"), UtcMillis{1'790'841'600'500});
  for (const std::int64_t ms : {std::int64_t{1'790'841'600'123}, std::int64_t{951'782'400'000}}) {
    EXPECT_EQ(parse_instant(instant_text({ms})), UtcMillis{ms});
  }
}

TEST(Instant, IsNothingElse) {
  for (const char* text : {"", "2026-10-01", "2026-10-01T08:00:00", "2026-10-01 08:00:00Z",
                           "2026-13-01T08:00:00Z", "2026-10-01T24:00:00Z", "2026-10-01T08:60:00Z",
                           "2026-10-01T08:00:60Z", "2026-10-01T08:00:00.Z", "2026-10-01T08:00:00.1234Z",
                           "2026-10-01T08:00:00+00:00", "2026-10-01T08:00:0xZ", "02026-10-01T08:00:00Z"}) {
    EXPECT_EQ(parse_instant(text), std::nullopt) << text;
  }
}

TEST(Period, BeginsOnMondayOrTheFirst) {
  const auto period = [](const char* day, GroupBy by) { return day_text(period_of(*parse_day(day), by)); };
  EXPECT_EQ(period("2026-10-04", GroupBy::kWeek), "2026-09-28");
  EXPECT_EQ(period("2026-10-05", GroupBy::kWeek), "2026-10-05");
  EXPECT_EQ(period("2024-02-29", GroupBy::kMonth), "2024-02-01");
  EXPECT_EQ(period("2024-02-29", GroupBy::kDay), "2024-02-29");
}

TEST(Cursor, ReadsBackWhatItWrote) {
  EXPECT_EQ(parse_cursor(cursor_text(-5, 7)), std::pair(std::int64_t{-5}, std::uint64_t{7}));
  for (const char* text :
       {"", ".", "1", "1.", ".1", "1.2.3", "1.-2", "+1.2", "1 .2", "0x1.2", "1.99999999999999999999"}) {
    EXPECT_EQ(parse_cursor(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace crossline::api
