#include "crossline/audit/evidence.hpp"

#include "tests/support/audit/planted_ledger.hpp"

#include <gtest/gtest.h>

namespace crossline::testing {
namespace {

using audit::FindingKind;

// The proofs that follow from an audit of this ledger against these heads.
std::vector<merkle::Misbehaviour> proofs_of(PlantedLedger& ledger, const enrolment::Registry& registry,
                                            const std::vector<wire::SignedHead>& heads = {}) {
  audit::Auditor auditor(registry, ledger);
  for (const wire::SignedHead& head : heads) auditor.expect(head);
  EXPECT_TRUE(auditor.advance(TreeSize(ledger.entries.size())));
  std::vector<merkle::Misbehaviour> proofs;
  for (const audit::Finding& finding : auditor.report().findings) {
    auto proof = audit::proof_of(finding, registry, ledger);
    EXPECT_TRUE(proof);
    if (proof && *proof) proofs.push_back(**std::move(proof));
  }
  return proofs;
}

merkle::MisbehaviourFinding checked(const merkle::Misbehaviour& proof, const merkle::NoteVerifierKey& key) {
  const auto parsed = merkle::Misbehaviour::parse(proof.to_string());
  EXPECT_TRUE(parsed) << parsed.error().message;
  const auto found = merkle::check_misbehaviour(*parsed, std::span(&key, 1));
  EXPECT_TRUE(found) << found.error().message;
  return found ? *found : merkle::MisbehaviourFinding{};
}

class Evidence : public ::testing::Test {
 protected:
  BridgeMorning morning;
  Evidence() {
    for (std::uint32_t number = 1; number <= 5; ++number) morning.cross(number);
  }
};

TEST_F(Evidence, ForkedJournalIsProvenWithTheAgentsKeyAlone) {
  SigningAgent other = morning.at_a;
  other.roll_back(2);
  for (std::uint32_t number = 7; number <= 8; ++number) {
    other.record(passing(traveller(number), movement::Direction::kExit), morning.tick());
    morning.send(other, 1);
  }
  PlantedLedger ledger = morning.ledger();
  const auto registry = morning.registry();
  const auto proofs = proofs_of(ledger, registry);
  ASSERT_EQ(proofs.size(), 1u);
  const auto found = checked(proofs[0], registry.find("bridge-a")->journal_key);
  EXPECT_TRUE(found.proven);
  EXPECT_EQ(found.origin, "river-line/journal/bridge-a");
  EXPECT_EQ(proofs[0].index, merkle::LeafIndex(2));
}

TEST_F(Evidence, TwoLedgerHeadsAreProvenWithTheLedgersKeyAlone) {
  PlantedLedger ledger = morning.ledger();
  PlantedLedger other = ledger;
  other.edit(5, [](auto& entry) { entry.received_at.ms += 1; });
  const auto registry = morning.registry();
  const auto proofs = proofs_of(ledger, registry, {ledger.head(), other.head()});
  ASSERT_EQ(proofs.size(), 1u);
  EXPECT_TRUE(checked(proofs[0], registry.keys().ledger_key).proven);
}

TEST_F(Evidence, FindingsWithoutTwoSignaturesProveNothing) {
  PlantedLedger ledger = morning.ledger();
  ledger.edit(3, [](auto& entry) { entry.verdict = movement::Verdict::kRefer; });
  EXPECT_TRUE(proofs_of(ledger, morning.registry()).empty());
}

}  // namespace
}  // namespace crossline::testing
