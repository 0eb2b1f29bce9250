// Ledger heads and beacons: what the server signed against what it shows.
#include "tests/support/audit/planted_ledger.hpp"

#include <gtest/gtest.h>

namespace crossline::testing {
namespace {

using audit::Finding;
using audit::FindingKind;

class HeadFindings : public ::testing::Test {
 protected:
  BridgeMorning morning;

  HeadFindings() {
    for (std::uint32_t number = 1; number <= 4; ++number) morning.cross(number);
  }
  // Everything audited against the heads given.
  static audit::Report audited(PlantedLedger& ledger, const enrolment::Registry& registry,
                               const std::vector<wire::SignedHead>& heads) {
    audit::Auditor auditor(registry, ledger);
    for (const wire::SignedHead& head : heads) auditor.expect(head);
    EXPECT_TRUE(auditor.advance(TreeSize(ledger.entries.size())));
    return auditor.report();
  }
  static FindingKind only_kind(const audit::Report& report) {
    EXPECT_EQ(report.findings.size(), 1u);
    return report.findings.empty() ? FindingKind::kMalformedEntry : report.findings.front().kind;
  }
};

TEST_F(HeadFindings, LedgerRewrittenAfterItsHeadWasSeen) {
  PlantedLedger ledger = morning.ledger();
  const wire::SignedHead seen = ledger.head(6);
  // The server adds a person's movement to what was already shown, with everything else folded again; the
  // agent helps it.
  ledger.edit(5, [](auto& entry) { entry.received_at.ms += 1; });
  const audit::Report report = audited(ledger, morning.registry(), {ledger.head(), seen});
  EXPECT_EQ(only_kind(report), FindingKind::kWrongRoot);
  EXPECT_EQ(report.findings[0].entry, LedgerIndex(6));
}

// Two signed heads of two sizes, and the entries of the larger one: enough for anybody.
TEST_F(HeadFindings, ALargerHeadOfTheseEntriesProvesTheOther) {
  PlantedLedger ledger = morning.ledger();
  const enrolment::Registry registry = morning.registry();
  const PlantedLedger before = ledger;
  ledger.edit(3, [](auto& entry) { entry.received_at.ms += 1; });
  for (std::size_t kept = 4; kept < ledger.entries.size(); ++kept) {
    audit::Auditor auditor(registry, ledger);
    for (const wire::SignedHead& head : {before.head(kept), ledger.head(2), ledger.head()})
      auditor.expect(head);
    ASSERT_TRUE(auditor.advance(TreeSize(ledger.entries.size())));
    const audit::Report report = auditor.report();
    ASSERT_EQ(only_kind(report), FindingKind::kWrongRoot);
    const Finding& finding = report.findings[0];
    EXPECT_NE(finding.words.find("--proofs"), std::string::npos) << finding.words;
    const auto proof = auditor.prove(finding);
    ASSERT_TRUE(proof && *proof) << kept;
    const auto read = merkle::Misbehaviour::parse((*proof)->to_string());
    ASSERT_TRUE(read);
    const auto found = merkle::check_misbehaviour(*read, std::span(&registry.keys().ledger_key, 1));
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_TRUE(found->proven);
    EXPECT_EQ(found->heads[0].size.value(), kept);
    EXPECT_EQ(found->heads[1], ledger.head().head);
  }
}

TEST_F(HeadFindings, OneSignedHeadBesideTheEntriesIsNoProofAndSaysSo) {
  PlantedLedger ledger = morning.ledger();
  const enrolment::Registry registry = morning.registry();
  const wire::SignedHead seen = ledger.head(6);
  const wire::SignedHead newest = ledger.head();
  ledger.edit(5, [](auto& entry) { entry.received_at.ms += 1; });
  // No head, a smaller one that fits, a larger one that does not.
  for (const std::vector<wire::SignedHead>& others :
       {std::vector<wire::SignedHead>{}, {ledger.head(2)}, {newest}}) {
    audit::Auditor auditor(registry, ledger);
    auditor.expect(seen);
    for (const wire::SignedHead& head : others) auditor.expect(head);
    ASSERT_TRUE(auditor.advance(TreeSize(ledger.entries.size())));
    const audit::Report report = auditor.report();
    ASSERT_EQ(only_kind(report), FindingKind::kWrongRoot);
    EXPECT_NE(report.findings[0].words.find("the evidence is this signed head"), std::string::npos);
    const auto proof = auditor.prove(report.findings[0]);
    ASSERT_TRUE(proof);
    EXPECT_FALSE(*proof);
  }
}

// Two bytes each of somebody else's bandwidth must not cost this auditor's memory without end.
TEST_F(HeadFindings, EntriesThatAreNoneEndTheAudit) {
  PlantedLedger ledger = morning.ledger();
  const std::size_t right = ledger.entries.size();
  ledger.entries.resize(right + audit::Auditor::kMaxMalformed + 3 * audit::LedgerSource::kBatch);
  const enrolment::Registry registry = morning.registry();
  audit::Auditor auditor(registry, ledger);
  auditor.expect(ledger.head());
  const auto advanced = auditor.advance(TreeSize(ledger.entries.size()));
  ASSERT_FALSE(advanced);
  EXPECT_EQ(advanced.error().code, ErrorCode::kCorruptData);
  EXPECT_LE(auditor.size().value(), right + audit::Auditor::kMaxMalformed + 2 * audit::LedgerSource::kBatch);
  const audit::Report found = auditor.found();
  ASSERT_FALSE(found.clean());
  EXPECT_EQ(found.findings.front().kind, FindingKind::kMalformedEntry);
  const auto kinds = [](const audit::Report& report, FindingKind kind) {
    return report.counts[std::to_underlying(kind)];
  };
  EXPECT_EQ(kinds(found, FindingKind::kMissingEntries), 0u) << "the end was not reached";
  EXPECT_EQ(kinds(auditor.report(), FindingKind::kMissingEntries), 1u);
}

TEST_F(HeadFindings, HeadSeenAfterTheEntriesWereRead) {
  PlantedLedger ledger = morning.ledger();
  const wire::SignedHead seen = ledger.head(6);
  ledger.edit(5, [](auto& entry) { entry.received_at.ms += 1; });
  const enrolment::Registry registry = morning.registry();
  audit::Auditor auditor(registry, ledger);
  ASSERT_TRUE(auditor.advance(TreeSize(ledger.entries.size())));
  EXPECT_TRUE(auditor.report().clean());
  auditor.expect(seen);
  EXPECT_EQ(only_kind(auditor.report()), FindingKind::kWrongRoot);
}

TEST_F(HeadFindings, TwoHeadsOfOneSize) {
  PlantedLedger ledger = morning.ledger();
  PlantedLedger other = ledger;
  other.edit(5, [](auto& entry) { entry.received_at.ms += 1; });
  const audit::Report report = audited(ledger, morning.registry(), {ledger.head(), other.head()});
  EXPECT_EQ(only_kind(report), FindingKind::kTwoHeads);
}

TEST_F(HeadFindings, HeadOfMoreThanThereIs) {
  PlantedLedger ledger = morning.ledger();
  const wire::SignedHead seen = ledger.head();
  ledger.entries.resize(7);
  EXPECT_EQ(only_kind(audited(ledger, morning.registry(), {seen})), FindingKind::kMissingEntries);
}

TEST_F(HeadFindings, HeadNotSignedByTheLedger) {
  PlantedLedger ledger = morning.ledger();
  wire::SignedHead head = ledger.head();
  head.signature.bytes[63] ^= 1;
  EXPECT_EQ(only_kind(audited(ledger, morning.registry(), {head})), FindingKind::kBadLedgerSignature);
}

TEST_F(HeadFindings, BeaconsOfThisLedgerAreRight) {
  const wire::SignedHead head = morning.ledger().head(5);
  morning.at_a.beacon = {head.head.size, head.head.root};
  morning.cross(7);
  PlantedLedger ledger = morning.ledger();
  EXPECT_TRUE(audit_of(ledger, morning.registry()).clean());
}

TEST_F(HeadFindings, BeaconOfAnotherHistory) {
  wire::SignedHead head = morning.ledger().head(5);
  head.head.root.bytes[0] ^= 1;
  morning.at_a.beacon = {head.head.size, head.head.root};
  morning.cross(7);
  morning.cross(8);
  PlantedLedger ledger = morning.ledger();
  const audit::Report report = audit_of(ledger, morning.registry());
  EXPECT_EQ(only_kind(report), FindingKind::kUnknownBeacon);
  EXPECT_EQ(report.findings[0].agent, "bridge-a");
  EXPECT_EQ(report.findings[0].repeats, 1u);
}

TEST_F(HeadFindings, BeaconOfAHeadThatWasYetToCome) {
  morning.at_a.beacon = {TreeSize(1'000), crypto::Hash{}};
  morning.cross(7);
  PlantedLedger ledger = morning.ledger();
  EXPECT_EQ(only_kind(audit_of(ledger, morning.registry())), FindingKind::kUnknownBeacon);
}

TEST_F(HeadFindings, EventDatedBack) {
  const wire::SignedHead head = morning.ledger().head(9);
  morning.at_a.beacon = {head.head.size, head.head.root};
  morning.at_a.record(passing(traveller(7), movement::Direction::kExit), morning.now.plus(-3'600'000));
  morning.tick();
  morning.send(morning.at_a, 1);
  PlantedLedger ledger = morning.ledger();
  const audit::Report report = audit_of(ledger, morning.registry());
  EXPECT_EQ(only_kind(report), FindingKind::kBackdated);
  EXPECT_EQ(report.findings[0].entry, LedgerIndex(9));
}

TEST_F(HeadFindings, ClockALittleSlowIsNotDatingBack) {
  const wire::SignedHead head = morning.ledger().head(9);
  morning.at_a.beacon = {head.head.size, head.head.root};
  morning.at_a.record(passing(traveller(7), movement::Direction::kExit), morning.now.plus(-120'000));
  morning.tick();
  morning.send(morning.at_a, 1);
  PlantedLedger ledger = morning.ledger();
  EXPECT_TRUE(audit_of(ledger, morning.registry()).clean());
}

}  // namespace
}  // namespace crossline::testing
