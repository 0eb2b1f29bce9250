#include "tools/pki/pki_command.hpp"

#include "tests/integration/pki/pki_files.hpp"
#include "tests/support/command.hpp"
#include "tools/support/exit.hpp"

#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace crossline::tools {
namespace {

using testing::Ended;

class PkiCommand : public PkiFiles {
 protected:
  // `crossline pki <arguments...> --dir <the folder>`.
  [[nodiscard]] Ended run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "pki");
    arguments.insert(arguments.end(), {"--dir", pki().string()});
    return testing::run_command(add_pki_command, std::move(arguments));
  }
  [[nodiscard]] Ended enrol_bridge() const {
    return run({"enrol", "--agent", "bridge-a-1", "--checkpoint", "bridge", "--side", "A", "--json"});
  }
};

TEST_F(PkiCommand, TakesALineFromNothingToARevokedAgent) {
  const Ended made = run({"init", "--line", "river-line", "--dns", "localhost", "--ip", "127.0.0.1"});
  EXPECT_EQ(made.code, kExitOk) << made.err;
  EXPECT_NE(made.out.find("for river-line"), std::string::npos);

  const Ended enrolled = enrol_bridge();
  EXPECT_EQ(enrolled.code, kExitOk) << enrolled.err;
  EXPECT_EQ(nlohmann::json::parse(enrolled.out)["post"], "crossline://river-line/post/bridge/A/bridge-a-1");

  EXPECT_EQ(run({"revoke", "--agent", "bridge-a-1", "--reason", "laptop lost"}).code, kExitOk);
  const auto listed = nlohmann::json::parse(run({"list", "--json"}).out);
  EXPECT_EQ(listed["line"], "river-line");
  ASSERT_EQ(listed["agents"].size(), 1u);
  EXPECT_EQ(listed["agents"][0]["status"], "revoked");
  EXPECT_EQ(listed["agents"][0]["reason"], "laptop lost");
  EXPECT_NE(run({"list"}).out.find("bridge-a-1"), std::string::npos);
}

TEST_F(PkiCommand, RevokesAnAuditor) {
  ASSERT_EQ(run({"init", "--line", "river-line"}).code, kExitOk);
  ASSERT_EQ(run({"auditor", "--name", "audit-b", "--party", "B"}).code, kExitOk);
  const Ended revoked = run({"revoke", "--auditor", "audit-b", "--reason", "laptop lost", "--json"});
  ASSERT_EQ(revoked.code, kExitOk) << revoked.err;
  EXPECT_EQ(nlohmann::json::parse(revoked.out)["party"], "B");
  const auto listed = nlohmann::json::parse(run({"list", "--json"}).out)["revoked_auditors"];
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0]["auditor"], "audit-b");
  EXPECT_EQ(listed[0]["reason"], "laptop lost");
  EXPECT_NE(run({"list"}).out.find("auditor audit-b of party B: revoked"), std::string::npos);
  EXPECT_EQ(run({"revoke", "--auditor", "audit-b", "--reason", "again"}).code, kExitFailed);
  EXPECT_EQ(run({"revoke", "--reason", "nobody"}).code, kExitInvalid);
  EXPECT_EQ(run({"revoke", "--auditor", "audit-b", "--agent", "x", "--reason", "both"}).code, kExitInvalid);
  EXPECT_EQ(run({"revoke", "--agent", "x", "--party", "B", "--reason", "lost"}).code, kExitInvalid);
}

TEST_F(PkiCommand, SaysOnStderrWhatItRefuses) {
  ASSERT_EQ(run({"init", "--line", "river-line"}).code, kExitOk);
  const Ended again = run({"init", "--line", "river-line"});
  EXPECT_EQ(again.code, kExitFailed);
  EXPECT_EQ(again.out, "");
  EXPECT_NE(again.err.find("exists already; nothing was changed"), std::string::npos);

  ASSERT_EQ(enrol_bridge().code, kExitOk);
  EXPECT_EQ(enrol_bridge().code, kExitFailed);
  EXPECT_EQ(run({"revoke", "--agent", "ford-a-1", "--reason", "lost"}).code, kExitFailed);
}

TEST_F(PkiCommand, CallsWrongInputInvalid) {
  EXPECT_EQ(run({"init", "--line", "River Line"}).code, kExitInvalid);
  EXPECT_EQ(run({"init"}).code, kExitInvalid);
  EXPECT_EQ(run({}).code, kExitInvalid);
  ASSERT_EQ(run({"init", "--line", "river-line"}).code, kExitOk);
  EXPECT_EQ(run({"enrol", "--agent", "x", "--checkpoint", "bridge", "--side", "C"}).code, kExitInvalid);
  EXPECT_EQ(run({"enrol", "--agent", "x", "--checkpoint", "bridge", "--side", "A", "--party", "B"}).code,
            kExitInvalid);
}

}  // namespace
}  // namespace crossline::tools
