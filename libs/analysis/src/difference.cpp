#include "crossline/analysis/difference.hpp"

#include "crossline/analysis/analysis.hpp"
#include "crossline/procedure/authoring.hpp"
#include "crossline/procedure/describe.hpp"
#include "declarations.hpp"
#include "person.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace crossline::analysis {
namespace {

using procedure::Article;
using procedure::ClauseKind;
using procedure::Edition;
using procedure::Verdict;

const Article* find_article(const Edition& edition, std::string_view id) {
  const auto found = std::ranges::find(edition.articles(), id, &Article::id);
  return found == edition.articles().end() ? nullptr : &*found;
}

// What the machine understood of an article, to tell whether it says something else.
std::string understood(const Edition& edition, const Article& article) {
  std::string out;
  for (const auto& clause : article.clauses)
    out.append(describe(edition, article, clause, "en")).append("\n");
  for (const std::string& mark : describe_marks(edition, article, "en")) out.append(mark).append("\n");
  return out;
}

Words newly(Verdict verdict) {
  switch (verdict) {
    case Verdict::kAllow:
      return {"newly allowed", "теперь пропускается"};
    case Verdict::kRefer:
      return {"newly referred", "теперь передаётся дежурному"};
    case Verdict::kRefuse:
      break;
  }
  return {"newly refused", "теперь не пропускается"};
}

class Comparer {
 public:
  Comparer(const Edition& old_edition, const Edition& new_edition, const Budget& budget, const Watch& watch)
      : before_(old_edition),
        after_(new_edition),
        prover_(budget, watch),
        vocabulary_(std::array{&old_edition, &new_edition}),
        base_(make_situation(prover_, vocabulary_, "p")),
        old_(make_rules(prover_, vocabulary_, base_, before_)),
        new_(make_rules(prover_, vocabulary_, base_, after_)),
        preferences_(ordinary(prover_, vocabulary_, base_, after_)) {}

  [[nodiscard]] bool too_many_moments() const { return vocabulary_.moments.size() > kMaxMoments; }

  Difference run() {
    compare_articles();
    out_.declarations = changed_declarations(before_, after_);
    name_what_is_beyond();
    const Expr differs = old_.stops != new_.stops || old_.refuses != new_.refuses;
    const Answer anybody = prover_.ask(differs);
    out_.nobody = anybody == Answer::kImpossible && out_.open.empty();
    if (anybody == Answer::kUnanswered)
      open({}, {"whether anybody is decided otherwise", "решается ли кто-нибудь иначе"});
    if (anybody == Answer::kPossible) show_all(differs);
    out_.proofs = prover_.proofs();
    return std::move(out_);
  }

 private:
  void compare_articles() {
    for (const Article& article : after_.articles()) {
      const Article* old = find_article(before_, article.id);
      if (old == nullptr)
        out_.added.push_back(article.id);
      else if (understood(before_, *old) != understood(after_, article))
        changed_.insert(article.id);
    }
    for (const Article& article : before_.articles())
      if (find_article(after_, article.id) == nullptr) out_.removed.push_back(article.id);
  }

  // The clause of both editions, in the order of the newer one, then what only the older one has.
  struct Pair {
    std::string article;
    ClauseKind kind{};
    const ClauseRule* old = nullptr;
    const ClauseRule* fresh = nullptr;
  };
  std::vector<Pair> pairs() const {
    std::vector<Pair> out;
    for (const ClauseRule& rule : new_.clauses)
      out.push_back({after_.articles()[rule.article].id, rule.kind, nullptr, &rule});
    for (const ClauseRule& rule : old_.clauses) {
      const std::string& id = before_.articles()[rule.article].id;
      const auto same = std::ranges::find_if(
          out, [&](const Pair& pair) { return pair.article == id && pair.kind == rule.kind; });
      if (same == out.end())
        out.push_back({id, rule.kind, &rule, nullptr});
      else
        same->old = &rule;
    }
    return out;
  }

  // How a clause counts: a missing demand stops nobody, a missing admission admits nobody.
  std::pair<Expr, Expr> counts(const ClauseRule* rule, bool admits) {
    const Expr missing = prover_.context().bool_val(admits);
    if (rule == nullptr) return {missing, missing};
    return {rule->stops && !rule->lifted, rule->refuses && !rule->lifted};
  }

  // When the clause counts otherwise; nothing where both editions say the same of it.
  std::optional<Expr> counts_otherwise(const Pair& pair) {
    if (pair.kind == ClauseKind::kExempt || pair.kind == ClauseKind::kDuty) return std::nullopt;
    const bool admits = pair.kind == ClauseKind::kAdmit;
    const auto old = counts(pair.old, admits);
    const auto fresh = counts(pair.fresh, admits);
    if (z3::eq(old.first, fresh.first) && z3::eq(old.second, fresh.second)) return std::nullopt;
    return old.first != fresh.first || old.second != fresh.second;
  }

  // The solver knows no overrides. Which articles they relieve stays the same only while each clause counts
  // as before: two articles that share their work otherwise stop the same persons, and are lifted otherwise.
  bool overrides_meet_other_clauses() {
    const auto overridden = [](const Edition& edition) {
      return std::ranges::any_of(edition.articles(),
                                 [](const Article& article) { return article.override_terms.has_value(); });
    };
    return (overridden(before_) || overridden(after_)) &&
           std::ranges::any_of(pairs(), [&](const Pair& pair) { return counts_otherwise(pair).has_value(); });
  }

  void name_what_is_beyond() {
    const auto beyond = [this](std::string_view en, std::string_view ru) {
      open({},
           {fmt::format("the solver does not look at what changed: {}", en),
            fmt::format("решатель не рассматривает изменённое: {}", ru)},
           Question::kBeyond);
    };
    for (const Declaration& declaration : out_.declarations)
      if (!declaration.covered) beyond(declaration.text.en, declaration.text.ru);
    if (overrides_meet_other_clauses())
      beyond("whom overrides help, now that clauses count otherwise",
             "кому помогает снятие требований, когда условия действуют иначе");
  }

  void show_all(const Expr& differs) {
    std::vector<Expr> accounted;
    for (const Pair& pair : pairs()) {
      const std::optional<Expr> counted = counts_otherwise(pair);
      if (!counted) continue;
      const Expr& otherwise = *counted;
      accounted.push_back(otherwise);
      for (const Verdict verdict : {Verdict::kRefuse, Verdict::kRefer, Verdict::kAllow})
        show(pair, differs && otherwise && new_.is(verdict), newly(verdict));
    }
    // Whatever differs, differs by a clause: this never answers "possible".
    const Expr rest = differs && !any(prover_.context(), accounted);
    if (prover_.ask(rest) != Answer::kImpossible)
      open({}, {"somebody beyond the clauses named", "кто-нибудь помимо названных статей"});
  }

  void show(const Pair& pair, const Expr& question, const Words& text) {
    const Words about{fmt::format("article {}: {}", pair.article, text.en),
                      fmt::format("статья {}: {}", pair.article, text.ru)};
    const Answer answer = prover_.ask(question);
    if (answer == Answer::kUnanswered) open(pair.article, about);
    if (answer != Answer::kPossible) return;
    changed_.insert(pair.article);
    const z3::model model = prover_.example(question, preferences_);
    const Person person = person_of(model, vocabulary_, base_, after_);
    auto earlier =
        replay(before_, person_of(model, vocabulary_, base_, before_),
               {fmt::format("edition {}", before_.number()), fmt::format("редакция {}", before_.number())},
               verdict_of(model, old_));
    auto later =
        replay(after_, person,
               {fmt::format("edition {}", after_.number()), fmt::format("редакция {}", after_.number())},
               verdict_of(model, new_));
    if (!earlier || !later) {
      out_.open.push_back({Question::kClauses,
                           Standing::kDisagreement,
                           pair.article,
                           {"solver and evaluator disagree about: " + about.en,
                            "расхождение решателя и вычислителя: " + about.ru},
                           std::nullopt});
      return;
    }
    Change change{pair.article, std::string(name_of(pair.kind)), earlier->verdict, later->verdict, about, {}};
    change.witness.person = person.words;
    change.witness.plays = {*std::move(earlier), *std::move(later)};
    out_.changes.push_back(std::move(change));
  }

  void open(std::string subject, const Words& text, Question question = Question::kClauses) {
    out_.open.push_back({question,
                         Standing::kNotProven,
                         std::move(subject),
                         {"not proven: " + text.en, "не доказано: " + text.ru},
                         std::nullopt});
  }

 public:
  // Articles in the order of the newer edition.
  void name_changed(Difference& difference) const {
    for (const Article& article : after_.articles())
      if (changed_.contains(article.id) &&
          std::ranges::find(difference.added, article.id) == difference.added.end())
        difference.changed.push_back(article.id);
  }

 private:
  const Edition& before_;
  const Edition& after_;
  Prover prover_;
  Vocabulary vocabulary_;
  Situation base_;
  Rules old_;
  Rules new_;
  std::vector<Expr> preferences_;
  std::set<std::string> changed_;
  Difference out_;
};

using OrderedJson = nlohmann::ordered_json;

OrderedJson json_of(const Words& words) {
  return {{"en", words.en}, {"ru", words.ru}};
}

OrderedJson json_of(const Edition& edition) {
  return {{"edition", edition.number()},
          {"hash", edition.hash().hex()},
          {"from", format_utc(edition.from())},
          {"until", format_utc(edition.until())}};
}

OrderedJson json_of(const Declaration& declaration) {
  return {{"kind", declaration.kind},     {"name", declaration.name},   {"text", json_of(declaration.text)},
          {"before", declaration.before}, {"after", declaration.after}, {"covered", declaration.covered}};
}

OrderedJson json_of(const Change& change) {
  OrderedJson plays = OrderedJson::array();
  for (const Play& play : change.witness.plays)
    plays.push_back({{"where", json_of(play.where)},
                     {"verdict", name_of(play.verdict)},
                     {"because", play.because},
                     {"facts", OrderedJson::parse(play.facts)}});
  return {{"article", change.article},        {"clause", change.clause},
          {"before", name_of(change.before)}, {"after", name_of(change.after)},
          {"text", json_of(change.text)},     {"person", json_of(change.witness.person)},
          {"decisions", std::move(plays)}};
}

}  // namespace

Result<Difference> compare(const Edition& before, const Edition& after, const Budget& budget,
                           const Watch& watch) {
  CROSSLINE_TRY(const Edition prolonged, procedure::as_if_in_force(before, after));
  try {
    Comparer comparer(prolonged, after, budget, watch);
    if (comparer.too_many_moments())
      return fail(ErrorCode::kUnsupported, "more than {} kinds of moments", kMaxMoments);
    Difference out = comparer.run();
    comparer.name_changed(out);
    return out;
  } catch (const z3::exception& error) {
    return fail(ErrorCode::kUnsupported, "the solver failed: {}", error.msg());
  }
}

std::string to_json(const Edition& before, const Edition& after, const Difference& difference) {
  OrderedJson changes = OrderedJson::array();
  for (const Change& change : difference.changes) changes.push_back(json_of(change));
  OrderedJson declarations = OrderedJson::array();
  for (const Declaration& declaration : difference.declarations) declarations.push_back(json_of(declaration));
  OrderedJson open = OrderedJson::array();
  for (const Finding& finding : difference.open)
    open.push_back({{"standing", name_of(finding.standing)},
                    {"article", finding.subject},
                    {"text", json_of(finding.text)}});
  const OrderedJson out = {{"procedure", after.name()},     {"before", json_of(before)},
                           {"after", json_of(after)},       {"nobody", difference.nobody},
                           {"added", difference.added},     {"removed", difference.removed},
                           {"changed", difference.changed}, {"declarations", std::move(declarations)},
                           {"changes", std::move(changes)}, {"open", std::move(open)},
                           {"proofs", difference.proofs}};
  return out.dump();
}

}  // namespace crossline::analysis
