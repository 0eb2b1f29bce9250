// The whole HTTPS side on a line in memory, short of sockets; browsers in front of it.
#pragma once

#include "contract.hpp"
#include "crossline/accounts/password.hpp"
#include "crossline/api/difference_book.hpp"
#include "crossline/api/http_api.hpp"
#include "tests/support/net.hpp"
#include "tests/support/seeded_random.hpp"
#include "tests/support/server/core_line.hpp"
#include "tests/support/server/memory_accounts.hpp"
#include "tests/support/server/tiled_log.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace crossline::api {

inline constexpr std::string_view kHost = "office.example:8443";
inline constexpr std::string_view kPassword = "correct horse battery";

class Web {
 public:
  Web() {
    for (const accounts::Role role : accounts::kRoles)
      open_account("a." + std::string(accounts::name_of(role)), role);
    open_account("b.supervisor", accounts::Role::kSupervisor, accounts::Party::kB);
  }

  void open_account(const std::string& name, accounts::Role role,
                    accounts::Party party = accounts::Party::kA) {
    // One hash for all: it is what takes the time.
    static const std::string hash =
        accounts::hash_password(kPassword, *std::make_unique<testing::SeededRandom>(1)).value();
    const accounts::Account account{
        name, party, role, "en", hash, false, line.core.clock.now(), line.core.clock.now()};
    ASSERT_TRUE(accounts.add(account));
  }

  runtime::HttpResponse respond(std::shared_ptr<const runtime::HttpRequest> request) {
    return testing::run(io, api.handler()(std::move(request)));
  }

  testing::CoreLine line;
  testing::TiledLog log{line.core.ledger, testing::ledger_key()};
  testing::MemoryAccounts accounts;
  testing::SeededRandom random{2};
  accounts::Sessions sessions{accounts, line.core.clock, random};
  DifferenceBook differences;
  runtime::IoThreads io{1};
  runtime::BlockingPool work{"work", 1, 64};  // one thread: the line in memory is not made for more
  runtime::BlockingPool hashing{"hashing", 1, 16};
  bool ready = true;
  std::vector<std::string> logged;
  HttpApi api{{{std::string(kHost)}},
              {{std::string(testing::kLine), testing::signer_of(1).public_key(), line, line, line.core.clock,
                log, differences},
               sessions,
               work,
               hashing,
               work,
               [this] { return std::vector<ReadinessCheck>{{"ledger", ready}}; },
               [] { return std::vector<Metric>{{"crossline_test", "A test.", Metric::Kind::kGauge, {}, 7}}; },
               nullptr,
               [this](std::string_view text) { logged.emplace_back(text); }}};
};

// One browser: keeps the cookie and the CSRF token of its session. Every answer of the API that it gets is
// held against the contract.
class Browser {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;
  explicit Browser(Web& web) : web_(web) {}

  // `pattern` is the contract's path when it differs from the target's.
  runtime::HttpResponse send(std::string method, std::string target, std::string body = "",
                             const Headers& extra = {}, std::string_view pattern = {}) {
    runtime::HttpRequest request;
    EXPECT_TRUE(runtime::parse_target(target, request));
    request.method = method;
    request.body = std::move(body);
    request.peer = {address, 40'000};
    request.headers.set("Host", std::string(kHost));
    request.headers.set("Sec-Fetch-Site", "same-origin");
    if (!request.body.empty()) request.headers.set("Content-Type", "application/json");
    if (!cookie.empty()) request.headers.set("Cookie", cookie);
    if (!csrf.empty() && method != "GET") request.headers.set("X-CSRF-Token", csrf);
    for (const auto& [name, value] : extra) request.headers.set(name, value);
    const std::string path = request.path;
    auto response = web_.respond(std::make_shared<const runtime::HttpRequest>(std::move(request)));
    check(method, pattern.empty() ? path : std::string(kApiPrefix) + std::string(pattern), response);
    return response;
  }
  runtime::HttpResponse get(std::string target, const Headers& extra = {}) {
    return send("GET", std::string(kApiPrefix) + target, "", extra);
  }
  runtime::HttpResponse post(std::string target, const nlohmann::json& body, const Headers& extra = {}) {
    return send("POST", std::string(kApiPrefix) + target, body.dump(), extra);
  }

  runtime::HttpResponse sign_in(std::string_view name, std::string_view password = kPassword) {
    auto response = post("/session", {{"name", name}, {"password", password}});
    if (response.status != 201) return response;
    const std::string set_cookie(response.headers.find("Set-Cookie").value());
    cookie = set_cookie.substr(0, set_cookie.find(';'));
    csrf = nlohmann::json::parse(response.body).at("csrf_token");
    return response;
  }

  std::string cookie;
  std::string csrf;
  std::string address = "192.0.2.7";

 private:
  static void check(const std::string& method, std::string path, const runtime::HttpResponse& response) {
    if (!path.starts_with(kApiPrefix) || method == "HEAD") return;
    const std::string target = method + " " + path.substr(kApiPrefix.size());
    if (!Contract::get().operations().contains(target)) return;
    for (const std::string& violation : Contract::get().violations(target, response)) {
      ADD_FAILURE() << target << " " << response.status << ": " << violation << "\n" << response.body;
    }
  }
  Web& web_;
};

inline std::string code_of(const runtime::HttpResponse& response) {
  return std::to_string(response.status) + " " +
         nlohmann::json::parse(response.body).at("code").get<std::string>();
}

}  // namespace crossline::api
