#include "crossline/documents/transliteration.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/base/text.hpp"
#include "crossline/documents/check_digit.hpp"
#include "letters.hpp"

#include <algorithm>
#include <optional>

namespace crossline::documents {
namespace {

constexpr char32_t kShadda = 0x651;        // doubles the letter before
constexpr char32_t kTehMarbuta = 0x629;    // XAH at the end of a component, XTA elsewhere
constexpr char32_t kArmenianYech = 0x535;  // YE at the beginning
constexpr char32_t kArmenianVo = 0x548;    // VO at the beginning; with U+0552 it is U
constexpr char32_t kArmenianYiwn = 0x552;
constexpr char32_t kArmenianLigature = 0x587;

// Well-formed UTF-8 only.
std::u32string decode(std::string_view text) {
  std::u32string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t c = length == 1 ? lead : lead & (0xFFu >> (length + 1));
    for (std::size_t k = 1; k < length; ++k) c = (c << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3Fu);
    out += to_upper(c);
    i += length;
  }
  return out;
}

bool is_letter(char32_t c) {
  return (c >= 'A' && c <= 'Z') || c >= 0xC0;
}
bool separates(char32_t c) {
  const bool blank = c == ' ' || c == 0xA0 || (c >= 0x2000 && c <= 0x200A);
  const bool dash = c == '-' || (c >= 0x2010 && c <= 0x2015);
  return blank || dash || c == ',';
}
// Punctuation, apostrophes in all their shapes, and combining accents.
bool vanishes(char32_t c) {
  const bool combining_or_modifier = (c >= 0x2B0 && c <= 0x36F) || c == 0x559 || c == 0x55A;
  return (c < 0xC0 && !is_letter(c)) || combining_or_modifier || (c >= 0x200B && c <= 0x206F);
}

// One letter or separator, with the spellings it may have.
using Unit = std::vector<std::string>;

Unit alternatives(std::string_view spellings) {
  Unit unit;
  for (const std::string_view spelling : split(spellings, '|')) unit.emplace_back(spelling);
  return unit;
}

class Speller {
 public:
  Speller(std::u32string name, Language language) : name_(std::move(name)), language_(language) {}

  Result<std::vector<Unit>> spell() {
    for (std::size_t i = 0; i < name_.size(); ++i) {
      const char32_t c = name_[i];
      if (separates(c)) {
        units_.push_back({" "});
      } else if (c >= 'A' && c <= 'Z') {
        units_.push_back({std::string(1, static_cast<char>(c))});
      } else if (vanishes(c)) {
        continue;
      } else if (c == kShadda) {
        double_last();
      } else if (is_digraph(i)) {
        units_.push_back({"U"});
        ++i;
      } else if (const auto spellings = spelled(i)) {
        units_.push_back(alternatives(*spellings));
      } else {
        return fail(ErrorCode::kUnsupported, "no spelling is known for the letter U+{:04X}",
                    static_cast<unsigned>(c));
      }
    }
    return std::move(units_);
  }

 private:
  [[nodiscard]] bool begins_component(std::size_t i) const { return i == 0 || separates(name_[i - 1]); }
  [[nodiscard]] bool ends_component(std::size_t i) const {
    return i + 1 == name_.size() || !is_letter(name_[i + 1]);
  }
  [[nodiscard]] bool is_digraph(std::size_t i) const {
    return name_[i] == kArmenianVo && i + 1 < name_.size() && name_[i + 1] == kArmenianYiwn;
  }

  [[nodiscard]] std::optional<std::string_view> spelled(std::size_t i) const {
    const char32_t c = name_[i];
    if (c == kTehMarbuta && ends_component(i)) return "XAH";
    if (c == kArmenianYech && begins_component(i)) return "YE";
    if (c == kArmenianVo && begins_component(i)) return "VO";
    if (c == kArmenianLigature) return begins_component(i) ? "YEV" : "EV";
    return spellings_of(c, language_, begins_component(i));
  }

  void double_last() {
    if (units_.empty()) return;
    for (std::string& spelling : units_.back()) spelling += spelling;
  }

  std::u32string name_;
  Language language_;
  std::vector<Unit> units_;
};

// One blank between components, none at the ends.
std::string tidied(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' || (!out.empty() && out.back() != ' ')) out += c;
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

}  // namespace

Result<std::vector<std::string>> spellings(std::string_view name, Language language) {
  if (!is_utf8(name)) return fail(ErrorCode::kMalformed, "the name is not UTF-8");
  CROSSLINE_TRY(const std::vector<Unit> units, Speller(decode(name), language).spell());
  std::vector<std::string> all{""};
  for (const Unit& unit : units) {
    const std::size_t before = all.size();
    const std::size_t choices = before * unit.size() > limits::kMaxSpellings ? 1 : unit.size();
    for (std::size_t choice = 1; choice < choices; ++choice) {
      for (std::size_t i = 0; i < before; ++i) all.push_back(all[i] + unit[choice]);
    }
    for (std::size_t i = 0; i < before; ++i) all[i] += unit.front();
  }
  std::ranges::transform(all, all.begin(), tidied);
  return all;
}

Result<std::string> transliterate(std::string_view name, Language language) {
  CROSSLINE_TRY(std::vector<std::string> all, spellings(name, language));
  return std::move(all.front());
}

}  // namespace crossline::documents
