// A small procedure for tests that need one in force: residents cross, children with a parent, held persons
// are referred. Its clock is UTC.
#pragma once

#include "crossline/base/bytes.hpp"
#include "crossline/procedure/authoring.hpp"
#include "crossline/procedure/edition.hpp"

#include <stdexcept>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace crossline::testing {

inline constexpr UtcMillis kSampleFrom{1'788'220'800'000};  // 2026-09-01T00:00:00Z
// A second edition from here on, which refers whoever leaves.
inline constexpr UtcMillis kSecondFrom{1'790'812'800'000};   // 2026-10-01T00:00:00Z
inline constexpr UtcMillis kSampleUntil{1'803'859'200'000};  // 2027-03-01T00:00:00Z

class UtcOnly final : public procedure::ZoneRules {
 public:
  Result<procedure::ZoneOffsets> offsets(std::string_view, std::int64_t from_s, std::int64_t) const override {
    return procedure::ZoneOffsets({{from_s, 0}});
  }
};

// Sealed bytes of edition `number`, in force from `from` on, with more articles (any TOML) if need be.
inline std::string sealed_edition(int number = 1, std::string_view from = "2026-09-01T00:00:00",
                                  std::string_view articles = "") {
  const std::string toml = fmt::format(
      R"toml(
procedure = "river-line"
edition   = {}
{}
in_force  = {{ from = {}, until = 2027-03-01T00:00:00, clock = "UTC" }}
parties   = {{ A = "Northern Authority", B = "Southern Authority", G = "Guarantor Mission" }}
sign      = {{ A = 2, B = 2, G = 1 }}
closure   = {{ max_hours = 48 }}

[category.resident_a]
document = {{ kind = ["passport", "id_card"], issuer = ["XAA"] }}
[category.resident_b]
document = {{ kind = ["passport", "id_card"], issuer = ["XBB"] }}

[list.hold]

[quota.patients]
per_day = 12

[[article]]
id    = "3(1)"
text  = "Residents of either side may cross at any open checkpoint."
admit = {{ category = ["resident_a", "resident_b"] }}

[[article]]
id         = "4(3)"
text       = "A child under 16 crosses with a parent or guardian."
applies_to = {{ age_under = 16 }}
require    = {{ accompanied_by = ["parent", "guardian"] }}
otherwise  = "refer"
override   = {{ persons = 2, roles = ["A.supervisor", "B.supervisor", "B.shift_lead"], valid_minutes = 60 }}

[[article]]
id        = "8(1)"
text      = "A person on a hold list of either side is referred to both duty officers."
prohibit  = {{ on_list = "hold" }}
otherwise = "refer"
{}
)toml",
      number, number == 1 ? "" : fmt::format("supersedes = \"sha256:{:064x}\"", number), from, articles);
  const auto authored = procedure::parse_toml(toml);
  if (!authored) throw std::runtime_error(authored.error().front().to_string("sample"));
  const auto sealed = procedure::seal(*authored, UtcOnly());
  if (!sealed) throw std::runtime_error(sealed.error().front().to_string("sample"));
  return std::string(as_text(sealed->bytes));
}

inline std::string second_edition() {
  return sealed_edition(2, "2026-10-01T00:00:00", R"toml(
[[article]]
id        = "9(1)"
text      = "Whoever leaves is referred."
prohibit  = { direction = "exit" }
otherwise = "refer"
)toml");
}

}  // namespace crossline::testing
