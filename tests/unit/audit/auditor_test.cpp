// What an auditor sees when the server says something else than the fold. The journals are all in order.
#include "tests/support/audit/planted_ledger.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace crossline::testing {
namespace {

using audit::Finding;
using audit::FindingKind;

class FoldFindings : public ::testing::Test {
 protected:
  BridgeMorning morning;
  std::optional<PlantedLedger> ledger;

  FoldFindings() {
    for (std::uint32_t number = 1; number <= 4; ++number) morning.cross(number);
    ledger = morning.ledger();
  }
  // One entry says something else, and the finding is the only one.
  Finding finding_after(std::size_t index, const std::function<void(wire::LedgerEntry&)>& change) {
    ledger->edit(index, change);
    const audit::Report report = audit_of(*ledger, morning.registry());
    EXPECT_EQ(report.findings.size(), 1u);
    for (const Finding& finding : report.findings)
      EXPECT_EQ(finding.entry, LedgerIndex(index)) << finding.words;
    return report.findings.empty() ? Finding{} : report.findings.front();
  }
};

TEST_F(FoldFindings, VerdictChanged) {
  const Finding finding = finding_after(3, [](auto& entry) { entry.verdict = movement::Verdict::kRefer; });
  EXPECT_EQ(finding.kind, FindingKind::kWrongVerdict);
  EXPECT_EQ(finding.words, "the entry says refer, the fold allow");
  EXPECT_EQ(finding.evidence[1], (Finding::Value{"fold_says", "allow"}));
}

TEST_F(FoldFindings, ArticlesChanged) {
  const Finding finding = finding_after(3, [](auto& entry) { entry.articles = {"8(1)"}; });
  EXPECT_EQ(finding.kind, FindingKind::kWrongArticles);
}

TEST_F(FoldFindings, EditionChanged) {
  const Finding finding = finding_after(3, [](auto& entry) { entry.edition.bytes[0] ^= 1; });
  EXPECT_EQ(finding.kind, FindingKind::kWrongEdition);
}

TEST_F(FoldFindings, StateWrong) {
  const Finding finding =
      finding_after(4, [](auto& entry) { entry.state->status = movement::Status::kSideA; });
  EXPECT_EQ(finding.kind, FindingKind::kWrongState);
}

TEST_F(FoldFindings, StateLeftOut) {
  EXPECT_EQ(finding_after(4, [](auto& entry) { entry.state.reset(); }).kind, FindingKind::kWrongState);
}

TEST_F(FoldFindings, TimeChanged) {
  const Finding finding = finding_after(4, [](auto& entry) { entry.occurred_at.ms -= 60'000; });
  EXPECT_EQ(finding.kind, FindingKind::kWrongTime);
}

TEST_F(FoldFindings, CaseHidden) {
  const Finding finding = finding_after(4, [](auto& entry) { entry.conflict = true; });
  EXPECT_EQ(finding.kind, FindingKind::kWrongCase);
}

TEST_F(FoldFindings, ChainBroken) {
  const Finding finding = finding_after(4, [](auto& entry) { entry.previous = LedgerIndex(1); });
  EXPECT_EQ(finding.kind, FindingKind::kBrokenChain);
}

TEST_F(FoldFindings, StatusAttributedToAnotherEntry) {
  const Finding finding = finding_after(4, [](auto& entry) { entry.state->since_index = LedgerIndex(1); });
  EXPECT_EQ(finding.kind, FindingKind::kBrokenChain);
}

TEST_F(FoldFindings, ClockWentBack) {
  ledger->edit(4, [](auto& entry) { entry.received_at.ms += 5'000; });
  const audit::Report report = audit_of(*ledger, morning.registry());
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.findings[0].kind, FindingKind::kClockWentBack);
  EXPECT_EQ(report.findings[0].entry, LedgerIndex(5));
}

TEST_F(FoldFindings, EntryThatDoesNotDecode) {
  ledger->entries[8].back() ^= 0x55;
  ledger->entries[8] += "\xff";
  const audit::Report report = audit_of(*ledger, morning.registry());
  ASSERT_FALSE(report.clean());
  EXPECT_EQ(report.findings.front().kind, FindingKind::kMalformedEntry);
  EXPECT_EQ(report.findings.size(), 1u);
}

TEST_F(FoldFindings, EntryTakenOutOfTheFile) {
  ledger->entries.erase(ledger->entries.begin() + 3);
  const audit::Report report = audit_of(*ledger, morning.registry());
  // Seen by the gap, and by all indices after it.
  ASSERT_GE(report.findings.size(), 2u);
  EXPECT_EQ(report.counts[std::to_underlying(FindingKind::kJournalGap)], 1u);
  EXPECT_EQ(report.counts[std::to_underlying(FindingKind::kBrokenChain)], 1u);
}

TEST_F(FoldFindings, EditionThatNobodyHas) {
  ledger->editions.clear();
  const audit::Report report = audit_of(*ledger, morning.registry());
  ASSERT_FALSE(report.clean());
  for (const Finding& finding : report.findings) EXPECT_EQ(finding.kind, FindingKind::kUnknownEdition);
}

TEST_F(FoldFindings, EditionWithOtherBytes) {
  ledger->editions.at(crypto::sha256(as_bytes(sealed_edition()))) = second_edition();
  const audit::Report report = audit_of(*ledger, morning.registry());
  ASSERT_FALSE(report.clean());
  EXPECT_EQ(report.findings.front().kind, FindingKind::kUnknownEdition);
}

// The second edition is adopted before it begins; what happened before its instant stands under the first,
// also when it comes late.
class EditionFindings : public ::testing::Test {
 protected:
  BridgeMorning morning;

  EditionFindings() {
    morning.now = kSecondFrom.plus(-60'000);
    morning.office(movement::EditionAdopted{2, crypto::sha256(as_bytes(second_edition()))});
    morning.record(morning.at_a, passing(traveller(1), movement::Direction::kExit));
    morning.at_a.record(passing(traveller(2), movement::Direction::kExit), kSecondFrom.plus(-1));
    morning.now = kSecondFrom.plus(3'600'000);
    late = morning.send(morning.at_a, 1);
    after = morning.record(morning.at_a, passing(traveller(3), movement::Direction::kExit));
  }
  static crypto::Hash edition_of(PlantedLedger& ledger, std::size_t entry) {
    return wire::decode_ledger_entry(as_bytes(ledger.entries.at(entry)))->edition;
  }

  std::size_t late = 0;
  std::size_t after = 0;
};

TEST_F(EditionFindings, NoneWhenEachEventStandsUnderTheEditionOfItsOwnTime) {
  PlantedLedger ledger = morning.ledger();
  const audit::Report report = audit_of(ledger, morning.registry());
  EXPECT_TRUE(report.clean()) << report.findings.front().words;
  EXPECT_EQ(edition_of(ledger, late), crypto::sha256(as_bytes(sealed_edition())));
  EXPECT_EQ(edition_of(ledger, after), crypto::sha256(as_bytes(second_edition())));
}

TEST_F(EditionFindings, AnEventThatStandsUnderTheEditionOfItsArrival) {
  PlantedLedger ledger = morning.ledger();
  ledger.edit(late, [](auto& entry) { entry.edition = crypto::sha256(as_bytes(second_edition())); });
  const audit::Report report = audit_of(ledger, morning.registry());
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.findings.front().kind, FindingKind::kWrongEdition);
  EXPECT_EQ(report.findings.front().entry, LedgerIndex(late));
}

TEST_F(FoldFindings, GoesOnWhereItStopped) {
  const enrolment::Registry registry = morning.registry();
  audit::Auditor auditor(registry, *ledger);
  for (std::size_t size = 1; size <= ledger->entries.size(); ++size) {
    auditor.expect(ledger->head(size));
    ASSERT_TRUE(auditor.advance(TreeSize(size)));
    EXPECT_TRUE(auditor.report().clean()) << size;
  }
  EXPECT_EQ(auditor.report().heads, ledger->entries.size());
}

TEST_F(FoldFindings, ReportIsJson) {
  ledger->edit(3, [](auto& entry) { entry.verdict = movement::Verdict::kRefer; });
  const auto json = nlohmann::json::parse(to_json(audit_of(*ledger, morning.registry())));
  EXPECT_EQ(json["clean"], false);
  EXPECT_EQ(json["size"], 9);
  EXPECT_EQ(json["counts"]["wrong_verdict"], 1);
  EXPECT_EQ(json["findings"][0]["kind"], "wrong_verdict");
  EXPECT_EQ(json["findings"][0]["agent"], "bridge-a");
  EXPECT_EQ(json["findings"][0]["evidence"]["entry_says"], "refer");
}

TEST_F(FoldFindings, ManyOfOneKindAreCountedAndNotAllListed) {
  BridgeMorning long_morning;
  for (std::uint32_t number = 1; number <= 60; ++number) long_morning.cross(number);
  PlantedLedger lying = long_morning.ledger();
  for (std::size_t i = 1; i < lying.entries.size(); ++i)
    lying.edit(i, [](auto& entry) { entry.verdict = movement::Verdict::kRefer; });
  const audit::Report report = audit_of(lying, long_morning.registry());
  EXPECT_EQ(report.counts[std::to_underlying(FindingKind::kWrongVerdict)], 120u);
  EXPECT_EQ(report.findings.size(), audit::Report::kMaxListed);
}

}  // namespace
}  // namespace crossline::testing
