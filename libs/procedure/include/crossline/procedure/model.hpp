// A procedure as plain data: what its sealed form says, before it is compiled into an Edition.
#pragma once

#include "crossline/base/time.hpp"
#include "crossline/procedure/decision.hpp"
#include "crossline/procedure/facts.hpp"
#include "crossline/procedure/timeline.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
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
  kCompanionsAtMost,
  kWithinHours,
  kClosed,
  kAlternates,
  kOnList,
  kNotOnList,
};

// The operand of a predicate, by shape.
struct Names {
  std::vector<std::string> values;  // sorted, each once; empty only for accompanied_by "nobody"
  friend bool operator==(const Names&, const Names&) = default;
};
struct Number {
  std::int64_t value = 0;
  friend bool operator==(const Number&, const Number&) = default;
};
struct Flag {
  bool value = true;
  friend bool operator==(const Flag&, const Flag&) = default;
};
using Operand = std::variant<Names, Number, Flag>;

struct Predicate {
  PredicateKind kind{};
  Operand operand;
  friend bool operator==(const Predicate&, const Predicate&) = default;
};

// As written in a procedure: "age_under".
[[nodiscard]] std::string_view name_of(PredicateKind kind);

// What a clause gives when it cannot be determined.
enum class IfUnknown : std::uint8_t { kAllowAndReport, kRefer, kRefuse };
// "allow_and_report", "refer", "refuse".
[[nodiscard]] std::string_view name_of(IfUnknown if_unknown);

// One clause. Its conditions all have to hold (a conjunction); an empty `applies_to` always applies.
struct Clause {
  ClauseKind kind = ClauseKind::kAdmit;
  std::vector<PredicateIndex> conditions;
};

struct Article {
  std::string id;                          // "4(3)"
  Text text;                               // the agreed words
  std::vector<PredicateIndex> applies_to;  // of all its clauses
  std::vector<Clause> clauses;             // at most one of each kind, in the order of ClauseKind
  Verdict otherwise = Verdict::kRefuse;    // of a require that does not hold, a prohibit that does
  IfUnknown if_unknown = IfUnknown::kRefer;
};

// Who belongs to a category, as far as the document tells. An empty set says nothing.
struct Category {
  std::string name;
  Text text;
  std::vector<std::string> document_kinds;
  std::vector<std::string> document_issuers;
  std::vector<std::string> not_document_issuers;
  std::optional<Side> residence;
};

// Opening hours: what people wrote, and the instants that it means. For each Direction one of both.
struct Hours {
  std::string name;
  std::array<WeekPattern, 2> pattern;
  std::array<Timeline, 2> open;
};

struct Checkpoint {
  std::string name;
  Text text;
  std::string hours;  // the name of its Hours; empty: it has none
};

struct List {
  std::string name;
  Text text;
};

// An agreed example, run whenever the procedure is sealed.
struct Case {
  std::string name;
  std::string given;  // facts, as canonical JSON
  Verdict verdict{};
  std::vector<std::string> because;  // article ids, in article order
};

struct Procedure {
  std::string name;
  std::uint64_t edition = 0;
  std::string supersedes;  // "sha256:<hex>" of the edition before; empty for the first
  std::string clock;       // the time zone of its days and hours, "Asia/Baku"
  UtcMillis from;
  UtcMillis until;
  ZoneOffsets offsets;                         // of that clock, from two years before `from` to `until`
  std::map<std::string, std::string> parties;  // "A", "B", "G" to their names
  std::map<std::string, std::int64_t> sign;    // how many signatures of each party adopt it
  std::map<std::string, std::vector<std::string>> keys;  // Ed25519, base64, sorted; empty: those before stay
  std::vector<Category> categories;                      // in the order written
  std::vector<Checkpoint> checkpoints;
  std::vector<Hours> hours;
  std::vector<List> lists;
  std::vector<Article> articles;
  std::vector<Case> cases;
  std::vector<Predicate> predicates;  // each different one once; clauses refer to them
};

}  // namespace crossline::procedure
