// The checker that holds answers against openapi.yaml: one that passes everything proves nothing.
#include "tests/support/openapi/json_schema.hpp"

#include "tests/support/openapi/yaml.hpp"

#include <gtest/gtest.h>

namespace crossline::testing {
namespace {

using nlohmann::json;

bool fits(const char* schema, const json& value) {
  const json document = parse_yaml(schema);
  return SchemaChecker(document).violations(document, value).empty();
}

TEST(SchemaChecker, ChecksTypes) {
  EXPECT_TRUE(fits("{ type: integer }", 7));
  EXPECT_FALSE(fits("{ type: integer }", 7.5));
  EXPECT_FALSE(fits("{ type: integer }", "7"));
  EXPECT_TRUE(fits("{ type: [string, 'null'] }", nullptr));
  EXPECT_FALSE(fits("{ type: [string, 'null'] }", false));
}

TEST(SchemaChecker, ChecksBoundsFormatsAndEnums) {
  EXPECT_FALSE(fits("{ type: integer, minimum: 0 }", -1));
  EXPECT_FALSE(fits("{ type: integer, maximum: 9 }", 10));
  EXPECT_TRUE(fits("{ type: string, maxLength: 2 }", "\xD0\xB0\xD0\xB1"));
  EXPECT_FALSE(fits("{ type: string, minLength: 1 }", ""));
  EXPECT_FALSE(fits("{ type: string, pattern: '^[0-9a-f]{4}$' }", "00FF"));
  EXPECT_TRUE(fits("{ type: string, format: date-time }", "2026-10-01T07:00:00.000Z"));
  EXPECT_FALSE(fits("{ type: string, format: date-time }", "2026-10-01"));
  EXPECT_FALSE(fits("{ type: string, enum: [a, b] }", "c"));
  EXPECT_FALSE(fits("{ const: crossings }", "persons"));
  EXPECT_FALSE(fits("{ type: array, maxItems: 1, items: { type: integer } }", json({1, 2})));
  EXPECT_FALSE(fits("{ type: array, items: { type: integer } }", json({1, "2"})));
}

TEST(SchemaChecker, ChecksMembers) {
  constexpr const char* kObject = "{ type: object, required: [a], properties: { a: { type: integer } } }";
  EXPECT_TRUE(fits(kObject, {{"a", 1}}));
  EXPECT_FALSE(fits(kObject, json::object()));
  EXPECT_FALSE(fits(kObject, {{"a", "1"}}));
  EXPECT_FALSE(fits(kObject, {{"a", 1}, {"undocumented", 1}}));
  EXPECT_TRUE(fits("{ type: object, additionalProperties: { type: string } }", {{"en", "x"}}));
  EXPECT_FALSE(fits("{ type: object, additionalProperties: { type: string } }", {{"en", 1}}));
  EXPECT_TRUE(
      fits("{ type: object, additionalProperties: true }", {{"age", 1}, {"lists", {{"hold", false}}}}));
  EXPECT_FALSE(fits("{ type: object, additionalProperties: true }", 1));
}

TEST(SchemaChecker, ChecksCombinations) {
  constexpr const char* kBoth =
      "{ allOf: [{ type: object, properties: { a: { type: integer } } }, { type: object, required: [b], "
      "properties: "
      "{ b: { type: integer } } }] }";
  EXPECT_TRUE(fits(kBoth, {{"a", 1}, {"b", 2}}));
  EXPECT_FALSE(fits(kBoth, {{"a", 1}}));
  EXPECT_FALSE(fits(kBoth, {{"a", 1}, {"b", 2}, {"c", 3}}));
  EXPECT_TRUE(fits("{ oneOf: [{ type: string }, { type: 'null' }] }", nullptr));
  EXPECT_FALSE(fits("{ oneOf: [{ type: string }, { type: 'null' }] }", 7));
  EXPECT_FALSE(fits("{ oneOf: [{ type: string }, { enum: [a] }] }", "a"));
}

TEST(SchemaChecker, DoesNotPassOverWhatItDoesNotKnow) {
  EXPECT_FALSE(fits("{ type: integer, multipleOf: 2 }", 2));
}

TEST(Yaml, ReadsWhatTheDescriptionsUse) {
  EXPECT_EQ(parse_yaml("a: [1, 'x', null, true, \"7\", 2026-10-01]\nb: |\n  two\n  lines\n"),
            (json{{"a", {1, "x", nullptr, true, "7", "2026-10-01"}}, {"b", "two\nlines\n"}}));
  EXPECT_THROW((void)parse_yaml("a: 1\na: 2\n"), std::runtime_error);
  EXPECT_THROW((void)parse_yaml("a: [1\n"), std::runtime_error);
}

}  // namespace
}  // namespace crossline::testing
