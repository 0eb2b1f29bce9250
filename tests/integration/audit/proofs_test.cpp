// `crossline audit --proofs` writes what `crossline proof check` verifies with public keys alone.
#include "tests/support/audit/store_file.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tools/audit/audit_command.hpp"
#include "tools/proof/proof_command.hpp"
#include "tools/support/exit.hpp"

#include <nlohmann/json.hpp>

namespace crossline::testing {
namespace {

class Proofs : public ::testing::Test {
 protected:
  TemporaryFolder folder;
  BridgeMorning morning;

  Proofs() {
    for (std::uint32_t number = 1; number <= 5; ++number) morning.cross(number);
    write_registry(folder / "registry.toml", morning.registry());
  }
  Ended audit() {
    return run_command(tools::add_audit_command,
                       {"audit", "--store", (folder / "ledger.db").string(), "--registry",
                        (folder / "registry.toml").string(), "--proofs", (folder / "proofs").string()});
  }
  Ended check(const std::filesystem::path& file, std::vector<std::string> more) {
    std::vector<std::string> arguments{"proof", "check", file.string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_command(tools::add_proof_command, arguments);
  }
  // The server keeps two heads of bridge-a's journal as evidence, and none of the events.
  void keep_heads(const wire::SignedHead& seen, const wire::SignedHead& claimed) {
    auto store = server::SqliteLedger::open(folder / "ledger.db").value();
    ASSERT_TRUE(store->add_evidence({.agent = "bridge-a",
                                     .found_at = morning.now,
                                     .what = "rolled back",
                                     .seen = seen,
                                     .claimed = claimed,
                                     .first = JournalIndex(5),
                                     .seen_events = {},
                                     .claimed_events = {}}));
  }
  // Another history of bridge-a's journal from its third event on.
  SigningAgent forked() {
    SigningAgent other = morning.at_a;
    other.roll_back(2);
    for (std::uint32_t number = 7; number <= 8; ++number)
      other.record(passing(traveller(number), movement::Direction::kExit), morning.tick());
    return other;
  }
};

TEST_F(Proofs, ForkInTheLedgerIsProvenToAnybody) {
  const SigningAgent other = forked();
  morning.send(other, 2);
  write_store(folder / "ledger.db", morning.ledger());
  EXPECT_EQ(audit().code, tools::kExitFailed);
  const auto file = folder / "proofs/1-bridge-a.misbehaviour";
  const Ended by_registry = check(file, {"--registry", (folder / "registry.toml").string()});
  EXPECT_EQ(by_registry.code, tools::kExitOk) << by_registry.err;
  EXPECT_NE(by_registry.out.find("PROVEN"), std::string::npos);
  const std::string key = morning.registry().find("bridge-a")->journal_key.to_string();
  EXPECT_EQ(check(file, {"--key", key}).code, tools::kExitOk);
  const std::string other_key = morning.registry().find("bridge-b")->journal_key.to_string();
  EXPECT_EQ(check(file, {"--key", other_key}).code, tools::kExitFailed);
}

TEST_F(Proofs, ForkThatTheServerRefusedIsProvenFromItsEvidence) {
  // The server never admitted the other history, and kept it.
  const SigningAgent other = forked();
  write_store(folder / "ledger.db", morning.ledger());
  {
    auto store = server::SqliteLedger::open(folder / "ledger.db").value();
    const wire::Submit submit = other.submit(2);
    ASSERT_TRUE(store->add_evidence({.agent = "bridge-a",
                                     .found_at = morning.now,
                                     .what = "two histories",
                                     .seen = morning.at_a.head(5),
                                     .claimed = other.head(4),
                                     .first = JournalIndex(2),
                                     .seen_events = {},
                                     .claimed_events = submit.events}));
  }
  EXPECT_EQ(audit().code, tools::kExitOk);  // the ledger itself is clean
  const Ended checked = check(folder / "proofs/1-bridge-a.misbehaviour",
                              {"--registry", (folder / "registry.toml").string(), "--json"});
  EXPECT_EQ(checked.code, tools::kExitOk) << checked.err;
  const auto json = nlohmann::json::parse(checked.out);
  EXPECT_EQ(json["proven"], true);
  EXPECT_EQ(json["index"], 2);
}

// What the ledger holds of the journal is the tree of the larger head.
TEST_F(Proofs, HeadsWithoutTheLeavesOfTheSmallerOneAreProvenByTheLarger) {
  const SigningAgent other = forked();
  write_store(folder / "ledger.db", morning.ledger());
  keep_heads(morning.at_a.head(5), other.head(4));
  EXPECT_EQ(audit().code, tools::kExitOk);
  const Ended checked =
      check(folder / "proofs/1-bridge-a.misbehaviour", {"--registry", (folder / "registry.toml").string()});
  EXPECT_EQ(checked.code, tools::kExitOk) << checked.err;
  EXPECT_NE(checked.out.find("the first 4 entries are not the same in both"), std::string::npos);
}

TEST_F(Proofs, HeadsWithoutTheLeavesOfTheLargerOneStayOpen) {
  SigningAgent other = forked();
  for (std::uint32_t number = 9; number <= 10; ++number)
    other.record(passing(traveller(number), movement::Direction::kExit), morning.tick());
  write_store(folder / "ledger.db", morning.ledger());
  keep_heads(morning.at_a.head(5), other.head(6));
  EXPECT_EQ(audit().code, tools::kExitOk);
  const Ended checked =
      check(folder / "proofs/1-bridge-a.misbehaviour", {"--registry", (folder / "registry.toml").string()});
  EXPECT_EQ(checked.code, tools::kExitFailed);
  EXPECT_NE(checked.out.find("OPEN"), std::string::npos);
}

TEST_F(Proofs, WhatIsNoProofIsSaidToBeNone) {
  std::ofstream(folder / "letter.txt") << "they did it\n";
  const Ended checked = check(folder / "letter.txt", {"--registry", (folder / "registry.toml").string()});
  EXPECT_EQ(checked.code, tools::kExitInvalid);
}

}  // namespace
}  // namespace crossline::testing
