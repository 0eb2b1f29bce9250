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
  kMode,
  kDateBetween,
  kWithinSeason,
  kStayOnSideA,
  kStayOnSideB,
  kAbsentForAtLeast,
  kCrossingsAtMost,
  kQuota,
  kPermit,
  kNotified,
  kGoodsAtMost,
  kGoodsForbidden,
  kWeaponsNone,
  kArmsHandedOver,
  kConvoy,
  kFact,
};
inline constexpr std::size_t kPredicateKinds = 35;

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
// Several values by name: { max_days = 90, in_any_days = 180 }. `about` is what a keyed predicate speaks of:
// the kind of goods, the declared fact. Dates that are instants are UTC seconds once sealed, local seconds
// before.
struct Table {
  using Value = std::variant<Names, Number, Flag>;
  std::string about;
  std::map<std::string, Value, std::less<>> values;
  // The member, or what it is when it was left out.
  [[nodiscard]] std::int64_t number(std::string_view key, std::int64_t otherwise) const;
  [[nodiscard]] bool flag(std::string_view key, bool otherwise) const;
  [[nodiscard]] const std::vector<std::string>* names(std::string_view key) const;
  friend bool operator==(const Table&, const Table&) = default;
};
using Operand = std::variant<Names, Number, Flag, Table>;

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
  std::vector<PredicateIndex>
      conditions;  // none of an exempt or a duty: their article's scope says whom they concern
  std::vector<std::string> names;  // exempt: the ids of the articles it lifts; duty: the duties
};

// Who may override an article's require and prohibit clauses, for how long.
struct OverrideTerms {
  std::int64_t persons = 2;         // different people who sign
  std::vector<std::string> roles;   // "A.shift_lead"; see Edition::decide
  std::int64_t valid_minutes = 30;  // from when it was granted
};

struct Article {
  std::string id;                          // "4(3)"
  Text text;                               // the agreed words
  std::vector<PredicateIndex> applies_to;  // of all its clauses
  std::vector<Clause> clauses;             // at most one of each kind, in the order of ClauseKind
  Verdict otherwise = Verdict::kRefuse;    // of a require that does not hold, a prohibit that does
  IfUnknown if_unknown = IfUnknown::kRefer;
  std::optional<OverrideTerms> override_terms;
  bool absolute = false;         // nothing lifts or overrides it
  bool survives_expiry = false;  // its clauses count after `until`
};

// Who belongs to a category, as far as the document tells. An empty set says nothing.
struct Category {
  std::string name;
  Text text;
  std::vector<std::string> document_kinds;
  std::vector<std::string> document_issuers;
  std::vector<std::string> not_document_issuers;
  std::vector<std::string> lists;    // or a person on one of these
  std::vector<std::string> permits;  // or who holds one of these
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
  std::int64_t max_age_hours = 0;  // an older copy is unknown; 0: of any age
};

// A part of every year, from the first of the local days to before the other; it may reach over New Year.
struct Season {
  std::string name;
  Text text;
  std::string from;  // "05-01"
  std::string until;
  Timeline when;  // over the time in force
};

struct PermitKind {
  std::string name;
  Text text;
};

struct GoodsKind {
  std::string name;
  Text text;
  std::string unit;  // "EUR", "kg": of every amount of it
};

// How many movements a local day has room for. An empty set counts every movement.
struct Quota {
  std::string name;
  Text text;
  std::vector<std::string> checkpoints;
  std::vector<std::string> directions;
  std::vector<std::string> categories;
  std::int64_t per_day = 0;
};

// Something that an officer records before the verdict is released.
struct Duty {
  std::string name;
  Text text;
};

// A fact that this procedure adds to the language: an officer records it.
struct DeclaredKind {
  enum class Type : std::uint8_t { kBool, kEnum, kInt, kDate };
  std::string name;
  Text text;
  Type type = Type::kBool;
  std::vector<std::string> values;  // of an enum
};
[[nodiscard]] std::string_view name_of(DeclaredKind::Type type);  // "bool", "enum", "int", "date"

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
  std::vector<Season> seasons;
  std::vector<PermitKind> permits;
  std::vector<GoodsKind> goods;
  std::vector<Quota> quotas;
  std::vector<Duty> duties;
  std::vector<DeclaredKind> declared;
  std::optional<std::int64_t> closure_max_hours;  // that one side's closure lasts without the other's consent
  std::vector<Article> articles;
  std::vector<Case> cases;
  std::vector<Predicate> predicates;  // each different one once; clauses refer to them
};

}  // namespace crossline::procedure
