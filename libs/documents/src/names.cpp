#include "names.hpp"

#include "crossline/documents/check_digit.hpp"

#include <array>

namespace crossline::documents {
namespace {

// By mrz_value(): 0 to 9, then A to Z. The digits 0 and 1 stand for nothing.
constexpr std::array<std::string_view, 36> kCyrillic{
    "0", "1", "Ё", "Ч", "Ш", "5", "Э", "Ю", "Я", "Ь", "А", "Б", "Ц", "Д", "Е", "Ф", "Г", "Х",
    "И", "Ж", "К", "Л", "М", "Н", "О", "П", "Й", "Р", "С", "Т", "У", "В", "Щ", "Ъ", "Ы", "З"};

}  // namespace

std::string join_components(std::string_view field) {
  std::string joined;
  for (const char c : field) {
    if (c != kFiller) {
      joined += c;
    } else if (!joined.empty() && joined.back() != ' ') {
      joined += ' ';
    }
  }
  if (joined.ends_with(' ')) joined.pop_back();
  return joined;
}

Names split_names(std::string_view field) {
  const std::size_t separator = field.find("<<");
  if (separator == std::string_view::npos) return {.primary = join_components(field), .secondary = {}};
  return {.primary = join_components(field.substr(0, separator)),
          .secondary = join_components(field.substr(separator))};
}

std::string cyrillic_from_digits(std::string_view name) {
  std::string decoded;
  for (const char c : name) {
    if (const int value = mrz_value(c); value >= 0 && c != kFiller) {
      decoded += kCyrillic[static_cast<std::size_t>(value)];
    } else {
      decoded += c;
    }
  }
  return decoded;
}

}  // namespace crossline::documents
