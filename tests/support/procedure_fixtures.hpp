// Procedures for tests: zone rules without a database, and the way from TOML to an edition.
#pragma once

#include "crossline/procedure/authoring.hpp"
#include "crossline/procedure/edition.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace crossline::testing {

// Two made-up zones: "Test/Fixed" is always UTC+4. "Test/Summer" is UTC+2, UTC+3 from the last Sunday of
// March 2026 01:00Z to the last Sunday of October 2026 01:00Z, as most of Europe was.
class FakeZones : public procedure::ZoneRules {
 public:
  static constexpr std::int64_t kSpring_s = 1'774'746'000;  // 2026-03-29T01:00:00Z
  static constexpr std::int64_t kAutumn_s = 1'792'890'000;  // 2026-10-25T01:00:00Z

  [[nodiscard]] Result<procedure::ZoneOffsets> offsets(std::string_view zone, std::int64_t from_s,
                                                       std::int64_t until_s) const override {
    if (zone == "Test/Fixed") return procedure::ZoneOffsets({{from_s, 4 * 3600}});
    if (zone != "Test/Summer") return fail(ErrorCode::kNotFound, "unknown clock '{}'", zone);
    std::vector<procedure::ZoneOffset> changes{{from_s, 2 * 3600}};
    for (const auto& [since_s, hours] : {std::pair{kSpring_s, 3}, std::pair{kAutumn_s, 2}})
      if (from_s < since_s && since_s < until_s) changes.push_back({since_s, hours * 3600});
    return procedure::ZoneOffsets(std::move(changes));
  }
};

// A procedure of 2026 with checkpoint "gate" (hours "day"), categories "local" (of side A) and "guest", and
// lists "hold" and "watch"; `articles` is TOML that follows.
inline std::string toml_with(std::string_view articles, std::string_view clock = "Test/Fixed") {
  return fmt::format(R"(procedure = "test-line"
edition = 1
in_force = {{ from = 2026-01-01T00:00:00, until = 2027-01-01T00:00:00, clock = "{}" }}
parties = {{ A = "North", B = "South" }}
[category.local]
residence = "A"
document = {{ kind = "passport", issuer = "XAA" }}
[category.guest]
[list.hold]
[list.watch]
[checkpoint.gate]
hours = "day"
[hours.day]
entry = {{ mon-fri = "08:00-18:00", sat = "22:00-02:00" }}
exit = {{ mon-sun = "00:00-24:00" }}
[[article]]
id = "1"
text = "Everybody may cross."
admit = {{}}
{}
)",
                     clock, articles);
}

inline std::string told(const std::vector<procedure::Problem>& problems) {
  std::string out;
  for (const procedure::Problem& problem : problems) out += problem.to_string("test.toml") + "\n";
  return out;
}

// The sealed bytes of an authored procedure; fails the test with every problem otherwise.
inline Bytes sealed_from(std::string_view toml) {
  const auto authored = procedure::parse_toml(toml);
  if (!authored) {
    ADD_FAILURE() << told(authored.error());
    return {};
  }
  auto sealed = procedure::seal(*authored, FakeZones());
  if (!sealed) {
    ADD_FAILURE() << told(sealed.error());
    return {};
  }
  return std::move(sealed->bytes);
}

inline procedure::Edition edition_from(std::string_view toml) {
  auto edition = procedure::Edition::load(sealed_from(toml));
  if (!edition) throw std::runtime_error(edition.error().message);
  return *std::move(edition);
}

}  // namespace crossline::testing
