#include "crossline/server/recovery.hpp"

#include "tests/support/server/server_core.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace crossline::server {
namespace {

using movement::Direction;
using testing::passing;
using testing::ServerCore;
using testing::SigningAgent;
using testing::traveller;

// Everything people can see, in a form that compares.
struct Visible {
  std::array<std::int64_t, 5> statuses;
  std::array<std::int64_t, kCaseKinds> cases;
  std::vector<std::pair<movement::CubeKey, movement::CubeCell>> cells;
  std::size_t closures;
  std::map<std::string, movement::QuotaDay, std::less<>> quotas;
  std::vector<StandingNotice> notices;
  LedgerIndex position;
  std::optional<wire::SignedHead> head;
  friend bool operator==(const Visible&, const Visible&) = default;
};

class RecoveryTest : public ::testing::Test {
 protected:
  // A line with a bit of everything.
  void live(std::uint32_t rounds) {
    for (std::uint32_t i = 0; i < rounds; ++i) {
      server.clock.advance(1'000);
      const std::uint32_t person = (i * 7) % 11;
      SigningAgent& agent = i % 3 == 0 ? b : a;
      movement::Movement made = passing(traveller(person), i % 2 == 0 ? Direction::kExit : Direction::kEntry);
      if (i % 5 == 0) made.age_years = 9;
      agent.record(made, server.clock.now());
      if (i % 6 == 5) {
        agent.record(movement::Correction{JournalIndex(agent.size() - 1), traveller(person), "mistake"},
                     server.clock.now());
      }
      server.submit_new(agent);
      if (i % 9 == 4) {
        server.ask(OfficeAct{"a.supervisor1",
                             movement::Closure{"bridge", i % 2 == 0, server.clock.now(),
                                               server.clock.now().plus(1'000'000'000), "flood", "A"}});
        server.ask(OfficeAct{"a.supervisor1",
                             movement::ListChange{"hold", traveller(person), i % 2 == 0, "A", "C-1"}});
        take_steps(person, i);
      }
    }
  }
  // A notice that is given and objected to, now and then ruled upon or withdrawn, and a lease.
  void take_steps(std::uint32_t person, std::uint32_t round) {
    const auto step = [&](movement::NoticeStep taken, const char* party) {
      server.ask(OfficeAct{"a.supervisor1", movement::NoticeAct{traveller(person), taken, party, "C-2"}});
    };
    step(movement::NoticeStep::kGiven, "A");
    step(movement::NoticeStep::kObjected, "B");
    if (round % 2 == 0) step(movement::NoticeStep::kApproved, "G");
    if (round % 4 == 3) step(movement::NoticeStep::kWithdrawn, "A");
    movement::QuotaLease lease;
    lease.quota = "patients";
    lease.agent = a.name();
    lease.day = today();
    lease.amount = 1;
    lease.party = "A";
    lease.reason = "C-3";
    server.ask(OfficeAct{"a.supervisor1", lease});
  }
  [[nodiscard]] std::int32_t today() const {
    const UtcMillis now = server.clock.now();
    return static_cast<std::int32_t>(server.sequencer->editions().at(now)->local_day(now));
  }
  [[nodiscard]] Visible visible() const {
    auto cells = server.views->statistics().cells(0, 1'000'000);
    std::erase_if(cells, [](const auto& cell) { return cell.second.movements == 0; });
    std::sort(cells.begin(), cells.end(), [](const auto& x, const auto& y) { return x.first < y.first; });
    return {server.views->status_counts(),
            server.views->case_counts(),
            std::move(cells),
            server.views->closures(server.clock.now()).size(),
            server.views->quotas().of_day(today()),
            server.views->notices().page(std::nullopt, 100),
            server.views->as_of().position,
            server.views->as_of().head};
  }
  // The last start made the views again, and told why.
  [[nodiscard]] bool made_anew(std::string_view why) const {
    return !server.said.empty() && server.said.front().starts_with("the views are made again") &&
           server.said.front().ends_with(why);
  }
  [[nodiscard]] std::vector<wire::StateAfter> states() {
    Inquiry inquiry;
    for (std::uint32_t i = 0; i < 11; ++i) inquiry.subjects.push_back(traveller(i));
    std::vector<wire::StateAfter> found;
    const Reply reply = server.ask(inquiry);
    for (const SubjectReport& report : std::get<Reports>(reply).subjects) found.push_back(report.state);
    return found;
  }

  ServerCore server;
  SigningAgent a = testing::bridge_a();
  SigningAgent b = testing::bridge_b();
};

TEST_F(RecoveryTest, FoldsTheWholeLedgerWhenThereAreNoViews) {
  live(40);
  const Visible before = visible();
  const auto persons = states();
  server.restart();
  EXPECT_EQ(server.replayed_from, LedgerIndex(0));
  EXPECT_EQ(visible(), before);
  EXPECT_EQ(states(), persons);
}

TEST_F(RecoveryTest, GoesOnFromSavedViews) {
  live(25);
  ASSERT_FALSE(visible().notices.empty());
  ASSERT_FALSE(visible().quotas.empty());
  server.save_views();
  server.save_views();  // a crash loses the last save, which held nothing new
  const LedgerIndex saved = server.views->as_of().position;
  live(15);
  const Visible before = visible();
  const auto persons = states();
  server.restart();
  EXPECT_EQ(server.replayed_from, saved);
  const std::uint64_t left = before.position.value() - saved.value();
  EXPECT_EQ(server.said, std::vector{fmt::format("replayed {0} of {0} ledger entries", left)});
  EXPECT_EQ(visible(), before);
  EXPECT_EQ(states(), persons);
}

// Three weeks of movements, corrections and leases, the views saved now and then: what was saved and what the
// ledger says are the same days, leases and uses, and no row grows with the day.
TEST_F(RecoveryTest, PutsTheDaysOfQuotasBackAsTheLedgerHasThem) {
  constexpr std::int64_t kDay_ms = 86'400'000;
  constexpr std::size_t kMostBytesOfUses = 4 + 4 + 64 * 8;
  const auto quotas_of = [this](ViewStore& store) {
    const auto recovered = recover(server.ledger, store, {});
    EXPECT_TRUE(recovered.has_value());
    return recovered->line.world.line().quotas.all();
  };
  for (std::uint32_t i = 0; i < 300; ++i) {
    server.clock.advance(kDay_ms / 13);
    SigningAgent& agent = i % 3 == 0 ? b : a;
    agent.record(passing(traveller(i % 11), i % 2 == 0 ? Direction::kExit : Direction::kEntry),
                 server.clock.now());
    if (i % 7 == 6)
      agent.record(movement::Correction{JournalIndex(agent.size() - 1), traveller(i % 11), "mistake"},
                   server.clock.now());
    server.submit_new(agent);
    if (i % 10 == 9) {
      const auto day = static_cast<std::int32_t>(server.clock.now().ms / kDay_ms);
      server.ask(OfficeAct{"a.supervisor1",
                           movement::QuotaLease{"patients", agent.name(), day, 1, "A", "a bus", 0}});
    }
    if (i % 4 == 3) server.save_views();
    if (i % 60 != 59) continue;
    testing::MemoryViewStore none;
    EXPECT_EQ(quotas_of(server.view_store), quotas_of(none)) << i;
  }
  ASSERT_TRUE(server.view_store.load([&](const ViewRow& row) -> Result<void> {
    if (row.kind == ViewKind::kQuotaUses) {
      EXPECT_LE(row.value->size(), kMostBytesOfUses);
    }
    return {};
  }));
}

TEST_F(RecoveryTest, RebuildsViewsThatAreAheadOfTheLedger) {
  live(10);
  ASSERT_TRUE(server.view_store.save(LedgerIndex(1'000), {}));
  ASSERT_TRUE(server.view_store.save(LedgerIndex(1'000), {}));
  const Visible before = visible();
  server.restart();
  EXPECT_EQ(server.replayed_from, LedgerIndex(0));
  EXPECT_TRUE(
      made_anew(fmt::format(": the views know 1000 entries, the ledger has {}", before.position.value())));
  EXPECT_EQ(visible(), before);
}

// Its persons would be taken for this line's.
TEST_F(RecoveryTest, RebuildsViewsOfAnotherLedger) {
  live(10);
  ServerCore other;
  SigningAgent stranger = testing::bridge_a();
  stranger.record(passing(traveller(77), Direction::kExit), other.clock.now());
  other.submit_new(stranger);
  const std::vector<ViewRow> rows = other.views->take_rows();
  const LedgerIndex position = other.views->as_of().position;
  ASSERT_LT(position, server.views->as_of().position);
  ASSERT_TRUE(server.view_store.clear());
  ASSERT_TRUE(server.view_store.save(position, rows));
  ASSERT_TRUE(server.view_store.save(position, {}));
  const Visible before = visible();
  server.restart();
  EXPECT_EQ(server.replayed_from, LedgerIndex(0));
  EXPECT_TRUE(made_anew(": the views are not of this ledger"));
  EXPECT_EQ(visible(), before);
}

TEST_F(RecoveryTest, RebuildsViewsThatDoNotDecode) {
  live(10);
  server.save_views();
  const ViewRow broken{ViewKind::kSubject, "short", "rubbish"};
  ASSERT_TRUE(server.view_store.save(server.views->as_of().position, std::span(&broken, 1)));
  ASSERT_TRUE(server.view_store.save(server.views->as_of().position, {}));
  const Visible before = visible();
  server.restart();
  EXPECT_EQ(server.replayed_from, LedgerIndex(0));
  EXPECT_TRUE(made_anew("")) << "and why";
  EXPECT_EQ(visible(), before);
}

}  // namespace
}  // namespace crossline::server
