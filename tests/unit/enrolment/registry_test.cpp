#include "crossline/enrolment/registry.hpp"

#include "enrolled_agent.hpp"

#include <gtest/gtest.h>

namespace crossline::enrolment {
namespace {

TEST(LineKeys, BearTheNamesOfWhatTheySign) {
  const LineKeys good = empty_registry().keys();
  EXPECT_TRUE(good.check().has_value());
  LineKeys bad = good;
  bad.line = "River";
  EXPECT_EQ(bad.check().error().code, ErrorCode::kInvalidArgument);
  bad = good;
  std::swap(bad.ledger_key, bad.office_key);
  EXPECT_EQ(bad.check().error().code, ErrorCode::kInvalidArgument);
  bad = good;
  bad.office_key = note_key("hill-line/journal/office");
  EXPECT_EQ(bad.check().error().code, ErrorCode::kInvalidArgument);
}

TEST(Registry, FindsWhatWasEnrolled) {
  Registry registry = empty_registry();
  ASSERT_TRUE(registry.enrol(paper_record("bridge-a-1")).has_value());
  ASSERT_NE(registry.find("bridge-a-1"), nullptr);
  EXPECT_TRUE(registry.find("bridge-a-1")->active());
  EXPECT_EQ(registry.find("bridge-a-2"), nullptr);
  EXPECT_EQ(registry.agents().size(), 1u);
}

TEST(Registry, GivesASideToItsOwnPartyOnly) {
  const auto enrols = [](std::string_view side, std::string_view party) {
    AgentRecord record = paper_record("x", side);
    record.party = party;
    return empty_registry().enrol(record).has_value();
  };
  EXPECT_TRUE(enrols("A", "A"));
  EXPECT_TRUE(enrols("B", "B"));
  for (const std::string_view party : {"A", "B", "G"}) EXPECT_TRUE(enrols("joint", party));
  EXPECT_FALSE(enrols("A", "B"));
  EXPECT_FALSE(enrols("B", "A"));
  EXPECT_FALSE(enrols("A", "G"));
  EXPECT_FALSE(enrols("joint", "C"));
  EXPECT_FALSE(enrols("C", "C"));
}

TEST(Registry, RefusesARecordThatContradictsItself) {
  const auto code_of = [](const AgentRecord& record) { return empty_registry().enrol(record).error().code; };
  AgentRecord other_line = paper_record("x");
  other_line.post.line = "hill-line";
  EXPECT_EQ(code_of(other_line), ErrorCode::kInvalidArgument);

  AgentRecord bad_name = paper_record("x");
  bad_name.post.agent = "X";
  EXPECT_EQ(code_of(bad_name), ErrorCode::kInvalidArgument);

  EXPECT_EQ(code_of(paper_record(kOffice)), ErrorCode::kInvalidArgument);

  AgentRecord others_journal = paper_record("x");
  others_journal.journal_key = paper_record("y").journal_key;
  EXPECT_EQ(code_of(others_journal), ErrorCode::kInvalidArgument);

  AgentRecord witness_key = paper_record("x");
  witness_key.journal_key = merkle::NoteVerifierKey::make(
      witness_key.journal_key.name, merkle::NoteKeyType::kCosignatureV1, witness_key.journal_key.key);
  EXPECT_EQ(code_of(witness_key), ErrorCode::kInvalidArgument);
}

TEST(Registry, HasEveryNameCertificateAndJournalKeyOnce) {
  Registry registry = empty_registry();
  const AgentRecord first = paper_record("x");
  ASSERT_TRUE(registry.enrol(first).has_value());
  EXPECT_EQ(registry.enrol(paper_record("x")).error().code, ErrorCode::kConflict);

  AgentRecord same_certificate = paper_record("y");
  same_certificate.certificate = first.certificate;
  EXPECT_EQ(registry.enrol(same_certificate).error().code, ErrorCode::kConflict);

  AgentRecord same_key = paper_record("y");
  same_key.journal_key = merkle::NoteVerifierKey::make(same_key.journal_key.name,
                                                       merkle::NoteKeyType::kEd25519, first.journal_key.key);
  EXPECT_EQ(registry.enrol(same_key).error().code, ErrorCode::kConflict);
  EXPECT_EQ(registry.agents().size(), 1u);
}

TEST(Registry, RevokesOnceAndForEver) {
  Registry registry = empty_registry();
  ASSERT_TRUE(registry.enrol(paper_record("x")).has_value());
  EXPECT_EQ(registry.revoke("y", kRevoked, "lost").error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(registry.revoke("x", kRevoked, "laptop lost").has_value());
  EXPECT_FALSE(registry.find("x")->active());
  EXPECT_EQ(registry.find("x")->revocation, (Revocation{kRevoked, "laptop lost"}));
  EXPECT_EQ(registry.revoke("x", kRevoked, "again").error().code, ErrorCode::kConflict);
  EXPECT_EQ(registry.find("x")->revocation->reason, "laptop lost");
  EXPECT_EQ(registry.enrol(paper_record("x")).error().code, ErrorCode::kConflict);
}

TEST(Registry, WantsAReasonOfOneLine) {
  Registry registry = empty_registry();
  ASSERT_TRUE(registry.enrol(paper_record("x")).has_value());
  for (const std::string& reason : {std::string(), std::string("two\nlines"), std::string("\x7f"),
                                    std::string("\xff"), std::string(401, 'x')}) {
    EXPECT_EQ(registry.revoke("x", kRevoked, reason).error().code, ErrorCode::kInvalidArgument);
  }
  EXPECT_TRUE(registry.find("x")->active());
}

class RegistryAdmission : public testing::Test {
 protected:
  RegistryAdmission() : certificate_(issue(root_, post_)) {
    registry_.enrol(record_of(post_, "A", certificate_.fingerprint)).value();
  }
  [[nodiscard]] ErrorCode refusal(const crypto::Certificate& peer, std::string_view root_party) const {
    return registry_.admit(peer, root_party).error().code;
  }

  crypto::Authority root_ = crypto::Authority::create(kLine, "A", kEnrolled).value();
  crypto::PostName post_ = post_name("bridge-a-1", "A");
  crypto::Certificate certificate_;
  Registry registry_ = empty_registry();
};

TEST_F(RegistryAdmission, LetsTheEnrolledAgentIn) {
  const Result<const AgentRecord*> admitted = registry_.admit(certificate_, "A");
  ASSERT_TRUE(admitted.has_value()) << admitted.error().message;
  EXPECT_EQ((*admitted)->post, post_);
}

TEST_F(RegistryAdmission, RefusesAnUnknownAgent) {
  EXPECT_EQ(refusal(issue(root_, post_name("bridge-a-2", "A")), "A"), ErrorCode::kUnauthenticated);
}

TEST_F(RegistryAdmission, RefusesACertificateThatNamesNoPost) {
  const auto server = root_.issue_server({{std::string(kLine)}, {}, {}}, kEnrolled).value();
  EXPECT_EQ(refusal(crypto::Certificate::from_pem(server.certificate_pem).value(), "A"),
            ErrorCode::kUnauthenticated);
  EXPECT_EQ(refusal(root_.certificate(), "A"), ErrorCode::kUnauthenticated);
}

TEST_F(RegistryAdmission, RefusesARevokedAgent) {
  registry_.revoke(post_.agent, kRevoked, "lost").value();
  EXPECT_EQ(refusal(certificate_, "A"), ErrorCode::kRevoked);
}

TEST_F(RegistryAdmission, AuditorsAreThoseOfAPartysRootUntilTheyAreRevoked) {
  const auto auditor = [this](std::string_view line, const std::string& name) {
    const auto made = root_.issue_auditor({std::string(line), name}, kEnrolled).value();
    return crypto::Certificate::from_pem(made.certificate_pem).value();
  };
  const auto answer = [this](const crypto::Certificate& peer, std::string_view party) {
    const auto admitted = registry_.admit_auditor(peer, party);
    return admitted ? std::nullopt : std::optional(admitted.error().code);
  };
  const crypto::Certificate lost = auditor(kLine, "audit-a");
  const crypto::Certificate kept = auditor(kLine, "audit-b");
  EXPECT_EQ(answer(lost, "A"), std::nullopt);
  EXPECT_EQ(answer(lost, ""), ErrorCode::kForbidden) << "no party vouches for it";
  EXPECT_EQ(answer(auditor("hill-line", "audit-a"), "A"), ErrorCode::kForbidden);
  EXPECT_EQ(answer(certificate_, "A"), ErrorCode::kForbidden) << "a post";
  ASSERT_TRUE(registry_.revoke_auditor({"A", "audit-a"}, kRevoked, "laptop lost"));
  EXPECT_EQ(answer(lost, "A"), ErrorCode::kRevoked);
  EXPECT_EQ(answer(auditor(kLine, "audit-a"), "A"), ErrorCode::kRevoked) << "a new one of the old name";
  EXPECT_EQ(answer(lost, "B"), std::nullopt) << "another party's auditor of that name";
  EXPECT_EQ(answer(kept, "A"), std::nullopt);
}

TEST(Registry, RevokesAuditorsOnceAndForEver) {
  Registry registry = empty_registry();
  ASSERT_TRUE(registry.revoke_auditor({"B", "audit-b"}, kRevoked, "laptop lost"));
  const auto code = [&registry](const AuditorKey& auditor, std::string reason) {
    return registry.revoke_auditor(auditor, kRevoked, std::move(reason)).error().code;
  };
  EXPECT_EQ(code({"B", "audit-b"}, "again"), ErrorCode::kConflict);
  EXPECT_EQ(code({"C", "audit-b"}, "lost"), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code({"", "audit-b"}, "lost"), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code({"A", "Audit B"}, "lost"), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code({"A", "audit-a"}, "two\nlines"), ErrorCode::kInvalidArgument);
  EXPECT_EQ(registry.revoked_auditors().size(), 1u);
}

// A party could issue a certificate that names the other's post: whose root signed it decides.
TEST_F(RegistryAdmission, RefusesAnotherPartysCertificateForThePost) {
  EXPECT_EQ(refusal(certificate_, "B"), ErrorCode::kForbidden);
  EXPECT_EQ(refusal(certificate_, ""), ErrorCode::kForbidden);
}

TEST_F(RegistryAdmission, RefusesASecondCertificateOfTheSamePost) {
  EXPECT_EQ(refusal(issue(root_, post_), "A"), ErrorCode::kForbidden);
}

TEST_F(RegistryAdmission, RefusesTheAgentAtAnotherPost) {
  crypto::PostName elsewhere = post_;
  elsewhere.checkpoint = "ford";
  EXPECT_EQ(refusal(issue(root_, elsewhere), "A"), ErrorCode::kForbidden);
  crypto::PostName other_side = post_;
  other_side.side = "joint";
  EXPECT_EQ(refusal(issue(root_, other_side), "A"), ErrorCode::kForbidden);
  crypto::PostName other_line = post_;
  other_line.line = "hill-line";
  EXPECT_EQ(refusal(issue(root_, other_line), "A"), ErrorCode::kForbidden);
}

}  // namespace
}  // namespace crossline::enrolment
