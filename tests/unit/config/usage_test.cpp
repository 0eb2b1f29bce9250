#include "crossline/config/usage.hpp"

#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>

namespace crossline::config {
namespace {

// The exit code and what was said on stderr after `words` were typed.
std::pair<int, std::string> typed(std::vector<std::string> words) {
  CLI::App app("Does things.", "program");
  app.require_subcommand(1);
  CLI::App* ledger = app.add_subcommand("ledger", "The ledger");
  ledger->require_subcommand(1);
  std::string store;
  bool json = false;
  CLI::App* verify = ledger->add_subcommand("verify", "Verify it");
  verify->add_option("STORE", store)->required()->check([](const std::string& file) {
    return file == "none.db" ? "none.db: No such file" : "";
  });
  verify->add_flag("--json", json);
  std::string rate;
  CLI::App* load = app.add_subcommand("load", "Load it");
  load->add_flag("--json", json);
  load->add_option("--rate", rate)->required();
  std::vector<std::string> files;
  CLI::App* sign = app.add_subcommand("sign", "Sign it");
  sign->add_option("file", files)->required()->expected(1);
  sign->add_flag("--json", json);
  std::vector<std::string> reversed(words.rbegin(), words.rend());
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  int code = 0;
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    code = explain_usage(app, error);
  }
  (void)testing::internal::GetCapturedStdout();
  return {code, testing::internal::GetCapturedStderr()};
}

TEST(Usage, NamesAMisspeltCommandAndTheOneThatWasMeant) {
  const auto [code, said] = typed({"ledgr"});
  EXPECT_EQ(code, 2);
  EXPECT_NE(said.find("program: unknown command 'ledgr'; did you mean 'ledger'?"), std::string::npos) << said;
}

TEST(Usage, LooksForTheNearestAmongTheCommandsOfTheCommand) {
  const auto [code, said] = typed({"ledger", "verfy"});
  EXPECT_EQ(code, 2);
  EXPECT_NE(said.find("unknown command 'verfy'; did you mean 'verify'?"), std::string::npos) << said;
}

TEST(Usage, SuggestsNothingWhenNothingIsNear) {
  const auto [code, said] = typed({"bicycle"});
  EXPECT_EQ(code, 2);
  EXPECT_NE(said.find("unknown command 'bicycle'\n"), std::string::npos) << said;
}

TEST(Usage, NamesAnUnknownOption) {
  const auto [code, said] = typed({"--jsn"});
  EXPECT_EQ(code, 2);
  EXPECT_NE(said.find("unknown option '--jsn'"), std::string::npos) << said;
}

TEST(Usage, NamesTheOptionThatWasMeant) {
  for (const char* word : {"--jsn", "--jsn=1"}) {
    const auto [code, said] = typed({"ledger", "verify", "ledger.db", word});
    EXPECT_EQ(code, 2);
    EXPECT_NE(said.find("program: unknown option '--jsn'; did you mean '--json'?"), std::string::npos)
        << said;
  }
}

TEST(Usage, NamesWhatIsTooMuch) {
  const auto [code, said] = typed({"ledger", "verify", "ledger.db", "second.db"});
  EXPECT_EQ(code, 2);
  EXPECT_NE(said.find("program: one argument too many: 'second.db'"), std::string::npos) << said;
}

TEST(Usage, SaysWhoSpeaksAndWhichHelpToAskFor) {
  const auto [code, said] = typed({"ledger", "verify", "none.db"});
  EXPECT_EQ(code, 2);
  EXPECT_EQ(said,
            "program: STORE: none.db: No such file\n"
            "Run `program ledger verify --help` for more information.\n");
}

TEST(Usage, NamesTheSlipAndNotTheOptionThatIsMissingForIt) {
  const auto [code, said] = typed({"load", "--rtae=1"});
  EXPECT_EQ(code, 2);
  EXPECT_NE(said.find("unknown option '--rtae'; did you mean '--rate'?"), std::string::npos) << said;
}

// What stands behind an unknown option counts as an argument: the option is the slip, not the number.
TEST(Usage, NamesTheUnknownOptionWhoseValueIsOneArgumentTooMany) {
  const auto [code, said] = typed({"sign", "sealed.json", "--party", "A"});
  EXPECT_EQ(code, 2);
  EXPECT_NE(said.find("program: unknown option '--party'\n"), std::string::npos) << said;
}

TEST(Usage, SaysWhatIsMissing) {
  EXPECT_EQ(typed({}).first, 2);
  const auto [code, said] = typed({"ledger", "verify"});
  EXPECT_EQ(code, 2);
  EXPECT_NE(said.find("STORE is required"), std::string::npos) << said;
}

TEST(Usage, HelpIsNoError) {
  const auto [code, said] = typed({"--help"});
  EXPECT_EQ(code, 0);
  EXPECT_EQ(said, "");
}

}  // namespace
}  // namespace crossline::config
