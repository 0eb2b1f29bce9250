#include "implication.hpp"

#include <algorithm>

namespace crossline::procedure {
namespace {

using enum PredicateKind;

const std::vector<std::string>& names_of(const Predicate& predicate) {
  return std::get<Names>(predicate.operand).values;
}
std::int64_t number_of(const Predicate& predicate) {
  return std::get<Number>(predicate.operand).value;
}
// Both are sorted.
bool within(const std::vector<std::string>& some, const std::vector<std::string>& all) {
  return std::ranges::includes(all, some);
}

// A fact that has one value at a time.
bool of_one_value(PredicateKind kind) {
  switch (kind) {
    case kCategory:
    case kDirection:
    case kCheckpoint:
    case kTowardSide:
    case kSideOfResidence:
    case kDocumentKind:
    case kDocumentIssuer:
    case kSex:
    case kMode:
      return true;
    default:
      return false;
  }
}

bool excludes_in_order(const Predicate& a, const Predicate& b) {
  if (a.kind == b.kind) {
    if (of_one_value(a.kind))
      return std::ranges::find_first_of(names_of(a), names_of(b)) == names_of(a).end();
    return std::holds_alternative<Flag>(a.operand) && a.operand != b.operand;
  }
  if (a.kind == kAgeUnder && b.kind == kAgeAtLeast) return number_of(a) <= number_of(b);
  if (a.kind == kOnList && b.kind == kNotOnList) return within(names_of(a), names_of(b));
  return false;
}

}  // namespace

bool implies(const Predicate& a, const Predicate& b) {
  if (a == b) return true;
  if (a.kind != b.kind) return false;
  if (of_one_value(a.kind)) return within(names_of(a), names_of(b));
  switch (a.kind) {
    case kOnList:
    case kPermit:
    case kWithinHours:
    case kWithinSeason:
      return within(names_of(a), names_of(b));
    case kAccompaniedBy:  // nobody is neither part of anything nor has parts
      return !names_of(a).empty() && within(names_of(a), names_of(b));
    case kNotOnList:
    case kGoodsForbidden:
      return within(names_of(b), names_of(a));
    case kAgeUnder:
    case kCompanionsAtMost:
      return number_of(a) <= number_of(b);
    case kAgeAtLeast:
    case kDocumentValidDays:
      return number_of(a) >= number_of(b);
    case kDateBetween: {
      const auto& inner = std::get<Table>(a.operand);
      const auto& outer = std::get<Table>(b.operand);
      return inner.number("from", 0) >= outer.number("from", 0) &&
             inner.number("until", 0) <= outer.number("until", 0);
    }
    default:
      return false;
  }
}

bool exclude(const Predicate& a, const Predicate& b) {
  return excludes_in_order(a, b) || excludes_in_order(b, a);
}

}  // namespace crossline::procedure
