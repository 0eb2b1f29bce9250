// A small procedure and the documents of synthetic travellers, for tests of the agent.
#pragma once

#include "crossline/base/bytes.hpp"
#include "crossline/documents/make_mrz.hpp"
#include "crossline/procedure/authoring.hpp"
#include "crossline/procedure/edition.hpp"
#include "tests/support/sample_edition.hpp"

#include <stdexcept>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace crossline::testing {

// In force through 2026. Residents of either side cross; those of B may also be workers, so that the officer
// has to choose; children need a parent; an expired document is refused; records must alternate; the hold
// list refers.
inline std::string desk_procedure(int edition) {
  const std::string before = edition == 1 ? "" : fmt::format("\nsupersedes = 'sha256:{:064x}'", edition - 1);
  return fmt::format("procedure = 'river-line'\nedition = {}{}", edition, before) + R"(
in_force = { from = 2026-01-01T00:00:00, until = 2027-01-01T00:00:00, clock = 'Etc/UTC' }
parties = { A = 'Northern Authority', B = 'Southern Authority', G = 'Guarantor Mission' }

[checkpoint.bridge]
text = { en = 'Bridge' }
hours = 'always'
[hours.always]
entry = { mon-sun = '00:00-24:00' }
exit = { mon-sun = '00:00-24:00' }
[category.resident_a]
text = { en = 'residents of A' }
document = { kind = ['passport', 'id_card'], issuer = 'XAA' }
[category.resident_b]
text = { en = 'residents of B' }
document = { kind = ['passport', 'id_card'], issuer = 'XBB' }
[category.worker]
text = { en = 'workers' }
document = { kind = 'passport', issuer = 'XBB' }
[list.hold]
text = { en = 'hold' }

[[article]]
id = '3(1)'
text = { en = 'Residents and workers cross.', ru = 'Жители и работники переходят.' }
admit = { category = ['resident_a', 'resident_b', 'worker'] }
[[article]]
id = '2(2)'
text = { en = 'The document is valid.' }
require = { document_valid_days = 0 }
otherwise = 'refuse'
[[article]]
id = '4(3)'
text = { en = 'A child crosses with a parent or guardian.' }
applies_to = { age_under = 16 }
require = { accompanied_by = ['parent', 'guardian'] }
otherwise = 'refer'
[[article]]
id = '5(1)'
text = { en = 'Exits and entries alternate.' }
require = { alternates = true }
otherwise = 'refer'
if_unknown = 'allow_and_report'
[[article]]
id = '6(1)'
text = { en = 'The hold list refers.' }
prohibit = { on_list = 'hold' }
otherwise = 'refer'
)";
}

// `more` is TOML after it.
inline std::string desk_edition(int number = 1, std::string_view more = "") {
  const auto authored = procedure::parse_toml(desk_procedure(number).append(more));
  if (!authored) throw std::runtime_error(authored.error().front().to_string("sample"));
  const auto sealed = procedure::seal(*authored, UtcOnly());
  if (!sealed) throw std::runtime_error(sealed.error().front().to_string("sample"));
  return std::string(as_text(sealed->bytes));
}

// No person is meant: the issuers are ISO's private ones.
struct Specimen {
  std::string issuer = "XAA";
  std::string number = "A00000001";
  std::string born = "850304";
  std::string expires = "300101";
  std::string primary = "SAMPLE";
  documents::DocumentKind kind = documents::DocumentKind::kPassport;

  [[nodiscard]] std::string scan() const {
    const bool is_card = kind == documents::DocumentKind::kIdCard;
    const auto zone =
        documents::make_mrz({.format = is_card ? documents::MrzFormat::kTd1 : documents::MrzFormat::kTd3,
                             .document_code = is_card ? "I" : "P",
                             .issuer = issuer,
                             .number = number,
                             .primary_names = primary,
                             .secondary_names = "TEST",
                             .nationality = issuer,
                             .sex = documents::Sex::kFemale,
                             .birth_yymmdd = born,
                             .expiry_yymmdd = expires});
    if (!zone) throw std::runtime_error(zone.error().to_string());
    return *zone;
  }
};

inline Specimen adult(int number = 1) {
  return {.number = "A0000000" + std::to_string(number)};
}
inline Specimen child(int number = 7) {
  return {.number = "C0000000" + std::to_string(number), .born = "160304"};
}

}  // namespace crossline::testing
