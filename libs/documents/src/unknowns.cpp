// Solves characters that are missing or unread: tries every place a missing one may have had and every
// character the field allows there, keeps what satisfies all digits and the calendar, and trusts only what
// all survivors agree on.
#include "crossline/documents/check_digit.hpp"
#include "field_check.hpp"
#include "repair.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <span>

namespace crossline::documents {
namespace {

constexpr std::size_t kMaxUnknowns = 2;
constexpr std::size_t kMaxTrials =
    200'000;  // beyond it the officer is faster; an ordinary gap takes a few thousand
constexpr std::string_view kDateCharacters = "0123456789<";
constexpr std::string_view kNameCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ<";
constexpr std::string_view kAllCharacters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<";

bool has_unknown(std::string_view text) {
  return text.find(kUnknownCharacter) != std::string_view::npos;
}

bool touches_unknown(const FieldLayout& field, std::string_view text) {
  return has_unknown(field.of(text)) ||
         (field.digit_offset != kNoDigit && text[field.digit_offset] == kUnknownCharacter);
}

bool composite_touches_unknown(const ZoneLayout& layout, std::string_view text) {
  return text[layout.composite_offset] == kUnknownCharacter ||
         std::ranges::any_of(layout.composite, [&](const Piece& piece) {
           return has_unknown(text.substr(piece.offset, piece.length));
         });
}

bool composite_holds_where_known(const ZoneLayout& layout, std::string_view text) {
  return !layout.has_composite() || composite_touches_unknown(layout, text) ||
         check_composite(layout, text).status == FieldStatus::kOk;
}

// Every field that is whole holds, and the composite when all it covers is known.
bool holds_where_known(const ZoneLayout& layout, std::string_view text) {
  for (const FieldLayout& field : layout.fields) {
    if (!touches_unknown(field, text) && check_field(layout, text, field).status != FieldStatus::kOk)
      return false;
  }
  return composite_holds_where_known(layout, text);
}

// The same after a change at `offset` of a zone that held before. The optional data may continue the number.
bool holds_around(const ZoneLayout& layout, std::string_view text, std::size_t offset) {
  const FieldName changed = layout.field_at(offset);
  for (const FieldLayout& field : layout.fields) {
    const bool concerned =
        field.field == changed || (changed == FieldName::kOptional && field.field == FieldName::kNumber);
    if (concerned && !touches_unknown(field, text) &&
        check_field(layout, text, field).status != FieldStatus::kOk)
      return false;
  }
  return composite_holds_where_known(layout, text);
}

// What only the composite covers has many solutions, and a digit that nothing else confirms certifies nothing
// when it is filled in by computing it.
bool can_be_solved(const ZoneLayout& layout, std::string_view text, std::size_t offset) {
  if (!layout.is_checked(offset)) return false;
  if (!layout.has_composite()) return !layout.is_digit_place(offset);
  return text[layout.composite_offset] != kUnknownCharacter;
}

bool touches_solvable(const ZoneLayout& layout, const FieldLayout& field, std::string_view text) {
  const auto open = [&](std::size_t offset) {
    return text[offset] == kUnknownCharacter && can_be_solved(layout, text, offset);
  };
  for (std::size_t i = field.offset; i < field.offset + field.length; ++i) {
    if (open(i)) return true;
  }
  return field.digit_offset != kNoDigit && open(field.digit_offset);
}

std::string_view characters_for(const ZoneLayout& layout, std::size_t offset) {
  if (layout.is_digit_place(offset)) return kDateCharacters;
  switch (layout.find(layout.field_at(offset))->alphabet) {
    case Alphabet::kDate:
      return kDateCharacters;
    case Alphabet::kAlphanumeric:
      return kAllCharacters;
    default:
      return kNameCharacters;
  }
}

class Search {
 public:
  explicit Search(const ZoneLayout& layout) : layout_(layout) {}

  // Places the characters of the gaps from `gap` on, the first of them at `from` or later, then fills in.
  void place(std::span<const Gap> gaps, std::size_t placed, std::size_t from, std::string text,
             std::string as_read) {
    if (gaps.empty()) return fill_known(std::move(text), as_read);
    const Gap& gap = gaps.front();
    if (placed == gap.count) return place(gaps.subspan(1), 0, 0, std::move(text), std::move(as_read));
    for (std::size_t at = std::max(from, gap.first); at + (gap.count - placed) <= gap.last; ++at) {
      std::string longer = text;
      longer.insert(at, 1, kUnknownCharacter);
      std::string longer_read = as_read;
      longer_read.insert(at, 1, kNotDelivered);
      place(gaps, placed + 1, at + 1, std::move(longer), std::move(longer_read));
    }
  }

  // What all survivors agree on, '?' elsewhere; empty when nothing survived or the search was given up.
  [[nodiscard]] std::string agreed() const { return trials_ > kMaxTrials ? std::string() : agreed_; }
  // The zone as read, aligned as the first survivor is.
  [[nodiscard]] const std::string& as_read() const { return as_read_; }

 private:
  void fill_known(std::string text, const std::string& as_read) {
    if (++trials_ > kMaxTrials || !holds_where_known(layout_, text)) return;
    fill(text, 0, as_read);
  }

  void fill(std::string& text, std::size_t from, const std::string& as_read) {
    std::size_t at = text.find(kUnknownCharacter, from);
    while (at != std::string::npos && !can_be_solved(layout_, text, at))
      at = text.find(kUnknownCharacter, at + 1);
    if (at == std::string::npos) return keep(text, as_read);
    for (const char c : characters_for(layout_, at)) {
      if (++trials_ > kMaxTrials) break;
      text[at] = c;
      if (holds_around(layout_, text, at)) fill(text, at + 1, as_read);
    }
    text[at] = kUnknownCharacter;
  }

  void keep(const std::string& text, const std::string& as_read) {
    if (agreed_.empty()) {
      agreed_ = text;
      as_read_ = as_read;
      return;
    }
    for (std::size_t i = 0; i < agreed_.size(); ++i) {
      if (agreed_[i] != text[i]) agreed_[i] = kUnknownCharacter;
    }
  }

  const ZoneLayout& layout_;
  std::size_t trials_ = 0;
  std::string agreed_;
  std::string as_read_;
};

bool line_is_checked(const ZoneLayout& layout, const Gap& gap) {
  for (std::size_t i = gap.first; i < gap.last; ++i) {
    if (layout.is_checked(i)) return true;
  }
  return false;
}

}  // namespace

Reading solve_unknowns(const Zone& zone, Reading padded) {
  const ZoneLayout& layout = *zone.layout;
  std::vector<Gap> gaps;
  std::string text = padded.text;
  std::string as_read = padded.as_read;
  std::size_t unknowns = static_cast<std::size_t>(std::ranges::count(text, kUnknownCharacter));
  // Lines that no digit covers stay padded; the others are searched for the place of what they lack.
  std::ranges::copy_if(zone.gaps, std::back_inserter(gaps),
                       [&](const Gap& gap) { return line_is_checked(layout, gap); });
  for (const Gap& gap : gaps | std::views::reverse) {
    unknowns += gap.count;
    text.erase(gap.last - gap.count, gap.count);
    as_read.erase(gap.last - gap.count, gap.count);
  }
  if (unknowns == 0 || unknowns > kMaxUnknowns) return padded;

  Search search(layout);
  search.place(gaps, 0, 0, text, as_read);
  const std::string agreed = search.agreed();
  if (agreed.empty()) return padded;

  Reading solved = std::move(padded);
  const auto searched = [&](std::size_t offset) {
    return std::ranges::any_of(gaps,
                               [&](const Gap& gap) { return offset >= gap.first && offset < gap.last; });
  };
  std::erase_if(solved.missing, [&](FieldName field) { return searched(layout.find(field)->offset); });
  solved.as_read = search.as_read();
  solved.text = agreed;
  for (std::size_t i = 0; i < agreed.size(); ++i) {
    const char read = solved.as_read[i];
    const bool unread = mrz_value(read) < 0 && read != kNotDelivered && read != zone.filler_arrives_as;
    const bool supplied = read == kNotDelivered && searched(i);
    if (agreed[i] != kUnknownCharacter && (unread || supplied)) solved.take(i, agreed[i]);
  }
  for (const FieldLayout& field : layout.fields) {
    if (!gaps.empty() && touches_unknown(field, agreed)) solved.missing.push_back(field.field);
    if (gaps.empty() && touches_solvable(layout, field, agreed)) solved.ambiguous.push_back(field.field);
  }
  return solved;
}

}  // namespace crossline::documents
