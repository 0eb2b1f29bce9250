#include "zone.hpp"

#include "crossline/documents/check_digit.hpp"
#include "look_alikes.hpp"

#include <algorithm>
#include <array>
#include <ranges>

#include <fmt/ranges.h>

namespace crossline::documents {
namespace {

constexpr std::size_t kMaxMissing = 2;
constexpr std::size_t kMaxForeignShare = 4;  // at most one character in so many may be outside the alphabet
constexpr std::size_t kSuspiciousRun = 4;    // no name and no number repeats a letter that often

struct Shape {
  std::size_t lines;
  std::size_t width;
};
constexpr std::array kShapes{Shape{3, 30}, Shape{2, 36}, Shape{2, 44}};

std::size_t longest_run(std::string_view line, char c) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char other : line) {
    run = other == c ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

// Every zone has fillers side by side. Where there is none at all, the character that repeats instead is
// what the layout of the keyboard, or the reader, has made of them.
std::optional<char> garbled_filler(std::string_view text) {
  if (text.find(kFiller) != std::string_view::npos) return std::nullopt;
  for (const char c : text) {
    if (longest_run(text, c) >= (mrz_value(c) < 0 ? 2 : kSuspiciousRun) && !is_mrz_digit(c)) return c;
  }
  return std::nullopt;
}

Error not_a_zone(const std::vector<std::string>& lines) {
  const bool ascii = std::ranges::all_of(lines | std::views::join,
                                         [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  const auto lengths = lines | std::views::transform(&std::string::size);
  return {
      ErrorCode::kMalformed,
      fmt::format(
          "not a machine readable zone: {} line{} of {} characters, expected 3 of 30, 2 of 36 or 2 of 44{}",
          lines.size(), lines.size() == 1 ? "" : "s",
          lines.empty() ? "0" : fmt::format("{}", fmt::join(lengths, ", ")),
          ascii ? "" : "; there are characters outside ASCII: check the layout of the reader's keyboard")};
}

// The shape these lines fill but for the missing characters, and where those are missing.
std::optional<Shape> shape_of(const std::vector<std::string>& lines, std::vector<Gap>& gaps) {
  for (const Shape shape : kShapes) {
    if (lines.size() != 1 && lines.size() != shape.lines) continue;
    const std::size_t piece = shape.lines * shape.width / lines.size();
    std::size_t missing = 0;
    gaps.clear();
    bool fits = true;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const std::size_t size = lines[i].size();
      fits = fits && size <= piece && missing + (piece - size) <= kMaxMissing;
      if (!fits) break;
      if (size < piece) gaps.push_back({.first = i * piece, .last = (i + 1) * piece, .count = piece - size});
      missing += piece - size;
    }
    // A run of 88 is a whole passport, not a card that lacks two characters.
    const bool whole_elsewhere =
        missing > 0 && lines.size() == 1 && std::ranges::any_of(kShapes, [&](Shape other) {
          return lines.front().size() == other.lines * other.width;
        });
    if (fits && !whole_elsewhere) return shape;
  }
  return std::nullopt;
}

MrzFormat format_of(Shape shape, std::string_view text) {
  if (shape.lines == 3) return MrzFormat::kTd1;
  if (text.starts_with('V')) return shape.width == 44 ? MrzFormat::kMrvA : MrzFormat::kMrvB;
  if (shape.width == 44) return MrzFormat::kTd3;
  std::string head(text.substr(0, 5));
  std::ranges::transform(head, head.begin(), [](char c) { return letter_like(c).value_or(c); });
  return head == "IDFRA" ? MrzFormat::kFrenchId : MrzFormat::kTd2;
}

char upper_ascii(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

}  // namespace

Result<Zone> assemble(const std::vector<std::string>& lines) {
  Zone zone;
  std::optional<Shape> shape;
  if (!lines.empty() && lines.size() <= kShapes.front().lines) shape = shape_of(lines, zone.gaps);
  if (!shape) return std::unexpected(not_a_zone(lines));

  for (const std::string& line : lines) zone.as_read += line;
  std::string upper = zone.as_read;
  std::ranges::transform(upper, upper.begin(), upper_ascii);
  zone.lower_case = upper != zone.as_read;
  zone.as_read = std::move(upper);
  zone.filler_arrives_as = garbled_filler(zone.as_read);

  zone.text = zone.as_read;
  if (zone.filler_arrives_as && mrz_value(*zone.filler_arrives_as) < 0) {
    std::ranges::replace(zone.text, *zone.filler_arrives_as, kFiller);
  }
  std::ranges::replace_if(zone.text, [](char c) { return mrz_value(c) < 0; }, kUnknownCharacter);
  const auto foreign = static_cast<std::size_t>(std::ranges::count(zone.text, kUnknownCharacter));
  if (foreign * kMaxForeignShare > zone.text.size()) {
    return fail(ErrorCode::kMalformed,
                "not a machine readable zone: {} of {} characters are none of A to Z, 0 to 9 and '<'",
                foreign, zone.text.size());
  }
  zone.layout = &layout_of(format_of(*shape, zone.text));
  return zone;
}

}  // namespace crossline::documents
