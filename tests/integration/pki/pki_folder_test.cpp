#include "crossline/crypto/authority.hpp"
#include "crossline/crypto/commitment.hpp"
#include "crossline/crypto/random.hpp"
#include "crossline/merkle/tree_head.hpp"
#include "tests/integration/pki/pki_files.hpp"

#include <fstream>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace crossline::tools {
namespace {

namespace fs = std::filesystem;

TEST_F(PkiFiles, InitMakesTheWholeFolder) {
  ASSERT_TRUE(init().has_value());
  EXPECT_EQ(files(), (std::vector<std::string>{
                         "line.key", "parties/A/root.key", "parties/A/root.pem", "parties/B/root.key",
                         "parties/B/root.pem", "parties/G/root.key", "parties/G/root.pem", "registry.toml",
                         "server/ledger.key", "server/ledger.vkey", "server/line.key", "server/office.key",
                         "server/office.vkey", "server/roots/A.pem", "server/roots/B.pem",
                         "server/roots/G.pem", "server/server.key", "server/server.pem"}));
  EXPECT_TRUE(fs::is_directory(pki() / "agents"));
  EXPECT_EQ(read_registry(pki())->line(), "river-line");
}

TEST_F(PkiFiles, EnrolMakesAWholeAgentAndEntersIt) {
  ASSERT_TRUE(init().has_value());
  const auto record = enrol("bridge-a-1");
  ASSERT_TRUE(record.has_value()) << record.error().message;
  for (const std::string_view name :
       {"agent.pem", "agent.key", "journal.key", "journal.vkey", "ledger.vkey", "line.key", "roots/G.pem"}) {
    EXPECT_TRUE(fs::is_regular_file(agent("bridge-a-1") / name)) << name;
  }
  const enrolment::Registry registry = read_registry(pki()).value();
  const auto certificate = crypto::Certificate::from_pem(text("agents/bridge-a-1/agent.pem")).value();
  EXPECT_TRUE(registry.admit(certificate, "A").has_value());
  EXPECT_EQ(certificate.post()->uri(), "crossline://river-line/post/bridge/A/bridge-a-1");
  EXPECT_TRUE(
      crypto::is_issued_by(certificate, crypto::Certificate::from_pem(text("server/roots/A.pem")).value()));
}

TEST_F(PkiFiles, KeysInFilesBelongTogether) {
  ASSERT_TRUE(init().has_value());
  ASSERT_TRUE(enrol("bridge-a-1").has_value());
  const auto journal = crypto::Signer::from_pem(text("agents/bridge-a-1/journal.key")).value();
  EXPECT_EQ(read_registry(pki())->find("bridge-a-1")->journal_key.key, journal.public_key());
  const auto ledger = crypto::Signer::from_pem(text("server/ledger.key")).value();
  const auto office = crypto::Signer::from_pem(text("server/office.key")).value();
  EXPECT_EQ(read_registry(pki())->keys().office_key.key, office.public_key());
  EXPECT_EQ(read_registry(pki())->keys().ledger_key.key, ledger.public_key());
  const std::string ledger_text = text("agents/bridge-a-1/ledger.vkey");
  const auto ledger_key =
      merkle::NoteVerifierKey::parse(ledger_text.substr(0, ledger_text.size() - 1)).value();
  EXPECT_EQ(ledger_key.key, ledger.public_key());
  EXPECT_EQ(ledger_key.name, "river-line/ledger");
  EXPECT_TRUE(crypto::line_key_from_text(text("line.key")).has_value());
  EXPECT_EQ(text("line.key"), text("server/line.key"));
  EXPECT_EQ(text("line.key"), text("agents/bridge-a-1/line.key"));
  EXPECT_EQ(text("agents/bridge-a-1/roots/G.pem"), text("parties/G/root.pem"));
}

TEST_F(PkiFiles, NobodyElseReadsAPrivateKey) {
  ASSERT_TRUE(init().has_value());
  ASSERT_TRUE(enrol("bridge-a-1").has_value());
  int keys = 0;
  for (const std::string& name : files()) {
    struct stat status{};
    ASSERT_EQ(::stat((pki() / name).c_str(), &status), 0);
    const bool secret = name.ends_with(".key");
    EXPECT_EQ(status.st_mode & 0777, secret ? 0600u : 0644u) << name;
    EXPECT_EQ(text(name).find("PRIVATE KEY") != std::string::npos, secret && !name.ends_with("line.key"))
        << name;
    keys += secret ? 1 : 0;
  }
  EXPECT_EQ(keys, 11);
  struct stat status{};
  ASSERT_EQ(::stat(pki().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
}

TEST_F(PkiFiles, NothingIsEverOverwritten) {
  ASSERT_TRUE(init().has_value());
  ASSERT_TRUE(enrol("bridge-a-1").has_value());
  const std::string line_key = text("line.key");
  const std::string agent_key = text("agents/bridge-a-1/agent.key");
  EXPECT_EQ(init().error().code, ErrorCode::kConflict);
  EXPECT_EQ(enrol("bridge-a-1").error().code, ErrorCode::kConflict);
  EXPECT_EQ(text("line.key"), line_key);
  EXPECT_EQ(text("agents/bridge-a-1/agent.key"), agent_key);
}

TEST_F(PkiFiles, InitLeavesNothingBehindWhenItFails) {
  EXPECT_EQ(init("River Line").error().code, ErrorCode::kInvalidArgument);
  crypto::SystemRandom random;
  const PkiInit wildcard{.line = "river-line", .server_party = "G", .dns_names = {"*"}, .ip_addresses = {}};
  EXPECT_EQ(init_pki(pki(), wildcard, kToday, random).error().code, ErrorCode::kInvalidArgument);
  EXPECT_TRUE(fs::is_empty(temporary_.path()));
}

TEST_F(PkiFiles, EnrolLeavesNothingBehindWhenItFails) {
  ASSERT_TRUE(init().has_value());
  const auto before = files();
  EXPECT_EQ(enrol("Bridge").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(enrol("x", "C").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(enrol("x", "A", "B").error().code, ErrorCode::kInvalidArgument);  // A's posts are A's
  EXPECT_EQ(enrol("x", "joint").error().code, ErrorCode::kInvalidArgument);   // whose?
  EXPECT_EQ(files(), before);
  EXPECT_TRUE(fs::is_empty(pki() / "agents"));
  EXPECT_TRUE(enrol("x", "joint", "G").has_value());
}

TEST_F(PkiFiles, EnrolSaysWhenAnEnrolmentWasCutShort) {
  ASSERT_TRUE(init().has_value());
  fs::create_directory(agent("bridge-a-1"));
  const auto record = enrol("bridge-a-1");
  ASSERT_FALSE(record.has_value());
  EXPECT_NE(record.error().message.find("was cut short"), std::string::npos);
  fs::remove(agent("bridge-a-1"));
  EXPECT_TRUE(enrol("bridge-a-1").has_value());
}

// Each party keeps its root key to itself: a copy of the folder without the others' keys enrols its own
// agents.
TEST_F(PkiFiles, EnrolNeedsNoKeyOfAnotherParty) {
  ASSERT_TRUE(init().has_value());
  for (const std::string_view secret : {"parties/B/root.key", "parties/G/root.key", "server/server.key",
                                        "server/ledger.key", "server/line.key"}) {
    fs::remove(pki() / secret);
  }
  EXPECT_TRUE(enrol("bridge-a-1", "A").has_value());
  const auto refused = enrol("bridge-b-1", "B");
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().message.find("party B enrols its own agents"), std::string::npos);
}

TEST_F(PkiFiles, EnrolUsesNoKeyThatOthersMayRead) {
  ASSERT_TRUE(init().has_value());
  for (const std::string_view secret : {"parties/A/root.key", "line.key"}) {
    fs::permissions(pki() / secret, fs::perms::group_read, fs::perm_options::add);
    const auto refused = enrol("bridge-a-1");
    ASSERT_FALSE(refused.has_value()) << secret;
    EXPECT_EQ(refused.error().code, ErrorCode::kForbidden);
    EXPECT_EQ(refused.error().message, (pki() / secret).string() + ": others may read it; chmod 600");
    fs::permissions(pki() / secret, fs::perms::group_read, fs::perm_options::remove);
  }
  EXPECT_TRUE(enrol("bridge-a-1").has_value());
}

TEST_F(PkiFiles, RevokeStaysInTheRegistry) {
  ASSERT_TRUE(init().has_value());
  ASSERT_TRUE(enrol("bridge-a-1").has_value());
  ASSERT_TRUE(revoke_agent(pki(), "bridge-a-1", "laptop lost", kToday.plus(1'000)).has_value());
  const enrolment::Registry registry = read_registry(pki()).value();
  EXPECT_EQ(registry.find("bridge-a-1")->revocation,
            (enrolment::Revocation{kToday.plus(1'000), "laptop lost"}));
  EXPECT_EQ(revoke_agent(pki(), "bridge-a-1", "again", kToday).error().code, ErrorCode::kConflict);
  EXPECT_EQ(revoke_agent(pki(), "ford-a-1", "lost", kToday).error().code, ErrorCode::kNotFound);
}

TEST_F(PkiFiles, RevokedAuditorsStayInTheRegistry) {
  ASSERT_TRUE(init().has_value());
  ASSERT_TRUE(make_auditor(pki(), {"audit-b", "B"}, kToday).has_value());
  const auto code = [this](const PkiAuditor& auditor) {
    return revoke_auditor(pki(), auditor, "laptop lost", kToday).error().code;
  };
  EXPECT_EQ(code({"audit-x", ""}), ErrorCode::kNotFound) << "a slip of the pen revokes nobody";
  EXPECT_EQ(code({"audit-b", "A"}), ErrorCode::kConflict) << "its certificate is party B's";
  const auto revoked = revoke_auditor(pki(), {"audit-b", ""}, "laptop lost", kToday);
  ASSERT_TRUE(revoked.has_value()) << revoked.error().message;
  EXPECT_EQ(*revoked, (enrolment::AuditorKey{"B", "audit-b"}));
  EXPECT_EQ(code({"audit-b", ""}), ErrorCode::kConflict);
  // One whose folder was moved to its machine, as it should be.
  ASSERT_TRUE(revoke_auditor(pki(), {"audit-a", "A"}, "left", kToday).has_value());
  EXPECT_EQ(read_registry(pki())->revoked_auditors().size(), 2u);
  std::filesystem::remove_all(pki() / "auditors");
  EXPECT_EQ(make_auditor(pki(), {"audit-b", "B"}, kToday).error().code, ErrorCode::kConflict);
  EXPECT_TRUE(make_auditor(pki(), {"audit-b2", "B"}, kToday).has_value());
}

TEST_F(PkiFiles, ABrokenRegistryIsNamedWithItsLine) {
  ASSERT_TRUE(init().has_value());
  std::ofstream(pki() / "registry.toml", std::ios::app) << "agents = 1\n";
  const auto registry = read_registry(pki());
  ASSERT_FALSE(registry.has_value());
  EXPECT_NE(registry.error().message.find("registry.toml: line 5, column 1: unknown key 'agents'"),
            std::string::npos);
  EXPECT_FALSE(enrol("bridge-a-1").has_value());
}

TEST_F(PkiFiles, TwoCommandsDoNotChangeOneFolderAtOnce) {
  ASSERT_TRUE(init().has_value());
  const int other = ::open(pki().c_str(), O_RDONLY | O_DIRECTORY);
  ASSERT_EQ(::flock(other, LOCK_EX), 0);
  EXPECT_EQ(enrol("bridge-a-1").error().code, ErrorCode::kBusy);
  ::close(other);
  EXPECT_TRUE(enrol("bridge-a-1").has_value());
}

TEST_F(PkiFiles, AFolderThatIsNoneIsRefused) {
  EXPECT_EQ(enrol("bridge-a-1").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(read_registry(pki()).error().code, ErrorCode::kInvalidArgument);
  fs::create_directory(pki());
  EXPECT_EQ(init().error().code, ErrorCode::kConflict);
}

}  // namespace
}  // namespace crossline::tools
