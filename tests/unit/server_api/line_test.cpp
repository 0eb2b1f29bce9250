// The line's pages: overview, who is between the posts, cases, closures, the ledger's head.
#include "crossline/merkle/note.hpp"
#include "tests/support/server/office_desk.hpp"

#include <gtest/gtest.h>

namespace crossline::api {
namespace {

using accounts::Party;
using accounts::Role;
using nlohmann::json;
using testing::OfficeDesk;
using testing::traveller;

class LineTest : public ::testing::Test {
 protected:
  void leaves(std::uint32_t number) {
    desk_.line.record(desk_.line.at_a, testing::passing(traveller(number), movement::Direction::kExit));
    desk_.line.core.clock.advance(1'000);
  }
  void arrives(std::uint32_t number) {
    desk_.line.record(desk_.line.at_b, testing::passing(traveller(number), movement::Direction::kEntry));
    desk_.line.core.clock.advance(1'000);
  }
  json get(std::string_view pattern, const OfficeDesk::Parameters& query = {}) {
    return OfficeDesk::body_of(desk_.get(pattern, query));
  }

  OfficeDesk desk_;
};

TEST_F(LineTest, OverviewCountsPeopleByStatus) {
  for (std::uint32_t number = 0; number < 15; ++number) leaves(number);
  for (std::uint32_t number = 0; number < 12; ++number) arrives(number);
  const json overview = get("/overview");
  EXPECT_EQ(overview.at("line"), "river-line");
  EXPECT_EQ(overview.at("edition").at("number"), 1);
  EXPECT_EQ(overview.at("posts").size(), 2u);
  EXPECT_EQ(overview.at("status_counts").at("between"), 3);
  EXPECT_EQ(overview.at("status_counts").at("side_b"), 12);
  EXPECT_EQ(overview.at("as_of").at("tree_head").at("size"), 28);
}

TEST_F(LineTest, OverviewHidesSmallCountsFromWhoMayNotSeeIndividuals) {
  for (std::uint32_t number = 0; number < 15; ++number) leaves(number);
  for (std::uint32_t number = 0; number < 12; ++number) arrives(number);
  for (const Role role : {Role::kStaff, Role::kNegotiator, Role::kAdministrator}) {
    desk_.caller = testing::person(role);
    const json counts = get("/overview").at("status_counts");
    EXPECT_TRUE(counts.at("between").is_null());
    EXPECT_TRUE(counts.at("side_b").is_null()) << "or the other could be told from a known total";
    EXPECT_EQ(counts.at("disputed"), 0);
  }
}

TEST_F(LineTest, BetweenListsTheLongestFirstWithTheirAge) {
  leaves(1);
  leaves(2);
  const json page = get("/between");
  EXPECT_EQ(page.at("total"), 2);
  ASSERT_EQ(page.at("persons").size(), 2u);
  EXPECT_EQ(page.at("persons")[0].at("subject"), traveller(1).hex());
  EXPECT_EQ(page.at("persons")[0].at("age_ms"), 2'000);
  EXPECT_EQ(page.at("persons")[0].at("came_from"), "A");
  EXPECT_EQ(page.at("persons")[1].at("age_ms"), 1'000);
}

TEST_F(LineTest, BetweenHasPagesThatJoinWithoutGapOrOverlap) {
  for (std::uint32_t number = 1; number <= 5; ++number) leaves(number);
  std::vector<std::string> seen;
  OfficeDesk::Parameters query{{"limit", "2"}};
  for (int pages = 0; pages < 10; ++pages) {
    const json page = get("/between", query);
    for (const json& person : page.at("persons")) seen.push_back(person.at("subject"));
    if (page.at("next_cursor").is_null()) break;
    query = {{"limit", "2"}, {"cursor", page.at("next_cursor")}};
  }
  ASSERT_EQ(seen.size(), 5u);
  for (std::uint32_t number = 1; number <= 5; ++number) EXPECT_EQ(seen[number - 1], traveller(number).hex());
}

TEST_F(LineTest, PagesRefuseBoundsAndCursorsThatAreNone) {
  const std::vector<OfficeDesk::Parameters> bad{{{"limit", "0"}},
                                                {{"limit", "201"}},
                                                {{"limit", "-1"}},
                                                {{"limit", "1e2"}},
                                                {{"limit", ""}},
                                                {{"cursor", "7"}},
                                                {{"cursor", "1.2.3"}},
                                                {{"cursor", "a.b"}},
                                                {{"cursor", "1.-2"}},
                                                {{"cursor", " 1.2"}},
                                                {{"sort", "name"}},
                                                {{"limit", "1"}, {"limit", "2"}},
                                                {{"cursor", std::string(129, '1')}}};
  for (const char* pattern : {"/between", "/cases", "/notices"}) {
    for (const auto& query : bad) {
      EXPECT_EQ(OfficeDesk::problem_of(desk_.get(pattern, query)), "400 invalid_argument")
          << pattern << "?" << query.front().first << "=" << query.front().second;
    }
    EXPECT_EQ(OfficeDesk::problem_of(desk_.get(pattern, {{"limit", "200"}})), "");
  }
  EXPECT_EQ(OfficeDesk::problem_of(desk_.get("/cases", {{"cursor", "1.3"}})), "400 invalid_argument");
  EXPECT_EQ(OfficeDesk::problem_of(desk_.get("/cases", {{"kind", "other"}})), "400 invalid_argument");
}

TEST_F(LineTest, CasesTellWhatBothDecided) {
  arrives(1);  // her exit is missing
  leaves(2);
  leaves(2);  // left twice: the records contradict each other
  const json page = get("/cases");
  EXPECT_EQ(page.at("counts").at("unmatched"), 1);
  EXPECT_EQ(page.at("counts").at("disputed"), 1);
  const json disputed = get("/cases", {{"kind", "disputed"}});
  ASSERT_EQ(disputed.at("cases").size(), 1u);
  EXPECT_EQ(disputed.at("cases")[0].at("subject"), traveller(2).hex());
  EXPECT_EQ(disputed.at("cases")[0].at("status"), "disputed");
  EXPECT_EQ(disputed.at("cases")[0].at("checkpoint"), "bridge");
  EXPECT_EQ(disputed.at("cases")[0].at("post_judgement").at("verdict"), "allow");
}

TEST_F(LineTest, LedgerHeadIsANoteThatVerifies) {
  leaves(1);
  const json head = get("/ledger/head");
  const auto note = merkle::SignedNote::parse(head.at("note").get<std::string>());
  ASSERT_TRUE(note) << note.error().to_string();
  const auto key = merkle::NoteVerifierKey::make("river-line/ledger", merkle::NoteKeyType::kEd25519,
                                                 testing::signer_of(1).public_key());
  EXPECT_TRUE(merkle::verify_note(*note, {&key, 1}));
  EXPECT_EQ(head.at("head").at("size"), 2);
}

class ActsTest : public LineTest {
 protected:
  json closure() const {
    return {{"checkpoint", "bridge"},
            {"from", "2026-10-01T08:00:00.000Z"},
            {"until", "2026-10-01T20:00:00Z"},
            {"reason", "ice on the road"}};
  }
  std::string problem_with(std::string_view pattern, const json& body,
                           const OfficeDesk::Parameters& path = {}) {
    return OfficeDesk::problem_of(desk_.post(pattern, body, path));
  }
};

TEST_F(ActsTest, ClosureStandsInThePartysNameUntilItIsLifted) {
  OfficeDesk::body_of(desk_.post("/closures", closure()));
  const json closures = get("/closures").at("closures");
  ASSERT_EQ(closures.size(), 1u);
  EXPECT_EQ(closures[0].at("party"), "A");
  EXPECT_EQ(closures[0].at("in_effect"), true);
  EXPECT_EQ(closures[0].at("reason"), "ice on the road");

  const json lift = {{"checkpoint", "bridge"}, {"reason", "cleared"}};
  desk_.caller = testing::person(Role::kSupervisor, Party::kB);
  EXPECT_EQ(problem_with("/closures/lift", lift), "409 conflict") << "the other party's closures stay";
  desk_.caller = testing::person(Role::kSupervisor);
  EXPECT_EQ(problem_with("/closures/lift", lift), "");
  EXPECT_TRUE(get("/closures").at("closures").empty());
  EXPECT_EQ(problem_with("/closures/lift", lift), "409 conflict");
}

TEST_F(ActsTest, ClosureIsRefusedWhenItMakesNoSense) {
  const auto field_of = [&](const char* name, json value) {
    json request = closure();
    request[name] = std::move(value);
    const auto refused = desk_.post("/closures", request);
    return refused ? "" : refused.error().field;
  };
  EXPECT_EQ(field_of("checkpoint", "tunnel"), "checkpoint");
  EXPECT_EQ(field_of("until", "2026-10-01T08:00:00.000Z"), "until");
  EXPECT_EQ(field_of("until", "2026-09-01T08:00:00.000Z"), "until");
  EXPECT_EQ(field_of("until", "2026-10-03T08:00:00.000Z"), "") << "48 hours, the agreed length";
  EXPECT_EQ(field_of("until", "2026-10-03T08:00:00.001Z"), "until");
  EXPECT_EQ(field_of("from", "2026-10-01T08:00:00+02:00"), "from");
  EXPECT_EQ(field_of("from", "2026-02-30T08:00:00Z"), "from");
  EXPECT_EQ(field_of("from", 0), "from");
  EXPECT_EQ(field_of("reason", ""), "reason");
  EXPECT_EQ(field_of("reason", std::string(501, 'x')), "reason");
  EXPECT_EQ(field_of("reason", "line\nbreak"), "reason");
}

TEST_F(ActsTest, OnlyTheWordOfWhomTheArticleNamesIsTaken) {
  const auto word_for = [this](const char* article) {
    return problem_with(
        "/overrides",
        {{"subject", traveller(1).hex()}, {"article", article}, {"reason", "the aunt is known"}});
  };
  EXPECT_EQ(word_for("4(3)"), "");
  EXPECT_EQ(word_for("8(1)"), "400 invalid_argument") << "nobody may override it";
  EXPECT_EQ(word_for("99"), "400 invalid_argument");
  desk_.caller = testing::person(Role::kShiftLead, Party::kB);
  EXPECT_EQ(word_for("4(3)"), "");
  desk_.caller = testing::person(Role::kShiftLead, Party::kA);
  EXPECT_EQ(word_for("4(3)"), "403 forbidden") << "not among the roles";
}

TEST_F(ActsTest, ListHoldsAPersonWhoeverTheyAre) {
  const json entry = {{"subject", traveller(1).hex()}, {"reason", "lost passport"}};
  EXPECT_EQ(problem_with("/lists/{list}/entries/remove", entry, {{"list", "hold"}}), "409 conflict");
  EXPECT_EQ(problem_with("/lists/{list}/entries", entry, {{"list", "hold"}}), "");
  const json found = OfficeDesk::body_of(desk_.post(
      "/lookups", {{"subject", traveller(1).hex()}, {"purpose", "list_review"}, {"case_number", "7"}}));
  EXPECT_EQ(found.at("current").at("lists"), json::array({"hold"}));
  EXPECT_EQ(problem_with("/lists/{list}/entries/remove", entry, {{"list", "hold"}}), "");
  EXPECT_EQ(problem_with("/lists/{list}/entries/remove", entry, {{"list", "hold"}}), "409 conflict");
}

TEST_F(ActsTest, ListTakesADocumentThatNobodyHasPresentedYet) {
  const json entry = {{"document", {{"issuer", "XAA"}, {"number", "77"}, {"kind", "id_card"}}},
                      {"reason", "reported stolen"}};
  EXPECT_EQ(problem_with("/lists/{list}/entries", entry, {{"list", "hold"}}), "");
  EXPECT_EQ(problem_with("/lists/{list}/entries", entry, {{"list", "nowhere"}}), "404 not_found");
}

TEST_F(ActsTest, PermitIsTheOwnPartysToWithdraw) {
  const std::string she = traveller(1).hex();
  const json permit = {{"subject", she},
                       {"kind", "humanitarian"},
                       {"valid_from", "2026-09-01T00:00:00Z"},
                       {"valid_until", "2099-10-01T00:00:00Z"},
                       {"reason", "treatment"}};
  const json withdrawal = {{"subject", she}, {"kind", "humanitarian"}, {"reason", "treatment is over"}};
  EXPECT_EQ(problem_with("/permits/withdraw", withdrawal), "409 conflict");
  EXPECT_EQ(problem_with("/permits", permit), "");
  desk_.caller = testing::person(Role::kSupervisor, Party::kB);
  EXPECT_EQ(problem_with("/permits/withdraw", withdrawal), "409 conflict");
  desk_.caller = testing::person(Role::kSupervisor, Party::kA);
  EXPECT_EQ(problem_with("/permits/withdraw", withdrawal), "");
  EXPECT_EQ(problem_with("/permits/withdraw", withdrawal), "409 conflict");
}

TEST_F(ActsTest, NoticeGoesItsWayBetweenTheParties) {
  const auto step = [this](const char* name, Party party) {
    desk_.caller = testing::person(Role::kSupervisor, party);
    return problem_with("/notices",
                        {{"subject", traveller(1).hex()}, {"step", name}, {"reason", "list of 1 October"}});
  };
  EXPECT_EQ(step("objected", Party::kB), "409 conflict") << "nobody gave notice";
  EXPECT_EQ(step("maybe", Party::kA), "400 invalid_argument");
  EXPECT_EQ(step("given", Party::kA), "");
  EXPECT_EQ(step("given", Party::kB), "409 conflict") << "which would set the other's hours back to none";
  EXPECT_EQ(step("objected", Party::kA), "409 conflict") << "to its own notice";
  EXPECT_EQ(step("approved", Party::kA), "409 conflict") << "its own notice, alone";
  EXPECT_EQ(step("withdrawn", Party::kB), "409 conflict");
  EXPECT_EQ(step("objected", Party::kB), "");
  EXPECT_EQ(step("objected", Party::kB), "409 conflict");
  EXPECT_EQ(step("rejected", Party::kB), "409 conflict") << "its own objection";
  EXPECT_EQ(step("approved", Party::kA), "");
  EXPECT_EQ(step("withdrawn", Party::kA), "");
  EXPECT_EQ(step("approved", Party::kA), "409 conflict");
  EXPECT_EQ(step("given", Party::kB), "");
  EXPECT_EQ(step("rejected", Party::kA), "");
  EXPECT_EQ(step("given", Party::kA), "") << "after a rejection anybody begins anew";
}

TEST_F(ActsTest, LeasesOfAQuotaNeverExceedIt) {
  const auto lease = [this](const char* quota, const char* agent, std::int64_t amount) {
    return problem_with("/quotas/{quota}/leases",
                        {{"agent", agent}, {"amount", amount}, {"reason", "the clinic's bus"}},
                        {{"quota", quota}});
  };
  EXPECT_EQ(lease("patients", "bridge-a", 7), "");
  EXPECT_EQ(lease("patients", "bridge-b", 6), "409 conflict") << "12 a day";
  EXPECT_EQ(lease("patients", "bridge-b", 5), "");
  EXPECT_EQ(lease("patients", "bridge-b", 1), "409 conflict");
  EXPECT_EQ(lease("patients", "nowhere", 1), "400 invalid_argument");
  EXPECT_EQ(lease("patients", "bridge-a", 0), "400 invalid_argument");
  EXPECT_EQ(lease("buses", "bridge-a", 1), "404 not_found");
}

TEST_F(ActsTest, QuotasSayWhatIsUsedLeasedAndLeft) {
  leaves(1);
  leaves(2);
  const json lease = {{"agent", "bridge-a"}, {"amount", 7}, {"reason", "the clinic's bus"}};
  EXPECT_EQ(problem_with("/quotas/{quota}/leases", lease, {{"quota", "patients"}}), "");
  leaves(3);
  const json quotas = get("/quotas");
  EXPECT_EQ(quotas.at("edition").at("number"), 1);
  EXPECT_EQ(quotas.at("day_ends").get<std::string>().substr(10), "T00:00:00.000Z") << "its clock is UTC";
  const json& quota = quotas.at("quotas").at(0);
  EXPECT_EQ(quota.at("per_day"), 12);
  EXPECT_EQ(quota.at("used"), 3);
  EXPECT_EQ(quota.at("leased"), 6) << "one of the seven is used";
  EXPECT_EQ(quota.at("left"), 3);
  const json held = {{"checkpoint", "bridge"},
                     {"side", "A"},
                     {"agent", "bridge-a"},
                     {"amount", 9},
                     {"used", 3},
                     {"left", 6}};
  EXPECT_EQ(quota.at("leases"), json::array({held}));
}

TEST_F(ActsTest, QuotasGiveNoSmallFigureAway) {
  leaves(1);
  const json lease = {{"agent", "bridge-a"}, {"amount", 7}, {"reason", "the clinic's bus"}};
  EXPECT_EQ(problem_with("/quotas/{quota}/leases", lease, {{"quota", "patients"}}), "");
  for (const Role role : {Role::kNegotiator, Role::kAdministrator}) {
    desk_.caller = testing::person(role);
    const json quota = get("/quotas").at("quotas").at(0);
    for (const char* figure : {"used", "leased", "left"}) EXPECT_TRUE(quota.at(figure).is_null()) << figure;
    for (const char* figure : {"amount", "used", "left"})
      EXPECT_TRUE(quota.at("leases").at(0).at(figure).is_null()) << figure;
    EXPECT_EQ(quota.at("leases").at(0).at("agent"), "bridge-a");
  }
  desk_.caller = testing::person(Role::kStaff);
  EXPECT_EQ(OfficeDesk::problem_of(desk_.get("/quotas")), "403 forbidden");
}

TEST_F(ActsTest, QuotasOfYesterdayAreNotTodays) {
  leaves(1);
  desk_.line.core.clock.advance(86'400'000);
  const json quota = get("/quotas").at("quotas").at(0);
  EXPECT_EQ(quota.at("used"), 0);
  EXPECT_EQ(quota.at("left"), 12);
}

TEST_F(ActsTest, NoticesSayWhoTookEachStepAndWhatIsDue) {
  const std::string asks = R"toml(
[[article]]
id      = "9(1)"
text    = "Whoever leaves is announced two days before."
require = { notified = { hours_before = 48, objection_within = 24 } }
otherwise = "refuse"
)toml";
  ASSERT_TRUE(std::holds_alternative<server::ActReceipt>(
      desk_.line.core.adopt(testing::sealed_edition(2, "2026-09-15T00:00:00", asks))));
  const auto step = [this](const char* name, Party party) {
    desk_.caller = testing::person(Role::kSupervisor, party);
    return problem_with("/notices",
                        {{"subject", traveller(1).hex()}, {"step", name}, {"reason", "list of 1 October"}});
  };
  EXPECT_EQ(step("given", Party::kA), "");
  json page = get("/notices");
  EXPECT_EQ(page.at("total"), 1);
  EXPECT_EQ(page.at("terms").at(0).at("articles").at(0).at("id"), "9(1)");
  EXPECT_EQ(page.at("terms").at(0).at("objection_within"), 24);
  json outlook = page.at("notices").at(0).at("outlooks").at(0);
  EXPECT_EQ(outlook.at("stage"), "given");
  EXPECT_EQ(outlook.at("due").at(0).at("step"), "objection");
  EXPECT_EQ(outlook.at("due").at(0).at("parties"), json::array({"B", "G"}));

  desk_.line.core.clock.advance(3'600'000);
  EXPECT_EQ(step("objected", Party::kB), "");
  page = get("/notices");
  const json& steps = page.at("notices").at(0).at("steps");
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(steps.at(1).at("step"), "objected");
  EXPECT_EQ(steps.at(1).at("party"), "B");
  EXPECT_EQ(steps.at(1).at("officer"), "b.supervisor");
  EXPECT_EQ(steps.at(1).at("reason"), "list of 1 October");
  outlook = page.at("notices").at(0).at("outlooks").at(0);
  EXPECT_EQ(outlook.at("stage"), "objected");
  ASSERT_EQ(outlook.at("due").size(), 1u);
  EXPECT_EQ(outlook.at("due").at(0).at("step"), "ruling");
  EXPECT_EQ(outlook.at("due").at(0).at("parties"), json::array({"A", "G"}));
  EXPECT_TRUE(outlook.at("counts_from").is_null());

  EXPECT_EQ(step("withdrawn", Party::kA), "");
  EXPECT_EQ(get("/notices").at("total"), 0);
}

TEST_F(ActsTest, NoticesStandWithoutAnArticleThatAsksForThem) {
  const json given = {{"subject", traveller(1).hex()}, {"step", "given"}, {"reason", "list of 1 October"}};
  EXPECT_EQ(problem_with("/notices", given), "");
  const json page = get("/notices");
  EXPECT_TRUE(page.at("terms").empty()) << "this edition asks for no notice";
  EXPECT_TRUE(page.at("notices").at(0).at("outlooks").empty());
  desk_.caller = testing::person(Role::kNegotiator);
  EXPECT_EQ(OfficeDesk::problem_of(desk_.get("/notices")), "403 forbidden") << "they are about persons";
}

TEST_F(ActsTest, NoticesHavePagesThatJoinWithoutGapOrOverlap) {
  for (std::uint32_t number = 1; number <= 5; ++number) {
    EXPECT_EQ(problem_with("/notices",
                           {{"subject", traveller(number).hex()}, {"step", "given"}, {"reason", "the list"}}),
              "");
  }
  std::vector<std::string> seen;
  OfficeDesk::Parameters query{{"limit", "2"}};
  for (int pages = 0; pages < 10; ++pages) {
    const json page = get("/notices", query);
    for (const json& notice : page.at("notices")) seen.push_back(notice.at("subject"));
    if (page.at("next_cursor").is_null()) break;
    query = {{"limit", "2"}, {"cursor", page.at("next_cursor")}};
  }
  ASSERT_EQ(seen.size(), 5u);
  for (std::uint32_t number = 1; number <= 5; ++number) EXPECT_EQ(seen[5 - number], traveller(number).hex());
}

TEST_F(ActsTest, ResolutionCountsWhenBothSidesSayTheSame) {
  leaves(1);
  leaves(1);
  const json word = {{"subject", traveller(1).hex()}, {"status", "side_b"}, {"reason", "seen at home"}};
  const json first = OfficeDesk::body_of(desk_.post("/resolutions", word));
  EXPECT_EQ(first.at("current").at("status"), "disputed");
  EXPECT_EQ(first.at("current").at("resolutions"), json({{"A", "side_b"}}));
  desk_.caller = testing::person(Role::kSupervisor, Party::kB);
  const json second = OfficeDesk::body_of(desk_.post("/resolutions", word));
  EXPECT_EQ(second.at("current").at("status"), "side_b");
  EXPECT_EQ(problem_with("/resolutions", word), "409 conflict");
}

TEST_F(ActsTest, ResolutionIsNotTheGuarantors) {
  leaves(1);
  leaves(1);
  desk_.caller = testing::person(Role::kSupervisor, Party::kGuarantor);
  EXPECT_EQ(problem_with("/resolutions",
                         {{"subject", traveller(1).hex()}, {"status", "side_b"}, {"reason", "seen at home"}}),
            "403 forbidden");
}

TEST_F(ActsTest, ResolutionIsOfADisputedStatusOnly) {
  leaves(1);
  EXPECT_EQ(problem_with("/resolutions",
                         {{"subject", traveller(1).hex()}, {"status", "side_b"}, {"reason", "seen at home"}}),
            "409 conflict");
  EXPECT_EQ(
      problem_with("/resolutions",
                   {{"subject", traveller(1).hex()}, {"status", "between"}, {"reason", "seen at home"}}),
      "400 invalid_argument");
}

}  // namespace
}  // namespace crossline::api
