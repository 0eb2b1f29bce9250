// JSON Schema (2020-12) as far as our API descriptions use it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace crossline::testing {

// Holds values against the schemas of one document, in which "$ref": "#/..." is looked up. An object may have
// only the members that its schema names, unless the schema says `additionalProperties`: a field that nobody
// documented is a violation. A keyword that is not known here is one too, so that no schema is half checked.
class SchemaChecker {
 public:
  explicit SchemaChecker(const nlohmann::json& document) : document_(document) {}

  // One line a violation: where in the value, and what is wrong. Empty: the value fits.
  [[nodiscard]] std::vector<std::string> violations(const nlohmann::json& schema,
                                                    const nlohmann::json& value) const;

  // What "#/components/..." refers to; throws std::out_of_range when there is no such place.
  [[nodiscard]] const nlohmann::json& at(std::string_view reference) const;

 private:
  struct Walk;
  const nlohmann::json& document_;
};

}  // namespace crossline::testing
