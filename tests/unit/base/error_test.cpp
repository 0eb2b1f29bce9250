#include "crossline/base/error.hpp"

#include "crossline/base/result.hpp"
#include "crossline/base/strong.hpp"

#include <set>

#include <gtest/gtest.h>

namespace crossline {
namespace {

constexpr auto kFirst = static_cast<int>(ErrorCode::kBusy);
constexpr auto kLast = static_cast<int>(ErrorCode::kStorageFull);

TEST(ErrorCode, HasItsOwnStableName) {
  std::set<std::string_view> names;
  for (int code = kFirst; code <= kLast; ++code) names.insert(name_of(static_cast<ErrorCode>(code)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(kLast - kFirst + 1));
  EXPECT_FALSE(names.contains("unknown"));
}

TEST(ErrorCode, SaysWhoActsNext) {
  EXPECT_EQ(kind_of(ErrorCode::kTimeout), ErrorKind::kRetryLater);
  EXPECT_EQ(kind_of(ErrorCode::kMalformed), ErrorKind::kRedo);
  EXPECT_EQ(kind_of(ErrorCode::kRevoked), ErrorKind::kRefused);
  EXPECT_EQ(kind_of(ErrorCode::kForked), ErrorKind::kCorrupt);
  EXPECT_EQ(kind_of(ErrorCode::kStorageFailed), ErrorKind::kFatal);
}

TEST(Error, SaysWhereItHappened) {
  const Error error = Error{ErrorCode::kMalformed, "expected '='"}.at("line 3").at("agent.toml");
  EXPECT_EQ(error.to_string(), "malformed: agent.toml: line 3: expected '='");
}

Result<int> half(int number) {
  if (number % 2 != 0) return fail(ErrorCode::kInvalidArgument, "{} is odd", number);
  return number / 2;
}

Result<int> quarter(int number) {
  CROSSLINE_TRY(const int first, half(number));
  CROSSLINE_CHECK_OK(half(first));
  return half(first);
}

TEST(Result, PassesValuesOnAndReturnsTheFirstError) {
  EXPECT_EQ(quarter(8).value(), 2);
  EXPECT_EQ(quarter(7).error().message, "7 is odd");
  EXPECT_EQ(quarter(6).error().message, "3 is odd");
}

TEST(Strong, OrdersAndAdvances) {
  EXPECT_LT(LedgerIndex(3), LedgerIndex(4));
  EXPECT_EQ(LedgerIndex(3).next(), LedgerIndex(4));
  EXPECT_EQ(std::hash<LedgerIndex>{}(LedgerIndex(3)), std::hash<std::uint64_t>{}(3));
}

}  // namespace
}  // namespace crossline
