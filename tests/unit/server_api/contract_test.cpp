// openapi.yaml against the code: every operation is there, nothing else is, and every answer is as described.
#include "crossline/documents/mrz.hpp"
#include "web.hpp"

namespace crossline::api {
namespace {

using nlohmann::json;

std::set<std::string> routed(const HttpApi& api) {
  std::set<std::string> found;
  for (const std::string& route : api.routes()) {
    const std::size_t prefix = route.find(kApiPrefix);
    if (prefix != std::string::npos)
      found.insert(route.substr(0, prefix) + route.substr(prefix + kApiPrefix.size()));
  }
  return found;
}

TEST(OpenApi, DescribesExactlyWhatIsRouted) {
  const Web web;
  EXPECT_EQ(routed(web.api), Contract::get().operations());
}

TEST(OpenApi, GivesTheStatusOfSuccess) {
  for (const Operation& operation : operations()) {
    const auto& described =
        Contract::get().operation(fmt::format("{} {}", operation.method, operation.pattern));
    EXPECT_TRUE(described.at("responses").contains(std::to_string(operation.status))) << operation.pattern;
  }
}

TEST(OpenApi, AsksForTheCsrfTokenWhereTheCodeDoes) {
  for (const std::string& target : Contract::get().operations()) {
    const json parameters = Contract::get().operation(target).value("parameters", json::array());
    const bool asks = std::find(parameters.begin(), parameters.end(),
                                json{{"$ref", "#/components/parameters/CsrfToken"}}) != parameters.end();
    EXPECT_EQ(asks, !target.starts_with("GET ") && target != "POST /session") << target;
  }
}

// A line on which everything that can be shown has happened.
class BusyLine : public ::testing::Test {
 protected:
  BusyLine() {
    wire::Identity identity;
    identity.document_kind = "passport";
    identity.document_issuer = "XAA";
    identity.document_number = "N1";
    identity.primary_name = "SYNTHETIC";
    identity.birth_date = "900101";
    identity.expiry_date = "300101";
    identity.nationality = "XAA";
    movement::Movement leaving = testing::passing(she_, movement::Direction::kExit);
    leaving.companions = {{testing::traveller(2), movement::Relation::kParent}};
    leaving.local_verdict = movement::Verdict::kRefer;
    leaving.declared.convoy = movement::DeclaredConvoy{2, 9, true};
    leaving.declared.goods = {{"cash", "EUR", 9'000}};
    leaving.declared.weapons = false;
    leaving.declared.facts = {{"purpose", 0, "harvest"}, {"nights", 3, ""}};
    web_.line.at_a.record_with_identity(leaving, identity, web_.line.core.clock.now());
    web_.line.core.submit_new(web_.line.at_a);
    refuse(testing::traveller(3));
    pass(web_.line.at_b, testing::traveller(4), movement::Direction::kEntry);  // unmatched
    pass(web_.line.at_a, testing::traveller(5), movement::Direction::kExit);
    pass(web_.line.at_a, testing::traveller(5), movement::Direction::kExit);  // disputed
    pass(web_.line.at_a, testing::traveller(6), movement::Direction::kExit);
    movement::Movement child = testing::passing(testing::traveller(7), movement::Direction::kExit);
    child.age_years = 12;  // alone: the server disagrees
    web_.line.record(web_.line.at_a, child);
    web_.line.core.clock.advance(60'000);
    pass(web_.line.at_b, testing::traveller(6),
         movement::Direction::kEntry);  // a stay between the posts that ended
    browser_.sign_in("a.supervisor");
  }

  void pass(testing::SigningAgent& agent, const SubjectId& subject, movement::Direction direction) {
    web_.line.record(agent, testing::passing(subject, direction));
  }
  void refuse(const SubjectId& subject) {
    movement::Movement attempt = testing::passing(subject, movement::Direction::kExit);
    attempt.age_years = 12;
    attempt.outcome = movement::Outcome::kReferred;
    attempt.verdict = movement::Verdict::kRefer;
    attempt.articles = {"4(3)", "no longer in force"};
    web_.line.record(web_.line.at_a, attempt);
  }
  json success(const runtime::HttpResponse& response) {
    EXPECT_LT(response.status, 300) << response.body;
    return response.body.empty() ? json() : json::parse(response.body);
  }

  Web web_;
  Browser browser_{web_};
  SubjectId she_ =
      web_.line.subject_of(documents::document_key("XAA", documents::DocumentKind::kPassport, "N1"));
};

// Browser holds each answer against its schema.
TEST_F(BusyLine, EveryPageIsAsDescribed) {
  EXPECT_EQ(success(browser_.get("/overview")).at("posts").size(), 2u);
  EXPECT_EQ(success(browser_.get("/between?limit=1")).at("persons").size(), 1u);
  EXPECT_EQ(success(browser_.get("/cases")).at("cases").size(), 3u);
  EXPECT_EQ(success(browser_.get("/cases?limit=1")).at("next_cursor").is_string(), true);
  success(browser_.get("/ledger/head"));
  const json procedure = success(browser_.get("/procedure")).at("edition");
  EXPECT_EQ(procedure.at("lists").at(0).at("name"), "hold");
  const json same = success(browser_.get("/procedure/differences?from=1&to=1"));
  EXPECT_EQ(same.at("nobody"), true);
  EXPECT_EQ(same.at("changes"), json::array());
  EXPECT_EQ(same.at("before").at("articles"), json::array());  // it names no article
  EXPECT_FALSE(procedure.at("articles")[1].at("clauses")[0].at("text").at("en").get<std::string>().empty());
  const json editions = success(browser_.get("/procedure/editions")).at("editions");
  ASSERT_EQ(editions.size(), 1u);
  EXPECT_EQ(editions[0].at("state"), "in_force");
  EXPECT_EQ(success(browser_.get("/procedure/posts")).at("posts").size(), 2u);
  EXPECT_EQ(success(browser_.get("/procedure/shadow")).at("movements"), 0);
  for (const char* group : {"day", "week", "month"}) {
    const json statistics =
        success(browser_.get(fmt::format("/statistics?from=2026-09-01&to=2026-10-31&group_by={}", group)));
    EXPECT_EQ(statistics.at("totals").at("A").at("exits"), 5);
    EXPECT_EQ(statistics.at("between").at("mean_ms"), 60'000);
    EXPECT_EQ(statistics.at("hidden_cells"), 0);
  }
}

TEST_F(BusyLine, EveryActIsAsDescribed) {
  const auto act = [&](const char* target, const json& body, std::string_view pattern = {}) {
    return success(browser_.send("POST", fmt::format("{}{}", kApiPrefix, target), body.dump(), {}, pattern));
  };
  const json lookup =
      act("/lookups", {{"document", {{"issuer", "XAA"}, {"number", "N1"}, {"kind", "passport"}}},
                       {"purpose", "complaint"},
                       {"case_number", "7"}});
  act("/lists/hold/entries", {{"subject", she_.hex()}, {"reason", "lost passport"}}, "/lists/{list}/entries");
  act("/permits",
      {{"subject", she_.hex()},
       {"kind", "humanitarian"},
       {"valid_from", "2026-09-01T00:00:00Z"},
       {"valid_until", "2099-10-01T00:00:00Z"},
       {"reason", "treatment"}},
      "/permits");
  act("/permits/withdraw", {{"subject", she_.hex()}, {"kind", "humanitarian"}, {"reason", "it is over"}},
      "/permits/withdraw");
  act("/notices", {{"subject", she_.hex()}, {"step", "given"}, {"reason", "on the list of patients"}},
      "/notices");
  act("/quotas/patients/leases", {{"agent", "bridge-a"}, {"amount", 5}, {"reason", "the clinic's bus"}},
      "/quotas/{quota}/leases");
  const json notices = success(browser_.get("/notices"));
  EXPECT_EQ(notices.at("total"), 1);
  EXPECT_EQ(notices.at("notices")[0].at("steps")[0].at("reason"), "on the list of patients");
  const json quota = success(browser_.get("/quotas")).at("quotas")[0];
  EXPECT_EQ(quota.at("leases")[0].at("agent"), "bridge-a");
  act("/overrides", {{"subject", she_.hex()}, {"article", "4(3)"}, {"reason", "the aunt is known"}},
      "/overrides");
  act("/lists/hold/entries/remove", {{"subject", she_.hex()}, {"reason", "found again"}},
      "/lists/{list}/entries/remove");
  const json timeline =
      act("/timelines", {{"subject", she_.hex()}, {"lookup_index", lookup.at("ledger_index")}});
  EXPECT_EQ(timeline.at("records").size(), 8u);
  const json& declared = timeline.at("records").back().at("movement").at("declared");
  EXPECT_EQ(declared.at("goods"), json::array({{{"kind", "cash"}, {"unit", "EUR"}, {"amount", 9'000}}}));
  EXPECT_EQ(declared.at("weapons"), false);
  EXPECT_EQ(declared.at("facts"),
            json::array({{{"name", "purpose"}, {"word", "harvest"}}, {{"name", "nights"}, {"number", 3}}}));
  EXPECT_FALSE(declared.contains("mode")) << "nothing said is unknown";
  act("/resolutions",
      {{"subject", testing::traveller(5).hex()}, {"status", "side_a"}, {"reason", "seen at home"}});
  act("/closures", {{"checkpoint", "bridge"},
                    {"from", "2026-10-02T00:00:00Z"},
                    {"until", "2026-10-03T00:00:00Z"},
                    {"reason", "ice"}});
  EXPECT_EQ(success(browser_.get("/closures")).at("closures").size(), 1u);
  act("/closures/lift", {{"checkpoint", "bridge"}, {"reason", "thaw"}});
  EXPECT_EQ(browser_.send("DELETE", "/api/v1/session").status, 204);
}

TEST_F(BusyLine, FiguresAreHiddenFromWhoMayNotSeeIndividuals) {
  Browser negotiator(web_);
  negotiator.sign_in("a.negotiator");
  const json statistics = success(negotiator.get("/statistics?from=2026-10-01&to=2026-10-01"));
  EXPECT_TRUE(statistics.at("totals").at("A").at("exits").is_null());
  EXPECT_TRUE(statistics.at("between").at("ended").is_null());
  EXPECT_TRUE(statistics.at("between").at("mean_ms").is_null());
  EXPECT_GT(statistics.at("hidden_cells"), 0);
  Browser auditor(web_);
  auditor.sign_in("a.auditor");
  EXPECT_EQ(
      success(auditor.get("/statistics?from=2026-10-01&to=2026-10-01")).at("totals").at("A").at("exits"), 5);
}

TEST_F(BusyLine, StatisticsRefuseDaysThatAreNone) {
  for (const char* query :
       {"", "?from=2026-10-01", "?from=2026-10-02&to=2026-10-01", "?from=2026-02-30&to=2026-03-01",
        "?from=2020-01-01&to=2026-01-01", "?from=2026-10-01&to=2026-10-01&group_by=year",
        "?from=2026-10-01&to=2026-10-01&from=2026-10-01", "?from=2026-10-01&to=2026-10-01&by=sex"}) {
    EXPECT_EQ(code_of(browser_.get(fmt::format("/statistics{}", query))), "400 invalid_argument") << query;
  }
}

TEST(OpenApi, HoldsOnAnEmptyLineToo) {
  Web web;
  Browser browser(web);
  browser.sign_in("a.supervisor");
  web.line.core.ledger.crash();
  for (const char* target : {"/overview", "/between", "/cases", "/closures", "/notices", "/quotas",
                             "/procedure", "/procedure/editions", "/procedure/shadow", "/procedure/posts"}) {
    EXPECT_EQ(browser.get(target).status, 200) << target;
  }
  EXPECT_EQ(browser.get("/statistics?from=2026-10-01&to=2026-10-01").status, 200);
}

}  // namespace
}  // namespace crossline::api
