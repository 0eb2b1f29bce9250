#include "crossline/procedure/authoring.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/procedure/edition.hpp"
#include "crossline/procedure/fact_sheet.hpp"
#include "local_time.hpp"
#include "reader.hpp"
#include "toml_tree.hpp"

#include <algorithm>
#include <iterator>

namespace crossline::procedure {
namespace {

constexpr std::int64_t kDay_s = 86'400;
// How far before its beginning an edition knows the offsets of its clock: its windows look back.
constexpr std::int64_t kOffsetsBefore_s = 2 * 366 * kDay_s;

Problem whole_file(std::string message) {
  return {.line = 0, .column = 0, .article = {}, .message = std::move(message)};
}

// The local spans of a season that touch [first_day, last_day]; one that ends before it begins reaches over
// New Year.
LocalSpans spans_of(const Season& season, std::int64_t first_day, std::int64_t last_day) {
  const auto year_of = [](std::int64_t day) { return std::stoi(format_date(day).substr(0, 4)); };
  LocalSpans spans;
  for (int year = year_of(first_day) - 1; year <= year_of(last_day); ++year) {
    const auto from = parse_date(fmt::format("{:04}-{}", year, season.from));
    const auto until =
        parse_date(fmt::format("{:04}-{}", season.until > season.from ? year : year + 1, season.until));
    if (from && until) spans.emplace_back(*from * kDay_s, *until * kDay_s);
  }
  return spans;
}

// The procedure with its instants and timelines set.
Result<Procedure> expanded(const Authored& authored, const ZoneRules& zones) {
  Procedure out = authored.procedure;
  // A local time is within a day of the same digits in UTC, whatever the zone.
  CROSSLINE_TRY(out.offsets, zones.offsets(out.clock, authored.from.seconds - kDay_s - kOffsetsBefore_s,
                                           authored.until.seconds + kDay_s));
  const std::int64_t from_s = out.offsets.to_utc(authored.from.seconds);
  const std::int64_t until_s = out.offsets.to_utc(authored.until.seconds);
  out.from = {from_s * 1000};
  out.until = {until_s * 1000};
  const std::int64_t first_day = out.offsets.local_day(out.from);
  const std::int64_t last_day = out.offsets.local_day(out.until);
  for (Hours& hours : out.hours)
    for (std::size_t i = 0; i < hours.pattern.size(); ++i)
      hours.open[i] = expand(hours.pattern[i].on_days(first_day, last_day), out.offsets, from_s, until_s);
  for (Season& season : out.seasons)
    season.when = expand(spans_of(season, first_day, last_day), out.offsets, from_s, until_s);
  for (Predicate& predicate : out.predicates)
    if (predicate.kind == PredicateKind::kDateBetween)
      for (auto& [key, value] : std::get<Table>(predicate.operand).values)
        std::get<Number>(value).value = out.offsets.to_utc(std::get<Number>(value).value);
  return out;
}

std::string list_of(const std::vector<std::string>& articles) {
  return articles.empty() ? "no article" : fmt::format("{}", fmt::join(articles, ", "));
}

// What is wrong with an agreed case; nothing when the edition decides as agreed.
std::optional<Problem> check_case(const Edition& edition, const Case& example) {
  const auto sheet = FactSheet::parse_case(example.given, edition);
  if (!sheet) return whole_file(fmt::format("case '{}': {}", example.name, sheet.error().message));
  const Decision decision = edition.decide(sheet->facts(), sheet->instant().value_or(edition.from()));
  std::vector<std::string> cited;
  for (const ArticleIndex article : decision.cited) cited.push_back(edition.articles()[article].id);
  std::ranges::sort(cited);
  if (decision.verdict == example.verdict && (example.because.empty() || cited == example.because))
    return std::nullopt;
  return whole_file(fmt::format("case '{}': agreed {} because of {}, but the articles give {} because of {}",
                                example.name, name_of(example.verdict), list_of(example.because),
                                name_of(decision.verdict), list_of(cited)));
}

// A movement of somebody of a category, as far as sealing can know it.
struct Journey {
  const Category& category;
  Direction direction;
  Side toward;
};

// Whether the predicate rules this journey out, whatever else may be the case.
bool rules_out(const Predicate& predicate, const Journey& journey) {
  const auto lacks = [&](std::string_view name) {
    const auto& names = std::get<Names>(predicate.operand).values;
    return std::ranges::find(names, name) == names.end();
  };
  switch (predicate.kind) {
    case PredicateKind::kCategory:
      return lacks(journey.category.name);
    case PredicateKind::kDirection:
      return lacks(name_of(journey.direction));
    case PredicateKind::kTowardSide:
      return lacks(name_of(journey.toward));
    case PredicateKind::kSideOfResidence:
      return journey.category.residence && lacks(name_of(*journey.category.residence));
    default:
      return false;
  }
}

bool may_be_admitted(const Edition& edition, const Journey& journey) {
  const auto possible = [&](const std::vector<PredicateIndex>& conditions) {
    return std::ranges::none_of(
        conditions, [&](PredicateIndex i) { return rules_out(edition.predicates()[i], journey); });
  };
  return std::ranges::any_of(edition.articles(), [&](const Article& article) {
    return possible(article.applies_to) && std::ranges::any_of(article.clauses, [&](const Clause& clause) {
             return clause.kind == ClauseKind::kAdmit && possible(clause.conditions);
           });
  });
}

// Conditions that can never hold together make a clause that does nothing, or always the same: a slip of the
// pen.
class Contradictions {
 public:
  explicit Contradictions(const Edition& edition) : edition_(edition) {}

  std::vector<Problem> find() {
    for (const Article& article : edition_.articles()) {
      check(article, article.applies_to, "'applies_to'");
      for (const Clause& clause : article.clauses) {
        auto together = article.applies_to;
        together.insert(together.end(), clause.conditions.begin(), clause.conditions.end());
        if (!clause.conditions.empty()) check(article, together, fmt::format("'{}'", name_of(clause.kind)));
      }
    }
    return std::move(problems_);
  }

 private:
  void check(const Article& article, const std::vector<PredicateIndex>& conditions, std::string_view where) {
    for (std::size_t i = 0; i < conditions.size(); ++i)
      for (std::size_t j = i + 1; j < conditions.size(); ++j) {
        const Predicate& a = edition_.predicates()[conditions[i]];
        const Predicate& b = edition_.predicates()[conditions[j]];
        if (!exclude(a, b) && !exclude(b, a)) continue;
        problems_.push_back({.line = 0,
                             .column = 0,
                             .article = article.id,
                             .message = fmt::format("{} can never hold: '{}' contradicts '{}'", where,
                                                    name_of(a.kind), name_of(b.kind))});
        return;
      }
  }

  static bool of_one_value(PredicateKind kind) {
    switch (kind) {
      case PredicateKind::kCategory:
      case PredicateKind::kDirection:
      case PredicateKind::kCheckpoint:
      case PredicateKind::kTowardSide:
      case PredicateKind::kSideOfResidence:
      case PredicateKind::kDocumentKind:
      case PredicateKind::kDocumentIssuer:
      case PredicateKind::kSex:
      case PredicateKind::kMode:
        return true;
      default:
        return false;
    }
  }

  static bool exclude(const Predicate& a, const Predicate& b) {
    const auto disjoint = [&] {
      const auto& some = std::get<Names>(a.operand).values;
      const auto& others = std::get<Names>(b.operand).values;
      return std::ranges::find_first_of(some, others) == some.end();
    };
    if (a.kind == b.kind) {
      if (of_one_value(a.kind)) return disjoint();
      return std::holds_alternative<Flag>(a.operand) && a.operand != b.operand;
    }
    if (a.kind == PredicateKind::kAgeUnder && b.kind == PredicateKind::kAgeAtLeast)
      return std::get<Number>(a.operand).value <= std::get<Number>(b.operand).value;
    if (a.kind == PredicateKind::kOnList && b.kind == PredicateKind::kNotOnList)
      return std::ranges::includes(std::get<Names>(b.operand).values, std::get<Names>(a.operand).values);
    return false;
  }

  const Edition& edition_;
  std::vector<Problem> problems_;
};

// A rule must not, by omission, forbid return to one's own side: whoever lives on a side may be able to
// leave the other and enter their own.
std::vector<Problem> check_return(const Edition& edition) {
  std::vector<Problem> problems;
  for (const Category& category : edition.categories()) {
    if (!category.residence) continue;
    for (const Direction direction : {Direction::kExit, Direction::kEntry})
      if (!may_be_admitted(edition, {category, direction, *category.residence}))
        problems.push_back(
            whole_file(fmt::format("category '{}' could not return: no article admits its {} toward side {}",
                                   category.name, name_of(direction), name_of(*category.residence))));
  }
  return problems;
}

}  // namespace

std::string Problem::to_string(std::string_view file_name) const {
  std::string out(file_name);
  if (line > 0) out += fmt::format(":{}:{}", line, column);
  if (!out.empty()) out += ": ";
  if (!article.empty()) out += fmt::format("article {}: ", article);
  return out + message;
}

Checked<Authored> parse_toml(std::string_view text) {
  auto tree = parse_toml_tree(text);
  if (!tree) return std::unexpected(std::move(tree.error()));
  return read_procedure(tree->root, Form::kAuthored, tree->positions);
}

Checked<SealedProcedure> seal(const Authored& authored, const ZoneRules& zones) {
  const auto procedure = expanded(authored, zones);
  if (!procedure) return std::unexpected(std::vector{whole_file(procedure.error().message)});
  SealedProcedure sealed;
  sealed.bytes = to_bytes(as_bytes(canonical(write_procedure(*procedure))));
  const auto edition = Edition::load(sealed.bytes);
  if (!edition) return std::unexpected(std::vector{whole_file(edition.error().message)});
  sealed.hash = edition->hash();
  std::vector<Problem> problems = check_return(*edition);
  std::ranges::move(Contradictions(*edition).find(), std::back_inserter(problems));
  for (const Case& example : edition->cases())
    if (auto problem = check_case(*edition, example)) problems.push_back(std::move(*problem));
  if (!problems.empty()) return std::unexpected(std::move(problems));
  return sealed;
}

}  // namespace crossline::procedure
