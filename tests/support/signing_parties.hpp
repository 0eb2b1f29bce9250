// Three parties with keys that are the same in every run, and editions signed by them.
#pragma once

#include "crossline/adoption/chain.hpp"
#include "crossline/crypto/sha256.hpp"
#include "tests/support/sample_edition.hpp"

#include <array>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace crossline::testing {

// Sealed bytes of edition `number`. Each follows the one before it: edition 1 is in force until
// kSampleUntil, every later one for a year of its own.
inline std::string chained_edition(int number = 1) {
  const std::string supersedes =
      number == 1 ? ""
                  : fmt::format("supersedes = \"sha256:{}\"",
                                crypto::sha256(as_bytes(chained_edition(number - 1))).hex());
  const std::string from =
      number == 1 ? "2026-09-01T00:00:00" : fmt::format("{}-03-01T00:00:00", 2025 + number);
  const std::string toml = fmt::format(R"toml(
procedure = "river-line"
edition   = {}
{}
in_force  = {{ from = {}, until = {}-03-01T00:00:00, clock = "UTC" }}
parties   = {{ A = "Northern Authority", B = "Southern Authority", G = "Guarantor Mission" }}
sign      = {{ A = 2, B = 2, G = 1 }}

[category.resident_a]
document = {{ kind = ["passport", "id_card"], issuer = ["XAA"] }}
[category.resident_b]
document = {{ kind = ["passport", "id_card"], issuer = ["XBB"] }}

[list.hold]

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

[[article]]
id        = "8(1)"
text      = "A person on a hold list of either side is referred to both duty officers."
prohibit  = {{ on_list = "hold" }}
otherwise = "refer"
)toml",
                                       number, supersedes, from, 2026 + number);
  const auto authored = procedure::parse_toml(toml);
  if (!authored) throw std::runtime_error(authored.error().front().to_string("sample"));
  const auto sealed = procedure::seal(*authored, UtcOnly());
  if (!sealed) throw std::runtime_error(sealed.error().front().to_string("sample"));
  return std::string(as_text(sealed->bytes));
}

// The key number `index` of a party, from 0.
inline crypto::Signer party_signer(std::string_view party, int index) {
  std::array<std::uint8_t, 32> seed{};
  seed.fill(static_cast<std::uint8_t>(index + 1));
  seed.front() = static_cast<std::uint8_t>(party.front());
  auto signer = crypto::Signer::from_seed(seed);
  if (!signer) throw std::runtime_error(signer.error().message);
  return *std::move(signer);
}

// Parties A and B with three keys and a threshold of two, G with two keys and one.
inline adoption::KeySet party_keys(std::string procedure = "river-line") {
  adoption::KeysOfParties keys;
  for (const auto& [party, count] : std::map<std::string, int>{{"A", 3}, {"B", 3}, {"G", 2}})
    for (int i = 0; i < count; ++i) keys[party].push_back(party_signer(party, i).public_key());
  auto made = adoption::KeySet::make(std::move(procedure), std::move(keys), {{"A", 2}, {"B", 2}, {"G", 1}});
  if (!made) throw std::runtime_error(made.error().message);
  return *std::move(made);
}

// Signed by so many keys of each party.
inline std::string signed_envelope(std::string_view sealed,
                                   const std::map<std::string, int>& by = {{"A", 2}, {"B", 2}, {"G", 1}}) {
  adoption::Envelope envelope{std::string(adoption::kEditionType), to_bytes(as_bytes(sealed)), {}};
  for (const auto& [party, count] : by)
    for (int i = 0; i < count; ++i) envelope.sign(party_signer(party, i));
  return envelope.to_json();
}

// Edition `number` of the sample procedure, signed by all that have to.
inline std::string signed_edition(int number = 1) {
  return signed_envelope(chained_edition(number));
}

}  // namespace crossline::testing
