// `crossline audit --store` on store files, honest and altered behind the server's back.
#include "tests/support/audit/store_file.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tools/audit/audit_command.hpp"
#include "tools/support/exit.hpp"

#include <nlohmann/json.hpp>

namespace crossline::testing {
namespace {

class StoreAudit : public ::testing::Test {
 protected:
  TemporaryFolder folder;
  BridgeMorning morning;

  StoreAudit() {
    for (std::uint32_t number = 1; number <= 5; ++number) morning.cross(number);
    write_store(store(), morning.ledger());
    write_registry(folder / "registry.toml", morning.registry());
  }
  [[nodiscard]] std::filesystem::path store() const { return folder / "ledger.db"; }
  [[nodiscard]] Ended audit(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{"audit", "--store", store().string(), "--registry",
                                       (folder / "registry.toml").string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_command(tools::add_audit_command, arguments);
  }
  [[nodiscard]] nlohmann::json audit_json() const { return nlohmann::json::parse(audit({"--json"}).out); }
};

TEST_F(StoreAudit, HonestStoreIsClean) {
  const Ended ended = audit();
  EXPECT_EQ(ended.code, tools::kExitOk) << ended.out << ended.err;
  EXPECT_TRUE(ended.out.ends_with("clean\n"));
  const auto report = audit_json();
  EXPECT_EQ(report["clean"], true);
  EXPECT_EQ(report["size"], 11);
  EXPECT_EQ(report["heads"], 4);
  EXPECT_EQ(report["root"], to_base64(morning.ledger().head().head.root.bytes));
}

TEST_F(StoreAudit, LastSignaturesChecksFewer) {
  const auto all = audit_json();
  const auto last = nlohmann::json::parse(audit({"--json", "--last-signatures"}).out);
  EXPECT_EQ(last["clean"], true);
  EXPECT_EQ(all["signatures"], 15);  // 11 of journals, 4 of commits
  EXPECT_EQ(last["signatures"], 4);  // 3 journals and the ledger
}

TEST_F(StoreAudit, BytesChangedOnDiskAreFoundByTheHead) {
  alter_store(store(),
              "UPDATE bundle SET entries = replace(entries, x'6f6666696365722d37', x'6f6666696365722d38') "
              "WHERE first = 6");
  const Ended ended = audit({"--json"});
  EXPECT_EQ(ended.code, tools::kExitFailed);
  const auto report = nlohmann::json::parse(ended.out);
  EXPECT_EQ(report["counts"]["wrong_root"], 1);
  EXPECT_EQ(report["findings"][0]["kind"], "bad_head_signature");
  EXPECT_TRUE(report["counts"].contains("bad_head_signature"));
}

TEST_F(StoreAudit, EntriesOfTheLastCommitTakenAway) {
  alter_store(store(), "UPDATE bundle SET entries = x'' WHERE first = 9");
  const auto report = audit_json();
  EXPECT_EQ(report["size"], 9);
  EXPECT_EQ(report["counts"]["missing_entries"], 1);
}

// What is left is a whole, older ledger; that it is older is for witnesses to say.
TEST_F(StoreAudit, LastCommitTakenAwayIsAnOlderLedger) {
  alter_store(store(), "DELETE FROM bundle WHERE first = 9");
  const auto report = audit_json();
  EXPECT_EQ(report["size"], 9);
  EXPECT_EQ(report["clean"], true);
}

TEST_F(StoreAudit, FileThatIsNoStoreCannotBeChecked) {
  std::ofstream(folder / "other.db") << "not a store";
  const Ended ended =
      run_command(tools::add_audit_command, {"audit", "--store", (folder / "other.db").string(), "--registry",
                                             (folder / "registry.toml").string()});
  EXPECT_EQ(ended.code, tools::kExitUnchecked);
  EXPECT_FALSE(ended.err.empty());
}

TEST_F(StoreAudit, NothingToAuditIsAWrongCommand) {
  const Ended ended =
      run_command(tools::add_audit_command, {"audit", "--registry", (folder / "registry.toml").string()});
  EXPECT_EQ(ended.code, tools::kExitInvalid);
}

}  // namespace
}  // namespace crossline::testing
