// `crossline mrz` on files: what it prints and how it exits.
#include "tools/mrz/mrz_command.hpp"

#include "crossline/base/text.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/documents/specimens.hpp"
#include "tools/mrz/scan_splitter.hpp"
#include "tools/support/exit.hpp"

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace crossline::documents {
namespace {

struct Outcome {
  int exit = 0;
  std::string out;

  [[nodiscard]] std::vector<nlohmann::json> objects() const {
    std::vector<nlohmann::json> parsed;
    for (const std::string_view line : split(out, '\n')) {
      if (!line.empty()) parsed.push_back(nlohmann::json::parse(line));
    }
    return parsed;
  }
};

class MrzCommand : public ::testing::Test {
 protected:
  Outcome run_on(std::string_view input, std::vector<std::string> arguments = {}) {
    const auto file = folder_.path() / "scans";
    std::ofstream(file, std::ios::binary) << input;
    CLI::App app;
    app.require_subcommand(1);
    tools::add_mrz_command(app);
    arguments.insert(arguments.begin(), {"mrz", file.string()});
    const bool dated =
        std::ranges::any_of(arguments, [](const std::string& text) { return text.starts_with("--today"); });
    if (!dated) arguments.emplace_back("--today=2026-11-24");
    std::ranges::reverse(arguments);  // as CLI::App takes them
    Outcome outcome;
    ::testing::internal::CaptureStdout();
    try {
      app.parse(arguments);
    } catch (const tools::Exit& exit) {
      outcome.exit = exit.code;
    }
    outcome.out = ::testing::internal::GetCapturedStdout();
    return outcome;
  }

 private:
  crossline::testing::TemporaryFolder folder_;
};

TEST_F(MrzCommand, PrintsOneObjectForAValidDocumentAndExitsWithZero) {
  const Outcome outcome = run_on(kTd3);
  EXPECT_EQ(outcome.exit, 0);
  ASSERT_EQ(outcome.objects().size(), 1u);
  const auto json = outcome.objects().front();
  EXPECT_EQ(json["valid"], true);
  EXPECT_EQ(json["format"], "td3");
  EXPECT_EQ(json["kind"], "passport");
  EXPECT_EQ(json["number"], "L898902C3");
  EXPECT_EQ(json["birth_date"]["iso"], "1974-08-12");
  EXPECT_EQ(json["age"], 52);
  EXPECT_EQ(json["fields"].size(), 10u);
  EXPECT_EQ(json["fields"][3]["digit_computed"], "6");
}

TEST_F(MrzCommand, ExitsWithTwoAndNamesTheFieldThatFailed) {
  const Outcome outcome = run_on(with(kTd3, 2, 10, '7'));
  EXPECT_EQ(outcome.exit, 2);
  const auto field = outcome.objects().front()["fields"][3];
  EXPECT_EQ(field["field"], "number");
  EXPECT_EQ(field["status"], "wrong_check_digit");
  EXPECT_EQ(field["message"], "check digit of the document number: read 7, computed 6");
}

TEST_F(MrzCommand, ReadsSeveralDocumentsOfAllFormatsFromOneInput) {
  std::string input;
  for (const std::string_view zone : {kTd1, kTd2, kTd3, kMrvA, kMrvB, kFrenchId, kTd1})
    input.append(zone).append("\r\n");
  const Outcome outcome = run_on(input);
  EXPECT_EQ(outcome.exit, 0);
  ASSERT_EQ(outcome.objects().size(), 7u);
  EXPECT_EQ(outcome.objects()[5]["format"], "french_id");
}

TEST_F(MrzCommand, BlankLineEndsABrokenDocumentAndTheNextIsRead) {
  const std::string input = std::string(kTd3.substr(0, 44)) + "\n\n" + std::string(kTd2) + "\n";
  const Outcome outcome = run_on(input);
  EXPECT_EQ(outcome.exit, 2);
  ASSERT_EQ(outcome.objects().size(), 2u);
  EXPECT_EQ(outcome.objects()[0]["error"]["code"], "malformed");
  EXPECT_EQ(outcome.objects()[1]["valid"], true);
}

TEST_F(MrzCommand, EmptyInputIsWrongInput) {
  EXPECT_EQ(run_on("\n\n").exit, 2);
}

// As an editor may have saved the file.
TEST_F(MrzCommand, ReadsBehindAByteOrderMark) {
  const Outcome outcome = run_on("\xEF\xBB\xBF" + std::string(kTd3) + "\r\n" + std::string(kTd1) + "\r\n");
  EXPECT_EQ(outcome.exit, 0);
  EXPECT_EQ(outcome.objects().size(), 2u);
}

TEST_F(MrzCommand, RefusesALineWithoutEnd) {
  const std::string valid = std::string(kTd3) + "\n";
  const Outcome outcome = run_on(valid + std::string(std::size_t{2} << 20, 'A') + "\n" + valid);
  EXPECT_EQ(outcome.exit, 2);
  EXPECT_EQ(outcome.objects().size(), 1u) << "what came before was printed";
}

TEST_F(MrzCommand, RepairCanBeSwitchedOff) {
  EXPECT_EQ(run_on(with(kTd3, 1, 5, '0')).objects().front()["issuer"], "UTO");
  EXPECT_EQ(run_on(with(kTd3, 1, 5, '0'), {"--as-read"}).objects().front()["issuer"], "UT0");
}

TEST_F(MrzCommand, HumanTableSaysWhatIsWrong) {
  const Outcome outcome = run_on(with(kTd3, 2, 10, '7'), {"--human"});
  EXPECT_NE(outcome.out.find("td3 passport: NOT VALID"), std::string::npos);
  EXPECT_NE(outcome.out.find("check digit of the document number: read 7, computed 6"), std::string::npos);
}

TEST_F(MrzCommand, RefusesADateThatDoesNotExist) {
  EXPECT_THROW(run_on(kTd3, {"--today=2026-02-30"}), CLI::ValidationError);
  ::testing::internal::GetCapturedStdout();
}

TEST(ScanSplitter, KeepsASerialFrameWhole) {
  std::vector<std::string> scans;
  const auto keep = [&](std::string_view scan) { scans.emplace_back(scan); };
  tools::ScanSplitter splitter("");
  splitter.feed("\x02P<UTO\rL898\r\x03", keep);
  splitter.feed("I<UTO\rL2\r", keep);
  EXPECT_EQ(scans.size(), 1u);
  splitter.finish(keep);
  EXPECT_EQ(scans, (std::vector<std::string>{"\x02P<UTO\rL898\r\x03", "I<UTO\nL2"}));
}

}  // namespace
}  // namespace crossline::documents
