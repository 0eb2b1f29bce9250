// The auditor's figures are those that the server shows, made another time from the entries alone.
#include "tests/support/audit/planted_ledger.hpp"
#include "tests/support/server/server_core.hpp"
#include "tools/audit/store_entries.hpp"

#include <gtest/gtest.h>

namespace crossline::testing {
namespace {

TEST(AuditedFigures, EqualTheServersWithCorrections) {
  ServerCore core;
  SigningAgent at_a = bridge_a();
  SigningAgent at_b = bridge_b();
  const auto record = [&](SigningAgent& agent, movement::Body body) {
    core.clock.advance(60'000);
    const std::size_t index = agent.record(std::move(body), core.clock.now());
    core.submit_new(agent);
    return JournalIndex(index);
  };
  for (std::uint32_t number = 1; number <= 6; ++number) {
    record(at_a, passing(traveller(number), movement::Direction::kExit));
    const JournalIndex entry = record(at_b, passing(traveller(number), movement::Direction::kEntry));
    if (number % 2 == 0) record(at_b, movement::Correction{entry, traveller(number), "wrong lane"});
  }
  movement::Movement refused = passing(traveller(9), movement::Direction::kExit);
  refused.outcome = movement::Outcome::kRefused;
  refused.verdict = movement::Verdict::kRefuse;
  refused.articles = {"8(1)"};
  const JournalIndex attempt = record(at_a, refused);
  record(at_a, movement::Correction{attempt, traveller(9), "mistake"});

  const enrolment::Registry registry = registry_of({&at_a, &at_b});
  const std::shared_ptr<server::LedgerStore> borrowed(&core.ledger, [](server::LedgerStore*) {});
  tools::StoreSource source(borrowed);
  audit::Auditor auditor(registry, source);
  auditor.expect(core.ledger.load()->head.value());
  ASSERT_TRUE(auditor.advance(TreeSize(core.ledger.size())));
  const audit::Report report = auditor.report();
  EXPECT_TRUE(report.clean()) << report.findings.front().words;
  EXPECT_TRUE(auditor.statistics() == core.views->statistics());
  EXPECT_EQ(auditor.statistics().total_movements(), 10);
}

}  // namespace
}  // namespace crossline::testing
