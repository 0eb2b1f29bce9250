// The specimens of Doc 9303, of a person who does not exist, and how the tests read them.
#pragma once

#include "crossline/documents/mrz.hpp"

#include <chrono>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace crossline::documents {

inline constexpr CivilDate kToday{std::chrono::year(2026), std::chrono::month(11), std::chrono::day(24)};

// Doc 9303-4, 9303-5, 9303-6 and 9303-7.
inline constexpr std::string_view kTd3 =
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
    "L898902C36UTO7408122F1204159ZE184226B<<<<<10";
inline constexpr std::string_view kTd1 =
    "I<UTOD231458907ABC<<<<<<<<<<<<\n"
    "7408122F1204159UTO<<<<<<<<<<<1\n"
    "ERIKSSON<<ANNA<MARIA<<<<<<<<<<";
inline constexpr std::string_view kTd2 =
    "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\n"
    "D231458907UTO7408122F1204159<<<<<<<6";
inline constexpr std::string_view kMrvA =
    "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
    "L898902C<3UTO6908061F9406236ZE184226B<<<<<<<";
inline constexpr std::string_view kMrvB =
    "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\n"
    "L898902C<3UTO6908061F9406236ZE184226";
inline constexpr std::string_view kFrenchId =
    "IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<\n"
    "9409923102854CORINNE<<<<<<<6512068F4";

// Doc 9303-5: a document number of eleven characters.
inline constexpr std::string_view kLongNumber =
    "I<UTOD23145890<7349<<<<<<<<<<<\n"
    "3407127M9507122UTO<<<<<<<<<<<2\n"
    "STEVENSON<<PETER<JOHN<<<<<<<<<";

// Reads what is known to be a zone; a refusal fails the test and gives an empty Mrz.
inline Mrz read(std::string_view scan, ReadOptions options = {.today = kToday}) {
  auto mrz = read_mrz(scan, options);
  EXPECT_TRUE(mrz.has_value()) << scan << "\n" << (mrz ? "" : mrz.error().to_string());
  return mrz ? *std::move(mrz) : Mrz();
}

inline Mrz read_unrepaired(std::string_view scan) {
  return read(scan, {.today = kToday, .repair = false});
}

inline FieldStatus status_of(const Mrz& mrz, FieldName field) {
  const FieldEvidence* evidence = mrz.find(field);
  EXPECT_NE(evidence, nullptr) << name_of(field);
  return evidence == nullptr ? FieldStatus::kUnreadable : evidence->status;
}

inline std::string message_for(const Mrz& mrz, FieldName field) {
  const FieldEvidence* evidence = mrz.find(field);
  return evidence == nullptr ? "" : message_of(*evidence);
}

inline bool warns(const Mrz& mrz, WarningCode code) {
  for (const Warning& warning : mrz.warnings) {
    if (warning.code == code) return true;
  }
  return false;
}

// The zone with the character at (line, column), both from 1, replaced.
inline std::string with(std::string_view zone, int line, int column, char c) {
  std::string changed(zone);
  std::size_t start = 0;
  for (int i = 1; i < line; ++i) start = changed.find('\n', start) + 1;
  changed[start + static_cast<std::size_t>(column) - 1] = c;
  return changed;
}

// The zone without the character at (line, column).
inline std::string without(std::string_view zone, int line, int column) {
  std::string changed = with(zone, line, column, '\0');
  changed.erase(changed.find('\0'), 1);
  return changed;
}

}  // namespace crossline::documents
