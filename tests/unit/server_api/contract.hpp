// openapi.yaml as something that code can be held against.
#pragma once

#include "crossline/accounts/permissions.hpp"
#include "crossline/runtime/http_message.hpp"
#include "tests/support/openapi/json_schema.hpp"
#include "tests/support/openapi/yaml.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace crossline::api {

class Contract {
 public:
  static const Contract& get() {
    static const Contract contract;
    return contract;
  }

  // "GET /between" of every operation.
  [[nodiscard]] std::set<std::string> operations() const {
    std::set<std::string> all;
    for (const auto& [path, item] : document_.at("paths").items()) {
      for (const auto& [method, operation] : item.items()) all.insert(upper(method) + " " + path);
    }
    return all;
  }
  [[nodiscard]] const nlohmann::json& operation(std::string_view target) const {
    const std::size_t space = target.find(' ');
    return document_.at("paths")
        .at(std::string(target.substr(space + 1)))
        .at(lower(std::string(target.substr(0, space))));
  }
  // Whether the contract lets this role call the operation.
  [[nodiscard]] bool lets(std::string_view target, accounts::Role role) const {
    const auto& described = operation(target);
    if (!described.contains("x-roles")) return true;
    const auto& roles = described.at("x-roles");
    return std::find(roles.begin(), roles.end(), accounts::name_of(role)) != roles.end();
  }

  // What is wrong with a response to the operation: its status, media type or body. Empty: nothing.
  [[nodiscard]] std::vector<std::string> violations(std::string_view target,
                                                    const runtime::HttpResponse& response) const {
    const auto& responses = operation(target).at("responses");
    const std::string status = std::to_string(response.status);
    const bool documented = responses.contains(status);
    if (!documented && response.status < 400) return {"status " + status + " is not documented"};
    const nlohmann::json* described = &responses.at(documented ? status : "default");
    if (described->contains("$ref")) described = &checker_.at(described->at("$ref").get<std::string>());
    if (!described->contains("content")) {
      return response.body.empty() ? std::vector<std::string>{}
                                   : std::vector<std::string>{"a body is not documented"};
    }
    const std::string type(response.headers.find("Content-Type").value_or("none"));
    if (!described->at("content").contains(type)) return {"content type " + type + " is not documented"};
    return checker_.violations(described->at("content").at(type).at("schema"),
                               nlohmann::json::parse(response.body));
  }

 private:
  Contract() = default;
  static std::string upper(std::string text) {
    for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return text;
  }
  static std::string lower(std::string text) {
    for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
  }

  const nlohmann::json document_ = testing::read_yaml("central-server/api/openapi.yaml");
  const testing::SchemaChecker checker_{document_};
};

}  // namespace crossline::api
