// People of every role before the API's operations, without HTTP.
#pragma once

#include "crossline/api/operations.hpp"
#include "tests/support/server/core_line.hpp"
#include "tests/support/server/tiled_log.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace crossline::testing {

inline accounts::Principal person(accounts::Role role, accounts::Party party = accounts::Party::kA) {
  std::string name = party == accounts::Party::kA ? "a." : party == accounts::Party::kB ? "b." : "g.";
  name += accounts::name_of(role);
  return {std::move(name), party, role, "en", UtcMillis{0}};
}

class OfficeDesk {
 public:
  using Parameters = std::vector<std::pair<std::string, std::string>>;

  OfficeDesk() = default;
  explicit OfficeDesk(adoption::KeySet keys) : line(std::move(keys)) {}

  CoreLine line;
  TiledLog log{line.core.ledger, ledger_key()};
  api::DifferenceBook differences;
  api::Services services{std::string(kLine), signer_of(1).public_key(), line, line, line.core.clock, log,
                         differences};
  accounts::Principal caller = person(accounts::Role::kSupervisor);

  // Runs the operation as `caller`, permission included. `target` is "GET /between".
  api::Answer<nlohmann::json> answer(std::string_view target, const Parameters& query, std::string body,
                                     const Parameters& path = {}) {
    const api::Operation& operation = find(target);
    if (auto allowed = api::check_permission(operation, caller); !allowed) {
      return std::unexpected(allowed.error());
    }
    api::Call call{caller, {}, query, std::move(body)};
    for (const auto& [name, value] : path) call.path[name] = value;
    return operation.run(services, call);
  }
  api::Answer<nlohmann::json> get(std::string_view pattern, const Parameters& query = {}) {
    return answer("GET " + std::string(pattern), query, "");
  }
  api::Answer<nlohmann::json> post(std::string_view pattern, const nlohmann::json& body,
                                   const Parameters& path = {}) {
    return answer("POST " + std::string(pattern), {}, body.dump(), path);
  }

  // The body of an answer that must be a success.
  static nlohmann::json body_of(const api::Answer<nlohmann::json>& answer) {
    EXPECT_TRUE(answer) << answer.error().code << ": " << answer.error().detail;
    return answer ? *answer : nlohmann::json();
  }
  // "403 forbidden", or "" for a success.
  static std::string problem_of(const api::Answer<nlohmann::json>& answer) {
    return answer ? "" : std::to_string(answer.error().status) + " " + answer.error().code;
  }

 private:
  static const api::Operation& find(std::string_view target) {
    const auto operations = api::operations();
    return *std::find_if(operations.begin(), operations.end(), [target](const api::Operation& operation) {
      return std::string(operation.method) + " " + std::string(operation.pattern) == target;
    });
  }
};

}  // namespace crossline::testing
