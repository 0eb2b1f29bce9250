// A procedure as plain data: what its sealed form says, before it is compiled into an Edition.
#pragma once

#include "crossline/base/time.hpp"
#include "crossline/procedure/decision.hpp"
#include "crossline/procedure/facts.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace crossline::procedure {

// A text in each of the procedure's languages ("en", "ru", ...).
class Text {
 public:
  Text() = default;
  explicit Text(std::map<std::string, std::string> by_language) : by_language_(std::move(by_language)) {}
  // The text in `language`; without one, the English; without that, the first there is; empty if none.
  [[nodiscard]] std::string_view in(std::string_view language) const;
  [[nodiscard]] const std::map<std::string, std::string>& all() const { return by_language_; }

 private:
  std::map<std::string, std::string> by_language_;
};

enum class PredicateKind : std::uint8_t {
  kCategory,
  kDirection,
  kCheckpoint,
  kTowardSide,
  kSideOfResidence,
  kDocumentKind,
  kDocumentIssuer,
  kDocumentValidDays,
  kDocumentReadable,
  kAgeUnder,
  kAgeAtLeast,
  kSex,
  kAccompaniedBy,
  kWithinHours,
  kClosed,
  kAlternates,
  kOnList,
  kNotOnList,
};

// The operand of a predicate, by shape.
struct Names {
  std::vector<std::string> values;  // sorted, each once; a closed set of known names
};
struct Number {
  std::int64_t value = 0;
};
struct Flag {
  bool value = true;
};
using Operand = std::variant<Names, Number, Flag>;

struct Predicate {
  PredicateKind kind{};
  Operand operand;
};

// What a clause gives when it cannot be determined.
enum class IfUnknown : std::uint8_t { kAllowAndReport, kRefer, kRefuse };

// One clause. Its conditions all have to hold (a conjunction); an empty `applies_to` always applies.
struct Clause {
  ClauseKind kind = ClauseKind::kAdmit;
  std::vector<PredicateIndex> applies_to;
  std::vector<PredicateIndex> conditions;
  Verdict otherwise = Verdict::kRefuse;
  IfUnknown if_unknown = IfUnknown::kRefer;
};

struct Article {
  std::string id;  // "4(3)"
  Text text;       // the agreed words
  std::vector<Clause> clauses;
};

// Who belongs to a category, as far as the document tells; empty sets say nothing.
struct Category {
  std::string name;
  Text text;
  std::vector<std::string> document_kinds;
  std::vector<std::string> document_issuers;
  std::vector<std::string> not_document_issuers;
};

// The instants at which something is in effect: boundaries in UTC seconds, rising; in effect from the
// first to before the second, from the third to before the fourth, and so on.
class Timeline {
 public:
  Timeline() = default;
  explicit Timeline(std::vector<std::int64_t> boundaries_s) : boundaries_s_(std::move(boundaries_s)) {}
  [[nodiscard]] bool contains(UtcMillis instant) const;
  // The first instant after `instant` at which it changes; nothing more changes after INT64_MAX.
  [[nodiscard]] UtcMillis next_change(UtcMillis instant) const;
  [[nodiscard]] const std::vector<std::int64_t>& boundaries_s() const { return boundaries_s_; }

 private:
  std::vector<std::int64_t> boundaries_s_;
};

}  // namespace crossline::procedure
