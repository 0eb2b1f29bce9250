#include "crossline/base/text.hpp"
#include "crossline/enrolment/registry.hpp"
#include "enrolled_agent.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace crossline::enrolment {
namespace {

constexpr std::string_view kCertificate = "4c9c9e6f3c2c0d7a3b0b6b9c5f6e2d1a0f9e8d7c6b5a49382716051423324150";

// Two agents as `crossline pki` writes them.
class RegistryText : public testing::Test {
 protected:
  RegistryText() {
    Registry registry = empty_registry();
    registry.enrol(paper_record("bridge-b-1", "B")).value();
    registry.enrol(paper_record("bridge-a-1", "A")).value();
    registry.revoke("bridge-b-1", kRevoked, "laptop \"7\" lost \\ found").value();
    registry.revoke_auditor({"B", "audit-b"}, kRevoked, "desk \"9\" broken into").value();
    text_ = registry.to_toml();
  }
  // The text with the only occurrence of `from` replaced.
  [[nodiscard]] std::string with(std::string_view from, std::string_view to) const {
    std::string changed = text_;
    changed.replace(changed.find(from), from.size(), to);
    return changed;
  }
  [[nodiscard]] static std::string refusal(std::string_view toml) {
    const Result<Registry> registry = Registry::parse(toml);
    return registry ? "accepted" : registry.error().message;
  }

  std::string text_;
};

TEST_F(RegistryText, ReadsBackWhatItWrites) {
  const Result<Registry> registry = Registry::parse(text_);
  ASSERT_TRUE(registry.has_value()) << registry.error().message;
  EXPECT_EQ(registry->line(), kLine);
  EXPECT_EQ(registry->to_toml(), text_);
  ASSERT_EQ(registry->agents().size(), 2u);
  EXPECT_TRUE(registry->find("bridge-a-1")->active());
  EXPECT_EQ(registry->find("bridge-a-1")->enrolled, kEnrolled);
  EXPECT_EQ(registry->find("bridge-b-1")->revocation, (Revocation{kRevoked, "laptop \"7\" lost \\ found"}));
  const Registry::RevokedAuditors auditors{
      {{"B", "audit-b"}, Revocation{kRevoked, "desk \"9\" broken into"}}};
  EXPECT_EQ(registry->revoked_auditors(), auditors);
}

TEST_F(RegistryText, OfALineWithoutAgentsIsItsName) {
  const Registry registry = empty_registry();
  const Result<Registry> read = Registry::parse(registry.to_toml());
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_TRUE(read->agents().empty());
  EXPECT_EQ(read->line(), kLine);
  EXPECT_EQ(read->keys().ledger_key.to_string(), registry.keys().ledger_key.to_string());
  EXPECT_EQ(read->keys().office_key.to_string(), registry.keys().office_key.to_string());
}

TEST_F(RegistryText, WritesAgentsInTheOrderOfTheirNames) {
  EXPECT_LT(text_.find("\"bridge-a-1\""), text_.find("\"bridge-b-1\""));
}

TEST_F(RegistryText, ReadsTimesWithAnyOffset) {
  const Result<Registry> registry =
      Registry::parse(with("2026-10-01T08:00:00Z", "2026-10-01T12:30:00+04:30"));
  ASSERT_TRUE(registry.has_value()) << registry.error().message;
  EXPECT_EQ(registry->find("bridge-a-1")->enrolled, kEnrolled);
}

TEST_F(RegistryText, SaysLineAndColumnAndTheNearestKey) {
  EXPECT_EQ(refusal(with("checkpoint  =", "chekpoint =")),
            "line 8, column 1: unknown key 'chekpoint'; did you mean 'checkpoint'?");
  EXPECT_EQ(refusal("line = \"river-line\"\nagents = []\n"),
            "line 2, column 1: unknown key 'agents'; did you mean 'agent'?");
  EXPECT_EQ(refusal("line = \"river-line\"\nweather = 1\n"), "line 2, column 1: unknown key 'weather'");
}

TEST_F(RegistryText, SaysWhichValueIsWrong) {
  EXPECT_EQ(refusal(""), "line 1, column 1: 'line' is missing");
  EXPECT_EQ(refusal("line = \"river-line\""), "line 1, column 1: 'ledger_key' is missing");
  EXPECT_NE(refusal(with("\"river-line\"", "\"River\"")).find("line 2, column 14: a line has a name"),
            std::string::npos);
  EXPECT_NE(refusal(with("\"river-line\"", "\"hill-line\"")).find("the ledger key is not"),
            std::string::npos);
  EXPECT_NE(refusal(with("river-line/ledger+", "river-line/legder+")).find("'ledger_key': the key id"),
            std::string::npos);
  const std::string keys = empty_registry().to_toml();
  EXPECT_NE(refusal(keys + "agent = 7\n").find("line 5, column 9: agents are written as"), std::string::npos);
  EXPECT_NE(refusal(with("side        = \"A\"", "side = 1")).find("'side' is not a text"), std::string::npos);
  EXPECT_NE(refusal(with("side        = \"A\"", "side = \"C\"")).find("the side of a post"),
            std::string::npos);
  EXPECT_NE(refusal(with("side        = \"A\"", "")).find("'side' is missing"), std::string::npos);
  EXPECT_NE(refusal(with("\"active\"", "\"asleep\"")).find("'status' is \"active\" or \"revoked\""),
            std::string::npos);
  EXPECT_NE(refusal(with("\"active\"", "\"revoked\"")).find("'revoked' is missing"), std::string::npos);
  EXPECT_NE(refusal(with("\"revoked\"", "\"active\"")).find("an active agent has no 'revoked'"),
            std::string::npos);
  EXPECT_NE(refusal(with("2026-10-01T08:00:00Z", "2026-10-01T08:00:00")).find("with an offset"),
            std::string::npos);
  EXPECT_NE(refusal(with("2026-10-01T08:00:00Z", "\"yesterday\"")).find("'enrolled' is not a date"),
            std::string::npos);
  const std::string fingerprint = paper_record("bridge-a-1").certificate.hex();
  EXPECT_NE(refusal(with(fingerprint, kCertificate.substr(2))).find("'certificate': a SHA-256 value"),
            std::string::npos);
  EXPECT_NE(refusal(with(fingerprint, "xx")).find("'certificate': not a hexadecimal digit"),
            std::string::npos);
  EXPECT_NE(
      refusal(with("river-line/journal/bridge-a-1+", "river-line/journal/bridge-a-2+")).find("'journal_key'"),
      std::string::npos);
}

TEST_F(RegistryText, SaysWhatIsWrongWithARevokedAuditor) {
  EXPECT_NE(refusal(text_ + text_.substr(text_.find("\n[[revoked_auditor]]"))).find("is revoked already"),
            std::string::npos);
  EXPECT_NE(refusal(with("auditor = \"audit-b\"", "auditer = \"audit-b\"")).find("did you mean 'auditor'?"),
            std::string::npos);
  EXPECT_NE(refusal(with("auditor = \"audit-b\"", "auditor = \"Audit B\"")), "accepted");
  EXPECT_NE(refusal(with("party   = \"B\"", "party = \"C\"")).find("'C' is no party"), std::string::npos);
  EXPECT_NE(refusal(with("party   = \"B\"", "")).find("'party' is missing"), std::string::npos);
  EXPECT_NE(refusal(empty_registry().to_toml() + "revoked_auditor = 7\n")
                .find("revoked auditors are written as [[revoked_auditor]]"),
            std::string::npos);
}

TEST_F(RegistryText, SaysWhereAnAgentIsThereTwice) {
  const std::size_t first = text_.find("[[agent]]");
  const std::string agents = text_.substr(first, text_.find("[[revoked_auditor]]") - first);
  EXPECT_NE(refusal(text_ + "\n" + agents).find("agent bridge-a-1 is enrolled already"), std::string::npos);
}

TEST_F(RegistryText, IsRefusedWithDuplicateKeysOrBrokenToml) {
  EXPECT_TRUE(refusal("line = \"a\"\nline = \"b\"\n").starts_with("line 2, column"));
  EXPECT_TRUE(refusal("line = \"a").starts_with("line 1, column"));
  EXPECT_TRUE(refusal("line = \"\xff\"").starts_with("line 1, column"));
}

TEST_F(RegistryText, IsRefusedOrTheSameOrNamesLessAtEveryTruncation) {
  for (std::size_t length = 0; length < text_.size(); ++length) {
    const Result<Registry> registry = Registry::parse(std::string_view(text_).substr(0, length));
    if (!registry) continue;
    for (const auto& [name, record] : registry->agents()) {
      EXPECT_EQ(record.certificate, paper_record(name).certificate) << length;
    }
  }
}

TEST_F(RegistryText, NeverCrashesOnAChangedByte) {
  EXPECT_TRUE(rc::check("changed byte", [this] {
    std::string changed = text_;
    changed[*rc::gen::inRange<std::size_t>(0, changed.size())] = *rc::gen::arbitrary<char>();
    const Result<Registry> registry = Registry::parse(changed);
    if (registry) RC_ASSERT(Registry::parse(registry->to_toml()).value().to_toml() == registry->to_toml());
  }));
}

TEST_F(RegistryText, CarriesAnyReasonOfOneLine) {
  EXPECT_TRUE(rc::check("reason", [] {
    const auto reason = *rc::gen::container<std::string>(rc::gen::inRange<char>(0x20, 0x7f));
    RC_PRE(!reason.empty() && reason.size() <= 400);
    Registry registry = empty_registry();
    registry.enrol(paper_record("x")).value();
    registry.revoke("x", kRevoked, reason).value();
    RC_ASSERT(Registry::parse(registry.to_toml())->find("x")->revocation->reason == reason);
  }));
}

}  // namespace
}  // namespace crossline::enrolment
