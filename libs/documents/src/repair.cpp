#include "repair.hpp"

#include "crossline/documents/check_digit.hpp"
#include "crossline/documents/codes.hpp"
#include "field_check.hpp"
#include "look_alikes.hpp"

#include <algorithm>
#include <optional>

namespace crossline::documents {
namespace {

struct Substitution {
  std::size_t offset;
  char taken;
};

bool is_known_code(std::string_view field) {
  return code_status(field.substr(0, field.find(kFiller))) != CodeStatus::kUnknown;
}

template <class Map>
void map_field(Reading& reading, std::size_t offset, std::size_t length, Map map) {
  for (std::size_t i = offset; i < offset + length; ++i) {
    if (const auto taken = map(reading.text[i])) reading.take(i, *taken);
  }
}

void map_code_field(Reading& reading, const FieldLayout& field) {
  std::string mapped(field.of(reading.text));
  for (char& c : mapped) c = letter_like(c).value_or(c);
  if (is_known_code(mapped)) map_field(reading, field.offset, field.length, letter_like);
}

// The single look-alikes with which the field satisfies its own digit.
std::vector<Substitution> candidates_for(const Reading& reading, const FieldLayout& field) {
  std::vector<Substitution> found;
  std::string trial = reading.text;
  for (std::size_t i = field.offset; i < field.offset + field.length; ++i) {
    const char original = trial[i];
    for (const auto& [one, other] : kLookAlikes) {
      if (original != one && original != other) continue;
      trial[i] = original == one ? other : one;
      if (check_field(*reading.layout, trial, field).status == FieldStatus::kOk)
        found.push_back({i, trial[i]});
    }
    trial[i] = original;
  }
  return found;
}

bool composite_holds(const ZoneLayout& layout, std::string_view text) {
  return !layout.has_composite() || check_composite(layout, text).status == FieldStatus::kOk;
}

// All ways to take one candidate for each field such that the composite holds.
std::vector<std::vector<Substitution>> combine(const Reading& reading,
                                               const std::vector<std::vector<Substitution>>& candidates) {
  std::vector<std::vector<Substitution>> combinations{{}};
  for (const auto& of_field : candidates) {
    std::vector<std::vector<Substitution>> longer;
    for (const auto& combination : combinations) {
      for (const Substitution& substitution : of_field) {
        longer.push_back(combination);
        longer.back().push_back(substitution);
      }
    }
    combinations = std::move(longer);
  }
  std::erase_if(combinations, [&](const std::vector<Substitution>& combination) {
    std::string trial = reading.text;
    for (const Substitution& substitution : combination) trial[substitution.offset] = substitution.taken;
    return !composite_holds(*reading.layout, trial);
  });
  return combinations;
}

}  // namespace

void Reading::take(std::size_t offset, char taken) {
  const Position position = layout->position(offset, 1);
  repairs.push_back({.field = layout->field_at(offset),
                     .line = position.line,
                     .column = position.first,
                     .read = as_read[offset],
                     .taken = taken});
  text[offset] = taken;
}

Reading pad(const Zone& zone) {
  Reading reading;
  reading.layout = zone.layout;
  reading.as_read = zone.as_read;
  reading.text = zone.text;
  for (const Gap& gap : zone.gaps) {
    reading.as_read.insert(gap.last - gap.count, gap.count, kNotDelivered);
    reading.text.insert(gap.last - gap.count, gap.count, kFiller);
    for (const FieldLayout& field : zone.layout->fields) {
      if (field.offset < gap.first || field.offset >= gap.last) continue;
      // A code that exists tells that the line is in place up to here.
      if (field.field == FieldName::kIssuer && is_known_code(field.of(reading.text))) {
        std::erase(reading.missing, FieldName::kDocumentCode);
        continue;
      }
      reading.missing.push_back(field.field);
    }
  }
  return reading;
}

Reading repair(const Zone& zone) {
  Reading reading = pad(zone);
  if (!zone.gaps.empty()) return solve_unknowns(zone, std::move(reading));
  map_by_class(reading);
  if (reading.text.find(kUnknownCharacter) != std::string::npos)
    reading = solve_unknowns(zone, std::move(reading));
  substitute_look_alikes(reading);
  return reading;
}

void map_by_class(Reading& reading) {
  const ZoneLayout& layout = *reading.layout;
  for (const FieldLayout& field : layout.fields) {
    switch (field.alphabet) {
      case Alphabet::kCode:
        map_field(reading, field.offset, 1, letter_like);
        break;
      case Alphabet::kLetters:
        map_code_field(reading, field);
        break;
      case Alphabet::kNameLetters:
        if (!has_cyrillic_digits(reading.text)) map_field(reading, field.offset, field.length, letter_like);
        break;
      case Alphabet::kDate:
        map_field(reading, field.offset, field.length, digit_like);
        break;
      case Alphabet::kSexLetter:
      case Alphabet::kAlphanumeric:
        break;
    }
    if (field.digit_offset != kNoDigit) map_field(reading, field.digit_offset, 1, digit_like);
  }
  if (layout.has_composite()) map_field(reading, layout.composite_offset, 1, digit_like);
}

void substitute_look_alikes(Reading& reading) {
  std::vector<FieldName> broken;
  std::vector<std::vector<Substitution>> candidates;
  for (const FieldLayout& field : reading.layout->fields) {
    if (field.alphabet != Alphabet::kAlphanumeric || field.digit_offset == kNoDigit) continue;
    if (check_field(*reading.layout, reading.text, field).status != FieldStatus::kWrongCheckDigit) continue;
    broken.push_back(field.field);
    candidates.push_back(candidates_for(reading, field));
  }
  if (broken.empty()) return;
  const auto combinations = combine(reading, candidates);
  if (combinations.size() == 1) {
    for (const Substitution& substitution : combinations.front())
      reading.take(substitution.offset, substitution.taken);
  } else if (combinations.size() > 1) {
    reading.ambiguous = std::move(broken);
  }
}

}  // namespace crossline::documents
