#include "tests/support/openapi/json_schema.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <regex>
#include <set>

namespace crossline::testing {
namespace {

using nlohmann::json;

bool has_type(const json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  return type == "null" && value.is_null();
}

bool is_one_of_types(const json& value, const json& types) {
  if (types.is_string()) return has_type(value, types);
  return std::any_of(types.begin(), types.end(), [&](const json& type) { return has_type(value, type); });
}

// Code points, as minLength and maxLength count.
std::int64_t length_of(const std::string& text) {
  return std::count_if(text.begin(), text.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

bool has_format(const std::string& text, const std::string& format) {
  static const std::map<std::string, std::regex> kFormats{
      {"date", std::regex(R"(\d{4}-\d\d-\d\d)")},
      {"date-time", std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z)")}};
  return std::regex_match(text, kFormats.at(format));
}

}  // namespace

struct SchemaChecker::Walk {
  const SchemaChecker& checker;
  std::vector<std::string> found;

  void wrong(const std::string& where, const std::string& what) {
    found.push_back((where.empty() ? "the value" : where) + ": " + what);
  }

  // Every keyword of `schema`; names of the members it allows are added to `named`, and `open` says whether
  // others are allowed as well.
  void check(const json& schema, const json& value, const std::string& where, std::set<std::string>& named,
             bool& open) {
    for (const auto& [keyword, operand] : schema.items()) {
      check_keyword(keyword, operand, schema, value, where, named, open);
    }
  }

  void check_whole(const json& schema, const json& value, const std::string& where) {
    std::set<std::string> named;
    bool open = false;
    check(schema, value, where, named, open);
    if (!value.is_object() || open) return;
    for (const auto& [name, member] : value.items()) {
      if (!named.contains(name)) wrong(where, "undocumented member '" + name + "'");
    }
  }

  void check_keyword(const std::string& keyword, const json& operand, const json& schema, const json& value,
                     const std::string& where, std::set<std::string>& named, bool& open) {
    static const std::set<std::string> kAnnotations{"description", "examples", "default", "title", "summary"};
    if (kAnnotations.contains(keyword)) return;
    if (keyword == "$ref") return check(checker.at(operand.get<std::string>()), value, where, named, open);
    if (keyword == "allOf") {
      for (const json& part : operand) check(part, value, where, named, open);
      return;
    }
    if (keyword == "oneOf") return check_one_of(operand, value, where, open);
    if (keyword == "properties") return check_properties(operand, value, where, named);
    if (keyword == "additionalProperties") return check_additional(operand, schema, value, where, open);
    check_assertion(keyword, operand, value, where);
  }

  void check_properties(const json& properties, const json& value, const std::string& where,
                        std::set<std::string>& named) {
    for (const auto& [name, schema] : properties.items()) {
      named.insert(name);
      if (value.is_object() && value.contains(name)) check_whole(schema, value.at(name), where + "/" + name);
    }
  }

  void check_additional(const json& operand, const json& schema, const json& value, const std::string& where,
                        bool& open) {
    if (operand == false) return;
    open = true;
    if (operand == true) return;  // any member with any value
    const json named = schema.value("properties", json::object());
    if (!value.is_object()) return;
    for (const auto& [name, member] : value.items()) {
      if (!named.contains(name)) check_whole(operand, member, where + "/" + name);
    }
  }

  void check_one_of(const json& choices, const json& value, const std::string& where, bool& open) {
    const auto fits = [&](const json& choice) {
      Walk inner{checker, {}};
      inner.check_whole(choice, value, where);
      return inner.found.empty();
    };
    open = true;  // each choice has looked at the members for itself
    if (std::count_if(choices.begin(), choices.end(), fits) == 1) return;
    for (const json& choice : choices) {
      if (!choice.contains("type")) check_whole(choice, value, where);
    }
    wrong(where, "does not fit exactly one of the choices");
  }

  void check_assertion(const std::string& keyword, const json& operand, const json& value,
                       const std::string& where) {
    using Assertion = std::function<bool(const json& operand, const json& value)>;
    static const std::map<std::string, Assertion> kAssertions{
        {"type", [](const json& o, const json& v) { return is_one_of_types(v, o); }},
        {"enum", [](const json& o, const json& v) { return std::find(o.begin(), o.end(), v) != o.end(); }},
        {"const", [](const json& o, const json& v) { return v == o; }},
        {"minimum", [](const json& o, const json& v) { return !v.is_number() || v >= o; }},
        {"maximum", [](const json& o, const json& v) { return !v.is_number() || v <= o; }},
        {"minLength", [](const json& o, const json& v) { return !v.is_string() || length_of(v) >= o; }},
        {"maxLength", [](const json& o, const json& v) { return !v.is_string() || length_of(v) <= o; }},
        {"minItems", [](const json& o, const json& v) { return !v.is_array() || v.size() >= o; }},
        {"maxItems", [](const json& o, const json& v) { return !v.is_array() || v.size() <= o; }},
        {"pattern",
         [](const json& o, const json& v) {
           return !v.is_string() || std::regex_search(v.get<std::string>(), std::regex(o.get<std::string>()));
         }},
        {"format", [](const json& o, const json& v) { return !v.is_string() || has_format(v, o); }},
    };
    if (keyword == "required") return check_required(operand, value, where);
    if (keyword == "items") return check_items(operand, value, where);
    const auto assertion = kAssertions.find(keyword);
    if (assertion == kAssertions.end()) return wrong(where, "unknown keyword '" + keyword + "'");
    if (!assertion->second(operand, value))
      wrong(where, value.dump() + " against " + keyword + " " + operand.dump());
  }

  void check_required(const json& names, const json& value, const std::string& where) {
    if (!value.is_object()) return;
    for (const json& name : names) {
      if (!value.contains(name)) wrong(where, "member " + name.dump() + " is missing");
    }
  }

  void check_items(const json& schema, const json& value, const std::string& where) {
    if (!value.is_array()) return;
    for (std::size_t i = 0; i < value.size(); ++i)
      check_whole(schema, value[i], where + "/" + std::to_string(i));
  }
};

std::vector<std::string> SchemaChecker::violations(const json& schema, const json& value) const {
  Walk walk{*this, {}};
  walk.check_whole(schema, value, "");
  return std::move(walk.found);
}

const json& SchemaChecker::at(std::string_view reference) const {
  if (!reference.starts_with('#')) throw std::out_of_range("only local references are known");
  return document_.at(json::json_pointer(std::string(reference.substr(1))));
}

}  // namespace crossline::testing
