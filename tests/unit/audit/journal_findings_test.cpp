// What an auditor sees when the journals in the ledger are not what their agents signed. Every alteration is
// made by a server that holds the ledger's key and folds again, so that only the journals can tell.
#include "crossline/wire/slip.hpp"
#include "tests/support/audit/planted_ledger.hpp"

#include <gtest/gtest.h>

namespace crossline::testing {
namespace {

using audit::Finding;
using audit::FindingKind;
using audit::Options;

class JournalFindings : public ::testing::TestWithParam<Options::Signatures> {
 protected:
  BridgeMorning morning;

  JournalFindings() {
    for (std::uint32_t number = 1; number <= 5; ++number) morning.cross(number);
  }
  audit::Report report() {
    PlantedLedger ledger = morning.ledger();
    return audit_of(ledger, morning.registry(), {.signatures = GetParam()});
  }
  // The only finding.
  Finding the_finding() {
    const audit::Report found = report();
    EXPECT_EQ(found.findings.size(), 1u);
    for (const Finding& finding : found.findings)
      SCOPED_TRACE(std::string(name_of(finding.kind)) + ": " + finding.words);
    return found.findings.empty() ? Finding{} : found.findings.front();
  }
  // Another event in place of the one of a step, by somebody without the agent's key.
  static std::string forged(const std::string& bytes) {
    auto event = wire::decode_event(as_bytes(bytes)).value();
    event.officer = "officer-8";
    return wire::encode_event(event);
  }
  static constexpr std::size_t kThirdExit = 5;  // of the steps: office, then exit and entry in turn
};
INSTANTIATE_TEST_SUITE_P(Both, JournalFindings,
                         ::testing::Values(Options::Signatures::kAll, Options::Signatures::kLast),
                         [](const auto& tested) {
                           return tested.param == Options::Signatures::kAll ? "All" : "Last";
                         });

TEST_P(JournalFindings, HonestLedgerIsClean) {
  const audit::Report found = report();
  EXPECT_TRUE(found.clean()) << found.findings.front().words;
  EXPECT_EQ(found.size, TreeSize(11));
  EXPECT_EQ(found.journals, 3u);
  EXPECT_EQ(found.verdicts, 10u);
  EXPECT_EQ(found.signatures, GetParam() == Options::Signatures::kAll ? 12u : 4u);
  EXPECT_EQ(found.heads, 1u);
}

TEST_P(JournalFindings, EventAltered) {
  Step& altered = morning.steps[kThirdExit];
  altered.event = forged(altered.event);
  const Finding finding = the_finding();
  EXPECT_EQ(finding.kind, FindingKind::kBadHeadSignature);
  EXPECT_EQ(finding.agent, "bridge-a");
  if (GetParam() == Options::Signatures::kAll) {
    EXPECT_EQ(finding.entry, LedgerIndex(kThirdExit));
    EXPECT_EQ(finding.repeats, 2u);  // the two heads after it
  }
}

TEST_P(JournalFindings, EventRemoved) {
  morning.steps.erase(morning.steps.begin() + kThirdExit);
  morning.steps.erase(morning.steps.begin() +
                      kThirdExit);  // the entry that followed it, or it would be unmatched
  const audit::Report found = report();
  ASSERT_EQ(found.findings.size(), 2u);
  EXPECT_EQ(found.findings[0].kind, FindingKind::kJournalGap);
  EXPECT_EQ(found.findings[0].agent, "bridge-a");
  EXPECT_EQ(found.findings[0].entry, LedgerIndex(5));
  EXPECT_EQ(found.findings[0].evidence[0], (Finding::Value{"expected_index", "2"}));
  EXPECT_EQ(found.findings[1].kind, FindingKind::kJournalGap);
  EXPECT_EQ(found.findings[1].agent, "bridge-b");
}

TEST_P(JournalFindings, EventsWithheldAtTheEnd) {
  // The last event came without the signature that covers it.
  morning.steps.back().signature.reset();
  const Finding finding = the_finding();
  EXPECT_EQ(finding.kind, FindingKind::kUnsignedEvents);
  EXPECT_EQ(finding.agent, "bridge-b");
}

TEST_P(JournalFindings, EventInsertedBeforeTheOneThatIsSigned) {
  Step inserted = morning.steps[kThirdExit];
  inserted.event = forged(inserted.event);
  inserted.signature.reset();
  morning.steps.insert(morning.steps.begin() + kThirdExit, inserted);
  const audit::Report found = report();
  ASSERT_EQ(found.counts[std::to_underlying(FindingKind::kInsertedEvent)], 1u);
  EXPECT_EQ(found.findings.front().entry, LedgerIndex(kThirdExit));
  EXPECT_EQ(found.findings.size(), 1u);
}

TEST_P(JournalFindings, EventInsertedAfterTheOneThatIsSigned) {
  Step inserted = morning.steps[kThirdExit];
  inserted.event = forged(inserted.event);
  inserted.signature.reset();
  inserted.received_at = morning.steps[9].received_at;
  morning.steps.insert(morning.steps.begin() + 9, inserted);
  const Finding finding = the_finding();
  EXPECT_EQ(finding.kind, FindingKind::kInsertedEvent);
  EXPECT_EQ(finding.entry, LedgerIndex(9));
}

TEST_P(JournalFindings, EventInsertedAtTheEnd) {
  SigningAgent forger = morning.at_a;  // its journal, but not its signature
  forger.record(passing(traveller(9), movement::Direction::kExit), morning.tick());
  morning.send(forger, 1);
  morning.steps.back().signature = seeded_signer(99).sign(as_bytes("head"));
  const Finding finding = the_finding();
  EXPECT_EQ(finding.kind, FindingKind::kBadHeadSignature);
  EXPECT_EQ(finding.entry, LedgerIndex(11));
}

TEST_P(JournalFindings, EventRepeated) {
  Step repeated = morning.steps[kThirdExit];
  repeated.received_at = morning.now;
  morning.steps.push_back(repeated);
  const Finding finding = the_finding();
  EXPECT_EQ(finding.kind, FindingKind::kRepeatedEvent);
  EXPECT_EQ(finding.entry, LedgerIndex(11));
}

TEST_P(JournalFindings, AgentForked) {
  SigningAgent other = morning.at_a;
  other.roll_back(2);
  other.record(passing(traveller(9), movement::Direction::kExit), morning.tick());
  morning.send(other, 1);
  const Finding finding = the_finding();
  EXPECT_EQ(finding.kind, FindingKind::kJournalFork);
  EXPECT_EQ(finding.agent, "bridge-a");
  EXPECT_EQ(finding.entry, LedgerIndex(11));
  EXPECT_EQ(finding.evidence[0], (Finding::Value{"journal_index", "2"}));
}

class SlipFindings : public JournalFindings {
 protected:
  // bridge-b scans the slip of the last event of this journal.
  void scan_slip_of(const SigningAgent& agent) {
    const wire::Submit submit = agent.submit();
    merkle::CompactRange range;
    for (std::size_t i = 0; i + 1 < submit.events.size(); ++i)
      range.append(merkle::leaf_hash(as_bytes(submit.events[i])));
    const wire::Slip slip{.line = std::string(kLine),
                          .head_signature = submit.head_signature,
                          .path = {range.hashes().rbegin(), range.hashes().rend()},
                          .event = submit.events.back()};
    morning.record(morning.at_b, movement::SlipSeen{wire::encode_slip(slip).value()});
  }
  void a_day_passes() {
    morning.now = morning.now.plus(25LL * 3'600 * 1'000);
    morning.record(morning.at_b, movement::JournalHeartbeat{0});
  }
};
INSTANTIATE_TEST_SUITE_P(Both, SlipFindings,
                         ::testing::Values(Options::Signatures::kAll, Options::Signatures::kLast),
                         [](const auto& tested) {
                           return tested.param == Options::Signatures::kAll ? "All" : "Last";
                         });

TEST_P(SlipFindings, SlipOfAnEventThatTheLedgerHasIsRight) {
  scan_slip_of(morning.at_a);
  a_day_passes();
  EXPECT_TRUE(report().clean());
}

TEST_P(SlipFindings, SlipOfAnEventThatNeverCame) {
  morning.at_a.record(passing(traveller(9), movement::Direction::kExit), morning.tick());
  scan_slip_of(morning.at_a);
  EXPECT_TRUE(report().clean());  // it may still be on its way
  a_day_passes();
  const Finding finding = the_finding();
  EXPECT_EQ(finding.kind, FindingKind::kWithheldEvent);
  EXPECT_EQ(finding.agent, "bridge-a");
  EXPECT_EQ(finding.entry, LedgerIndex(11));
}

TEST_P(SlipFindings, SlipOfAnotherHistory) {
  SigningAgent other = morning.at_a;
  other.roll_back(2);
  other.record(passing(traveller(9), movement::Direction::kExit), morning.tick());
  scan_slip_of(other);
  EXPECT_EQ(the_finding().kind, FindingKind::kJournalFork);
}

TEST_P(JournalFindings, HeadSignatureBad) {
  morning.steps.back().signature->bytes[5] ^= 1;
  const Finding finding = the_finding();
  EXPECT_EQ(finding.kind, FindingKind::kBadHeadSignature);
  EXPECT_EQ(finding.entry, LedgerIndex(10));
  EXPECT_EQ(finding.agent, "bridge-b");
}

TEST_P(JournalFindings, HeadSignatureBadButCoveredByALaterOne) {
  morning.steps[kThirdExit].signature->bytes[5] ^= 1;
  const audit::Report found = report();
  if (GetParam() == Options::Signatures::kLast) {
    EXPECT_TRUE(found.clean());
  } else {
    ASSERT_EQ(found.findings.size(), 1u);
    EXPECT_EQ(found.findings[0].kind, FindingKind::kBadHeadSignature);
    EXPECT_EQ(found.findings[0].repeats, 0u);
  }
}

TEST_P(JournalFindings, AgentUnknownToTheRegistry) {
  PlantedLedger ledger = morning.ledger();
  const audit::Report found = audit_of(ledger, registry_of({&morning.at_a}), {.signatures = GetParam()});
  ASSERT_FALSE(found.clean());
  EXPECT_EQ(found.findings.front().kind, FindingKind::kUnknownAgent);
  EXPECT_EQ(found.findings.front().agent, "bridge-b");
  EXPECT_EQ(found.counts[std::to_underlying(FindingKind::kUnknownAgent)], 1u);
}

TEST_P(JournalFindings, AgentRevoked) {
  PlantedLedger ledger = morning.ledger();
  enrolment::Registry registry = morning.registry();
  ASSERT_TRUE(registry.revoke("bridge-a", morning.steps[4].received_at, "stolen"));
  const audit::Report found = audit_of(ledger, registry, {.signatures = GetParam()});
  ASSERT_EQ(found.findings.size(), 1u);
  EXPECT_EQ(found.findings[0].kind, FindingKind::kAfterRevocation);
  EXPECT_EQ(found.findings[0].repeats, 2u);
}

TEST_P(JournalFindings, PostRecordsWhatOnlyTheOfficeMay) {
  morning.record(morning.at_a, movement::ListChange{"hold", traveller(1), false, "A", "C-1"});
  const Finding finding = the_finding();
  EXPECT_EQ(finding.kind, FindingKind::kForbiddenEvent);
  EXPECT_EQ(finding.entry, LedgerIndex(11));
}

TEST_P(JournalFindings, EntryUnderAnotherAgentsName) {
  morning.steps.back().agent = "bridge-a";
  morning.steps.back().signature.reset();
  const audit::Report found = report();
  EXPECT_EQ(found.counts[std::to_underlying(FindingKind::kWrongAgent)], 1u);
}

}  // namespace
}  // namespace crossline::testing
