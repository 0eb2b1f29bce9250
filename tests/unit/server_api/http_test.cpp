// Signing in, and what a request needs before an operation runs.
#include "central-server/api/src/http_answers.hpp"
#include "crossline/runtime/http_client.hpp"
#include "crossline/runtime/http_guard.hpp"
#include "crossline/runtime/http_server.hpp"
#include "web.hpp"

#include <thread>

namespace crossline::api {
namespace {

using accounts::Role;
using nlohmann::json;

class HttpTest : public ::testing::Test {
 protected:
  Web web_;
  Browser browser_{web_};
};

TEST_F(HttpTest, SignInSetsACookieThatOnlyThisHostGetsBack) {
  const auto response = browser_.sign_in("a.supervisor");
  ASSERT_EQ(response.status, 201);
  const std::string cookie(response.headers.find("Set-Cookie").value());
  EXPECT_TRUE(cookie.starts_with("__Host-crossline="));
  for (const char* rule : {"; Secure", "; HttpOnly", "; SameSite=Strict", "; Path=/"}) {
    EXPECT_NE(cookie.find(rule), std::string::npos) << rule;
  }
  EXPECT_EQ(cookie.find("Domain"), std::string::npos);
  EXPECT_EQ(response.body.find(browser_.cookie.substr(browser_.cookie.find('=') + 1)), std::string::npos);
  const json session = json::parse(browser_.get("/session").body);
  EXPECT_EQ(session.at("user"), "a.supervisor");
  EXPECT_EQ(session.at("csrf_token"), browser_.csrf);
}

TEST_F(HttpTest, SignInRefusesAWrongPasswordAndAnUnknownNameAlike) {
  const auto wrong = browser_.sign_in("a.supervisor", "wrong horse battery");
  const auto unknown = browser_.sign_in("nobody", "wrong horse battery");
  EXPECT_EQ(code_of(wrong), "401 wrong_credentials");
  EXPECT_EQ(wrong.body, unknown.body);
  EXPECT_FALSE(wrong.headers.find("Set-Cookie"));
}

TEST_F(HttpTest, SignInSlowsDownAfterTooManyAttempts) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(browser_.sign_in("a.staff", "wrong horse battery").status, 401);
  const auto refused = browser_.sign_in("a.staff");
  EXPECT_EQ(code_of(refused), "429 too_many_attempts");
  EXPECT_EQ(refused.headers.find("Retry-After"), "30");
  EXPECT_EQ(browser_.sign_in("a.auditor").status, 201) << "others are not held up";
  web_.line.core.clock.advance(30'000);
  EXPECT_EQ(browser_.sign_in("a.staff").status, 201);
}

TEST_F(HttpTest, SignInWantsExactlyNameAndPassword) {
  for (const json& body :
       {json::object(), json{{"name", "a.staff"}}, json{{"name", 7}, {"password", "x"}},
        json{{"name", "a.staff"}, {"password", ""}}, json{{"name", std::string(65, 'a')}, {"password", "x"}},
        json{{"name", "a.staff"}, {"password", "x"}, {"role", "administrator"}}}) {
    EXPECT_EQ(code_of(browser_.post("/session", body)), "400 invalid_argument") << body;
  }
}

TEST_F(HttpTest, SignOutEndsTheSessionAtOnce) {
  browser_.sign_in("a.supervisor");
  const auto signed_out = browser_.send("DELETE", "/api/v1/session");
  EXPECT_EQ(signed_out.status, 204);
  EXPECT_NE(signed_out.headers.find("Set-Cookie")->find("Max-Age=0"), std::string::npos);
  EXPECT_EQ(code_of(browser_.get("/session")), "401 unauthenticated");
}

TEST_F(HttpTest, SessionEndsWithIdlenessAndWithTheDay) {
  browser_.sign_in("a.supervisor");
  web_.line.core.clock.advance(accounts::kIdleLimitMs);
  EXPECT_EQ(code_of(browser_.get("/overview")), "401 unauthenticated");

  browser_.sign_in("a.supervisor");
  for (std::int64_t used_ms = 0; used_ms < accounts::kSessionLimitMs; used_ms += accounts::kIdleLimitMs / 2) {
    ASSERT_EQ(browser_.get("/overview").status, 200) << used_ms;
    web_.line.core.clock.advance(accounts::kIdleLimitMs / 2);
  }
  EXPECT_EQ(code_of(browser_.get("/overview")), "401 unauthenticated");
}

TEST_F(HttpTest, SessionIsWanted) {
  EXPECT_EQ(code_of(browser_.get("/overview")), "401 unauthenticated");
  for (const char* cookie : {"__Host-crossline=", "__Host-crossline=00", "crossline=00", "="}) {
    EXPECT_EQ(code_of(browser_.get("/overview", {{"Cookie", cookie}})), "401 unauthenticated") << cookie;
  }
  EXPECT_EQ(code_of(browser_.get("/overview", {{"Cookie", "__Host-crossline=" + std::string(64, '0')}})),
            "401 unauthenticated");
}

// The whole table: every operation, every role.
TEST_F(HttpTest, EveryRoleMayDoWhatTheContractSaysAndNothingElse) {
  for (const Role role : accounts::kRoles) {
    Browser browser(web_);
    ASSERT_EQ(browser.sign_in("a." + std::string(accounts::name_of(role))).status, 201);
    for (const Operation& operation : operations()) {
      const std::string target = fmt::format("{} {}", operation.method, operation.pattern);
      std::string path = fmt::format("{}{}", kApiPrefix, operation.pattern);
      if (const auto list = path.find("{list}"); list != std::string::npos) path.replace(list, 6, "hold");
      const auto response = browser.send(std::string(operation.method), path,
                                         is_safe(operation.method) ? "" : "{}", {}, operation.pattern);
      const bool forbidden = response.status == 403 && code_of(response) == "403 forbidden";
      EXPECT_EQ(!forbidden, Contract::get().lets(target, role)) << accounts::name_of(role) << " " << target;
    }
  }
}

TEST_F(HttpTest, ChangesNeedTheSessionsToken) {
  browser_.sign_in("a.supervisor");
  const json lookup = {{"subject", std::string(32, 'a')}, {"purpose", "other"}, {"case_number", "1"}};
  EXPECT_EQ(browser_.post("/lookups", lookup).status, 201);
  const std::string good = browser_.csrf;
  Browser other(web_);
  other.sign_in("b.supervisor");
  for (const std::string& token : {std::string("x"), good.substr(1), good + "0", other.csrf}) {
    EXPECT_EQ(code_of(browser_.post("/lookups", lookup, {{"X-CSRF-Token", token}})), "403 csrf");
  }
  browser_.csrf.clear();
  EXPECT_EQ(code_of(browser_.post("/lookups", lookup)), "403 csrf");
  EXPECT_EQ(code_of(browser_.send("DELETE", "/api/v1/session")), "403 csrf");
}

TEST_F(HttpTest, RequestsOfOtherSitesAreRefused) {
  browser_.sign_in("a.supervisor");
  EXPECT_EQ(browser_.get("/overview", {{"Sec-Fetch-Site", "cross-site"}}).status, 403);
  EXPECT_EQ(browser_.get("/overview", {{"Sec-Fetch-Site", "same-site"}}).status, 403);
  EXPECT_EQ(browser_.get("/overview", {{"Host", "evil.example"}}).status, 421);
  const json credentials = {{"name", "a.staff"}, {"password", kPassword}};
  EXPECT_EQ(browser_.post("/session", credentials, {{"Sec-Fetch-Site", "cross-site"}}).status, 403);
  EXPECT_EQ(browser_.post("/session", credentials, {{"Origin", "https://evil.example"}}).status, 403);
  EXPECT_EQ(browser_.post("/session", credentials, {{"Origin", "https://" + std::string(kHost)}}).status,
            201);
}

TEST_F(HttpTest, BodiesAreJson) {
  browser_.sign_in("a.supervisor");
  const auto broken = browser_.send("POST", "/api/v1/lookups", "{\"case_number\": \"SECRET\"");
  EXPECT_EQ(code_of(broken), "400 malformed");
  EXPECT_NE(broken.body.find("line 1, column"), std::string::npos);
  EXPECT_EQ(broken.body.find("SECRET"), std::string::npos);
  for (const char* type : {"text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""}) {
    EXPECT_EQ(code_of(browser_.send("POST", "/api/v1/lookups", "{}", {{"Content-Type", type}})),
              "415 malformed");
  }
  EXPECT_NE(
      browser_.send("POST", "/api/v1/lookups", "{}", {{"Content-Type", "application/json; charset=utf-8"}})
          .status,
      415);
}

TEST_F(HttpTest, UnknownPathsAndMethodsAreProblems) {
  browser_.sign_in("a.supervisor");
  EXPECT_EQ(code_of(browser_.get("/nowhere")), "404 not_found");
  EXPECT_EQ(code_of(browser_.send("GET", "/api")), "404 not_found");
  EXPECT_EQ(code_of(browser_.send("GET", "/api/v1/session/../../etc")), "404 not_found");
  EXPECT_EQ(browser_.send("PUT", "/api/v1/overview").status, 405);
  EXPECT_EQ(browser_.send("HEAD", "/api/v1/overview").status, 200);
}

TEST_F(HttpTest, FailuresOfTheServerAreLoggedWithoutWhatWasAsked) {
  browser_.sign_in("a.supervisor");
  web_.line.disk_fails = true;
  const auto failed = browser_.post(
      "/lookups", {{"subject", std::string(32, 'a')}, {"purpose", "other"}, {"case_number", "SECRET"}});
  EXPECT_EQ(code_of(failed), "500 storage_failed");
  ASSERT_EQ(web_.logged.size(), 1u);
  EXPECT_EQ(web_.logged[0], "POST /lookups: storage_failed");
}

TEST_F(HttpTest, ReadinessFollowsItsChecks) {
  EXPECT_EQ(browser_.send("GET", "/healthz", "", {{"Host", "10.0.0.1"}}).status, 200);
  EXPECT_EQ(browser_.send("GET", "/readyz").status, 200);
  web_.ready = false;
  const auto response = browser_.send("GET", "/readyz");
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(json::parse(response.body).at("checks").at("ledger"), false);
}

TEST_F(HttpTest, MetricsAreForOperatorsAndHoldNobodysName) {
  browser_.sign_in("a.supervisor");
  browser_.get("/overview?cursor=SECRET");
  browser_.get("/nowhere/SECRET");
  EXPECT_EQ(browser_.send("GET", "/metrics").status, 403);
  browser_.address = "127.0.0.1";
  const auto metrics = browser_.send("GET", "/metrics");
  ASSERT_EQ(metrics.status, 200);
  EXPECT_NE(metrics.body.find("crossline_test 7"), std::string::npos) << metrics.body;
  EXPECT_NE(metrics.body.find("crossline_sign_ins_total{result=\"ok\"} 1"), std::string::npos);
  EXPECT_NE(metrics.body.find("route=\"GET /api/v1/overview\",status=\"400\""), std::string::npos);
  for (const char* personal : {"SECRET", "a.supervisor", "192.0.2.7"}) {
    EXPECT_EQ(metrics.body.find(personal), std::string::npos) << personal;
  }
}

TEST(ThrottleKey, JoinsTheAddressesOfOneSubscriber) {
  EXPECT_EQ(throttle_key("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(throttle_key("2001:db8:1:2::1"), throttle_key("2001:db8:1:2:ffff::9"));
  EXPECT_NE(throttle_key("2001:db8:1:2::1"), throttle_key("2001:db8:1:3::1"));
  EXPECT_EQ(throttle_key("not an address"), "not an address");
}

// --- with a socket in between

runtime::Task<> serve(runtime::HttpServer& server) {
  co_await server.run();
}

class HttpSocketTest : public HttpTest {};

TEST_F(HttpSocketTest, AnswersWithSecurityHeadersAndRefusesOversizedBodies) {
  runtime::HttpServerOptions options;
  runtime::HttpServer server(web_.io.new_strand(), options, web_.api.handler(), [](std::string_view) {});
  ASSERT_TRUE(server.listen());
  std::thread running([&] { web_.io.run(serve(server)); });
  runtime::HttpClient client({.host = "127.0.0.1", .port = server.port(), .tls = nullptr});
  const auto health = testing::run(web_.io, client.request("GET", "/healthz"));
  ASSERT_TRUE(health) << health.error().to_string();
  EXPECT_EQ(health->status, 200);
  EXPECT_EQ(health->headers.find("Content-Security-Policy"), runtime::kDataPolicy);
  EXPECT_EQ(health->headers.find("Cache-Control"), "no-store");
  const std::string body(limits::kMaxHttpBodyBytes + 1, 'x');
  const auto refused = testing::run(web_.io, client.request("POST", "/api/v1/session", {}, body));
  ASSERT_TRUE(refused) << refused.error().to_string();
  EXPECT_EQ(refused->status, 413);
  server.stop();
  running.join();
}

}  // namespace
}  // namespace crossline::api
