// Whatever a reader delivers, read_mrz() answers; what it calls valid needed no repair and is valid again
// when its own lines are read.
#include "crossline/documents/make_mrz.hpp"
#include "crossline/documents/mrz.hpp"
#include "tests/fuzz/targets.hpp"

#include <chrono>

namespace crossline::fuzz::documents_mrz {
namespace {

using namespace std::chrono_literals;

constexpr documents::CivilDate kToday = 2026y / 11 / 24;

}  // namespace

std::vector<std::string> seeds() {
  using enum documents::MrzFormat;
  std::vector<std::string> all;
  for (const auto format : {kTd1, kTd2, kTd3, kMrvA, kMrvB}) {
    const bool visa = format == kMrvA || format == kMrvB;
    all.push_back(documents::make_mrz({.format = format,
                                       .document_code = visa             ? "V"
                                                        : format == kTd3 ? "P"
                                                                         : "I",
                                       .issuer = "UTO",
                                       .number = "L898902C3",
                                       .primary_names = "ERIKSSON",
                                       .secondary_names = "ANNA MARIA",
                                       .nationality = "UTO",
                                       .sex = documents::Sex::kFemale,
                                       .birth_yymmdd = "740812",
                                       .expiry_yymmdd = "340415"})
                      .value());
  }
  return all;
}

bool takes(std::string_view input) {
  const auto mrz = documents::read_mrz(input, {.today = kToday});
  if (!mrz) {
    CROSSLINE_ASSERT(mrz.error().code == ErrorCode::kMalformed);
    return false;
  }
  for (const documents::FieldEvidence& field : mrz->fields)
    CROSSLINE_ASSERT(!documents::message_of(field).empty());
  CROSSLINE_ASSERT(!documents::document_key(*mrz).empty());
  if (!mrz->valid()) return false;
  CROSSLINE_ASSERT(mrz->repairs.empty());
  std::string lines;
  for (const std::string& line : mrz->lines) lines += line + "\n";
  const auto again = documents::read_mrz(lines, {.today = kToday});
  CROSSLINE_ASSERT(again && again->valid() && again->number == mrz->number);
  return true;
}

}  // namespace crossline::fuzz::documents_mrz
