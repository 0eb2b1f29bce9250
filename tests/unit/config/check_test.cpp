// What `config check` says, for people and for programs.
#include "crossline/config/check.hpp"

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace crossline::config {
namespace {

struct Told {
  int code = 0;
  std::string out;
  std::string err;
};

Told tell(const Result<InOrder>& checked, bool json) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const int code = tell_check("program", "program.toml", checked, json);
  std::string out = testing::internal::GetCapturedStdout();
  return {code, std::move(out), testing::internal::GetCapturedStderr()};
}

const Result<InOrder> kGood = InOrder{.summary = "the \"north\" post", .warnings = {"nobody is here"}};
const Result<InOrder> kBad =
    fail(ErrorCode::kMalformed, "{}", "program.toml:1:1: no key\nprogram.toml:2:1: \xff");

TEST(ConfigCheck, TellsAPersonWhatIsInOrderAndWhatIsOdd) {
  const Told told = tell(kGood, false);
  EXPECT_EQ(told.code, 0);
  EXPECT_EQ(told.out, "in order: the \"north\" post\n");
  EXPECT_EQ(told.err, "program: nobody is here\n");
}

TEST(ConfigCheck, TellsAPersonWhatIsWrongOnStderrAlone) {
  const Told told = tell(kBad, false);
  EXPECT_EQ(told.code, 2);
  EXPECT_EQ(told.out, "");
  EXPECT_EQ(told.err, "program: program.toml:1:1: no key\nprogram.toml:2:1: \xff\n");
}

TEST(ConfigCheck, TellsAProgramTheSameAsOneObject) {
  const Told good = tell(kGood, true);
  EXPECT_EQ(good.code, 0);
  EXPECT_EQ(good.err, "");
  EXPECT_EQ(nlohmann::json::parse(good.out), nlohmann::json({{"file", "program.toml"},
                                                             {"valid", true},
                                                             {"summary", "the \"north\" post"},
                                                             {"warnings", {"nobody is here"}}}));
  const Told bad = tell(kBad, true);
  EXPECT_EQ(bad.code, 2);
  EXPECT_EQ(bad.err, "");
  const auto json = nlohmann::json::parse(bad.out);
  EXPECT_EQ(json["valid"], false);
  ASSERT_EQ(json["problems"].size(), 2u);
  EXPECT_EQ(json["problems"][0], "program.toml:1:1: no key");
  EXPECT_EQ(json["problems"][1], "program.toml:2:1: \xEF\xBF\xBD") << "whatever a file holds, it is JSON";
}

}  // namespace
}  // namespace crossline::config
