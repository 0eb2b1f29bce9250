// What must hold for every input whatever: no crash, no wrong zone called valid.
#include "crossline/base/limits.hpp"
#include "crossline/documents/check_digit.hpp"
#include "tests/unit/documents/specimens.hpp"

#include <random>

#include <gtest/gtest.h>

namespace crossline::documents {
namespace {

constexpr std::string_view kMrzAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<";
constexpr std::string_view kZones[] = {kTd1, kTd2, kTd3, kMrvA, kMrvB, kFrenchId, kLongNumber};

// Whether a check digit of the zone covers the place, or stands there.
bool is_covered(const Mrz& mrz, int line, int column) {
  if (mrz.format == MrzFormat::kFrenchId) return true;  // its composite covers everything
  for (const FieldEvidence& field : mrz.fields) {
    const bool digit = field.digit_read && field.position.line == line && column == field.position.last + 1;
    const bool within =
        field.position.line == line && column >= field.position.first && column <= field.position.last;
    const bool optional = field.field == FieldName::kOptional || field.field == FieldName::kOptional2;
    const bool composite = mrz.find(FieldName::kComposite) != nullptr;
    if (digit || (within && (field.digit_read || (optional && composite)))) return true;
  }
  return false;
}

TEST(SingleSubstitution, IsSeenByAllDigitsExceptWithinABlindClass) {
  for (const std::string_view zone : kZones) {
    const Mrz original = read_unrepaired(zone);
    ASSERT_TRUE(original.valid()) << zone;
    const int width = static_cast<int>(original.lines.front().size());
    for (int line = 1; line <= static_cast<int>(original.lines.size()); ++line) {
      for (int column = 1; column <= width; ++column) {
        const char was =
            original.lines[static_cast<std::size_t>(line) - 1][static_cast<std::size_t>(column) - 1];
        for (const char c : kMrzAlphabet) {
          if (c == was || !is_covered(original, line, column) || in_one_blind_class(c, was)) continue;
          const std::string changed = with(zone, line, column, c);
          EXPECT_FALSE(read_unrepaired(changed).valid()) << changed;
          EXPECT_FALSE(read(changed).valid()) << changed;
        }
      }
    }
  }
}

TEST(Truncation, NeverGivesAValidZone) {
  for (const std::string_view zone : kZones) {
    for (std::size_t size = 0; size < zone.size(); ++size) {
      const auto mrz = read_mrz(zone.substr(0, size), {.today = kToday});
      EXPECT_FALSE(mrz && mrz->valid()) << zone.substr(0, size);
      const auto tail = read_mrz(zone.substr(size + 1), {.today = kToday});
      EXPECT_FALSE(tail && tail->valid()) << zone.substr(size + 1);
    }
  }
}

TEST(FlippedBits, NeverCrashAndNeverLoseTheShapeOfAReading) {
  for (const std::string_view zone : kZones) {
    for (std::size_t i = 0; i < zone.size(); ++i) {
      for (int bit = 0; bit < 8; ++bit) {
        std::string damaged(zone);
        damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
        const auto mrz = read_mrz(damaged, {.today = kToday});
        if (!mrz) continue;
        EXPECT_GE(mrz->lines.size(), 2u);
        for (const std::string& line : mrz->lines) EXPECT_EQ(line.size(), mrz->lines.front().size());
        for (const FieldEvidence& field : mrz->fields) EXPECT_FALSE(message_of(field).empty());
      }
    }
  }
}

// The fuzz target's property on a fixed stream of inputs: arbitrary bytes, the alphabet of the zone, and
// specimens with a few random bytes written over, removed or put in.
class RandomInput : public ::testing::Test {
 protected:
  std::size_t below(std::size_t bound) { return generator_() % bound; }
  std::string from(std::string_view alphabet, std::size_t size) {
    std::string text;
    while (text.size() < size) text += alphabet[below(alphabet.size())];
    return text;
  }
  char any_byte() { return static_cast<char>(below(256)); }

  std::mt19937_64 generator_{9303};  // the same inputs on every run
};

void must_survive(const std::string& scan) {
  const auto mrz = read_mrz(scan, {.today = kToday});
  if (!mrz) {
    EXPECT_EQ(mrz.error().code, ErrorCode::kMalformed);
    return;
  }
  for (const FieldEvidence& field : mrz->fields) EXPECT_FALSE(message_of(field).empty());
  if (!mrz->valid()) return;
  // What is valid is valid again when its own lines are read.
  std::string lines;
  for (const std::string& line : mrz->lines) lines += line + "\n";
  EXPECT_TRUE(read(lines).valid()) << lines;
  EXPECT_TRUE(mrz->repairs.empty());
}

TEST_F(RandomInput, OfArbitraryBytesSurvives) {
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes;
    for (std::size_t size = below(limits::kMaxScanBytes / 4); bytes.size() < size;) bytes += any_byte();
    must_survive(bytes);
  }
}

TEST_F(RandomInput, OfTheAlphabetInTheShapeOfAZoneSurvives) {
  for (int i = 0; i < 20'000; ++i) {
    const std::size_t width = std::array<std::size_t, 3>{30, 36, 44}[below(3)];
    std::string zone = from(kMrzAlphabet, width);
    for (std::size_t line = 1; line < (width == 30 ? 3u : 2u); ++line)
      zone += "\n" + from(kMrzAlphabet, width);
    must_survive(zone);
  }
}

TEST_F(RandomInput, OfDamagedSpecimensSurvives) {
  for (int i = 0; i < 20'000; ++i) {
    std::string zone(kZones[below(std::size(kZones))]);
    for (std::size_t changes = 1 + below(4); changes > 0; --changes) {
      const std::size_t at = below(zone.size());
      switch (below(3)) {
        case 0:
          zone[at] = any_byte();
          break;
        case 1:
          zone.erase(at, 1);
          break;
        default:
          zone.insert(at, 1, any_byte());
      }
    }
    must_survive(zone);
  }
}

}  // namespace
}  // namespace crossline::documents
