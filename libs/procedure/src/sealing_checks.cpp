#include "sealing_checks.hpp"

#include "crossline/procedure/fact_sheet.hpp"
#include "implication.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <tuple>

namespace crossline::procedure {
namespace {

// A problem at the place of `path`, or of the nearest thing that contains it.
Problem problem_at(const Positions& positions, std::string path, std::string article, std::string message) {
  Problem problem{.line = 0, .column = 0, .article = std::move(article), .message = std::move(message)};
  for (;; path.resize(path.rfind('/'))) {
    if (const auto found = positions.find(path); found != positions.end()) {
      problem.line = found->second.line;
      problem.column = found->second.column;
      return problem;
    }
    if (path.empty()) return problem;
  }
}

std::string list_of(const std::vector<std::string>& articles) {
  return articles.empty() ? "no article" : fmt::format("{}", fmt::join(articles, ", "));
}

// What is wrong with an agreed case, in words; nothing when the edition decides as agreed.
std::optional<std::string> fault_of(const Edition& edition, const Case& example) {
  const auto sheet = FactSheet::parse_case(example.given, edition);
  if (!sheet) return fmt::format("case '{}': {}", example.name, sheet.error().message);
  const Decision decision = edition.decide(sheet->facts(), sheet->instant().value_or(edition.from()));
  std::vector<std::string> cited;
  for (const ArticleIndex article : decision.cited) cited.push_back(edition.articles()[article].id);
  std::ranges::sort(cited);
  if (decision.verdict == example.verdict && (example.because.empty() || cited == example.because))
    return std::nullopt;
  return fmt::format("case '{}': agreed {} because of {}, but the articles give {} because of {}",
                     example.name, name_of(example.verdict), list_of(example.because),
                     name_of(decision.verdict), list_of(cited));
}

std::vector<Problem> check_cases(const Edition& edition, const Positions& positions) {
  std::vector<Problem> problems;
  for (std::size_t i = 0; i < edition.cases().size(); ++i)
    if (auto fault = fault_of(edition, edition.cases()[i]))
      problems.push_back(problem_at(positions, fmt::format("/case/{}", i), {}, *std::move(fault)));
  return problems;
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

// A rule must not, by omission, forbid return to one's own side: whoever lives on a side may be able to
// leave the other and enter their own.
std::vector<Problem> check_return(const Edition& edition, const Positions& positions) {
  std::vector<Problem> problems;
  for (std::size_t i = 0; i < edition.categories().size(); ++i) {
    const Category& category = edition.categories()[i];
    if (!category.residence) continue;
    for (const Direction direction : {Direction::kExit, Direction::kEntry})
      if (!may_be_admitted(edition, {category, direction, *category.residence}))
        problems.push_back(
            problem_at(positions, fmt::format("/category/{}", i), {},
                       fmt::format("category '{}' could not return: no article admits its {} toward side {}",
                                   category.name, name_of(direction), name_of(*category.residence))));
  }
  return problems;
}

// Conditions that can never hold make a clause that does nothing, or always the same: a slip of the pen.
class Contradictions {
 public:
  Contradictions(const Edition& edition, const Positions& positions)
      : edition_(edition), positions_(positions) {}

  std::vector<Problem> find() {
    for (std::size_t i = 0; i < edition_.articles().size(); ++i) {
      const Article& article = edition_.articles()[i];
      std::vector<Placed> scope;
      place(scope, article.applies_to, fmt::format("/article/{}/applies_to", i));
      check(article, scope, "applies_to");
      for (const Clause& clause : article.clauses) {
        if (clause.conditions.empty()) continue;
        auto together = scope;
        place(together, clause.conditions, fmt::format("/article/{}/{}", i, name_of(clause.kind)));
        check(article, together, name_of(clause.kind));
      }
    }
    return std::move(problems_);
  }

 private:
  struct Placed {
    const Predicate* predicate;
    std::string path;
  };

  void place(std::vector<Placed>& out, const std::vector<PredicateIndex>& conditions, const std::string& at) {
    for (const PredicateIndex index : conditions) {
      const Predicate& predicate = edition_.predicates()[index];
      out.push_back({&predicate, fmt::format("{}/{}", at, name_of(predicate.kind))});
    }
  }

  // One problem of a table is enough: the first.
  void check(const Article& article, const std::vector<Placed>& conditions, std::string_view where) {
    for (std::size_t i = 0; i < conditions.size(); ++i) {
      if (never_in_force(*conditions[i].predicate))
        return report(
            article, conditions[i].path,
            fmt::format("'{}' can never hold: 'date_between' lies outside the time in force", where));
      for (std::size_t j = i + 1; j < conditions.size(); ++j)
        if (exclude(*conditions[i].predicate, *conditions[j].predicate))
          return report(
              article, conditions[j].path,
              fmt::format("'{}' can never hold: '{}' contradicts '{}'", where,
                          name_of(conditions[i].predicate->kind), name_of(conditions[j].predicate->kind)));
    }
  }

  void report(const Article& article, const std::string& path, std::string message) {
    problems_.push_back(problem_at(positions_, path, article.id, std::move(message)));
  }

  bool never_in_force(const Predicate& predicate) const {
    if (predicate.kind != PredicateKind::kDateBetween) return false;
    const auto& dates = std::get<Table>(predicate.operand);
    return dates.number("until", 0) * 1000 <= edition_.from().ms ||
           dates.number("from", 0) * 1000 >= edition_.until().ms;
  }

  const Edition& edition_;
  const Positions& positions_;
  std::vector<Problem> problems_;
};

// An article that another covers could be struck out and nobody would be decided otherwise: it can never be
// what decides. Only what the operands alone prove is found here; `crossline procedure analyse` finds the
// rest.
class Unreachable {
 public:
  Unreachable(const Edition& edition, const Positions& positions)
      : edition_(edition), positions_(positions) {}

  std::vector<Problem> find() {
    std::vector<Problem> problems;
    const auto& articles = edition_.articles();
    for (std::size_t i = 0; i < articles.size(); ++i)
      for (std::size_t j = 0; j < articles.size(); ++j) {
        // Of two that say the same, the later one is too many.
        if (i == j || !covers(articles[j], articles[i]) || (i < j && covers(articles[i], articles[j])))
          continue;
        problems.push_back(
            problem_at(positions_, fmt::format("/article/{}", i), articles[i].id,
                       fmt::format("it can never decide anything: article {} covers it", articles[j].id)));
        break;
      }
    return problems;
  }

 private:
  bool covers(const Article& cover, const Article& article) const {
    if (article.survives_expiry && !cover.survives_expiry) return false;
    return std::ranges::all_of(article.clauses, [&](const Clause& clause) {
      return std::ranges::any_of(cover.clauses, [&](const Clause& other) {
        return other.kind == clause.kind && covers(cover, other, article, clause);
      });
    });
  }

  bool covers(const Article& cover, const Clause& by, const Article& article, const Clause& clause) const {
    switch (clause.kind) {
      case ClauseKind::kAdmit: {
        auto asked = article.applies_to;
        asked.insert(asked.end(), clause.conditions.begin(), clause.conditions.end());
        return implied(article.applies_to, cover.applies_to) && implied(asked, by.conditions) &&
               cover.if_unknown <= article.if_unknown;
      }
      case ClauseKind::kRequire:
      case ClauseKind::kProhibit: {
        const bool as_often = clause.kind == ClauseKind::kRequire ? implied(by.conditions, clause.conditions)
                                                                  : implied(clause.conditions, by.conditions);
        return as_often && implied(article.applies_to, cover.applies_to) && !may_be_lifted(cover) &&
               cover.otherwise >= article.otherwise && cover.if_unknown >= article.if_unknown &&
               cover.otherwise >= strictness(article.if_unknown);
      }
      default:
        return false;  // exemptions and duties say something of their own
    }
  }

  static Verdict strictness(IfUnknown if_unknown) {
    return if_unknown == IfUnknown::kRefuse  ? Verdict::kRefuse
           : if_unknown == IfUnknown::kRefer ? Verdict::kRefer
                                             : Verdict::kAllow;
  }

  // Whether `some` holding together makes each of `others` hold.
  bool implied(const std::vector<PredicateIndex>& some, const std::vector<PredicateIndex>& others) const {
    const auto& all = edition_.predicates();
    return std::ranges::all_of(others, [&](PredicateIndex other) {
      return std::ranges::any_of(some, [&](PredicateIndex one) { return implies(all[one], all[other]); });
    });
  }

  bool may_be_lifted(const Article& cover) const {
    if (cover.override_terms) return true;
    return std::ranges::any_of(edition_.articles(), [&](const Article& other) {
      return std::ranges::any_of(other.clauses, [&](const Clause& clause) {
        return clause.kind == ClauseKind::kExempt &&
               std::ranges::find(clause.names, cover.id) != clause.names.end();
      });
    });
  }

  const Edition& edition_;
  const Positions& positions_;
};

}  // namespace

std::vector<Problem> check_sealed(const Edition& edition, const Positions& positions) {
  std::vector<Problem> problems = check_return(edition, positions);
  std::ranges::move(Contradictions(edition, positions).find(), std::back_inserter(problems));
  std::ranges::move(Unreachable(edition, positions).find(), std::back_inserter(problems));
  std::ranges::move(check_cases(edition, positions), std::back_inserter(problems));
  std::ranges::stable_sort(problems, {}, [](const Problem& p) { return std::tuple(p.line, p.column); });
  return problems;
}

std::vector<Problem> check_succession(const Edition& before, const Edition& next,
                                      const Positions& positions) {
  std::vector<Problem> problems;
  const auto report = [&](std::string path, std::string message) {
    problems.push_back(problem_at(positions, std::move(path), {}, std::move(message)));
  };
  if (next.name() != before.name())
    report("/procedure",
           fmt::format("it is of '{}', the edition before of '{}'", next.name(), before.name()));
  if (next.number() != before.number() + 1)
    report("/edition", fmt::format("after edition {} comes {}, not {}", before.number(), before.number() + 1,
                                   next.number()));
  const std::string hash = "sha256:" + before.hash().hex();
  if (next.procedure().supersedes != hash)
    report("/supersedes", fmt::format("the hash of the edition before is '{}'", hash));
  if (next.from() < before.until())
    report("/in_force/from", fmt::format("it overlaps edition {}, which is in force until {}",
                                         before.number(), format_utc(before.until())));
  if (next.from() > before.until())
    report("/in_force/from", fmt::format("no edition would be in force from {}, when edition {} ends",
                                         format_utc(before.until()), before.number()));
  return problems;
}

}  // namespace crossline::procedure
