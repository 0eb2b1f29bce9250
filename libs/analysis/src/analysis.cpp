#include "crossline/analysis/analysis.hpp"

#include "crossline/procedure/fact_sheet.hpp"
#include "examiner.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

namespace crossline::analysis {
namespace {

using procedure::ClauseKind;
using procedure::Verdict;

std::string_view kind_in_russian(ClauseKind kind) {
  constexpr std::array<std::string_view, 5> names{"допуск", "требование", "запрет", "освобождение", "запись"};
  return names.at(static_cast<std::size_t>(kind));
}

// By clause: whether an agreed case makes it count.
std::vector<bool> touched_by_cases(const procedure::Edition& edition, std::size_t clauses) {
  std::vector<bool> touched(clauses);
  for (const procedure::Case& example : edition.cases()) {
    const auto sheet = procedure::FactSheet::parse_case(example.given, edition);
    if (!sheet) continue;
    const procedure::Facts facts = sheet->facts();
    const auto decision = edition.decide(facts, sheet->instant().value_or(edition.from()));
    for (std::size_t i = 0; i < decision.results.size() && i < clauses; ++i) {
      const auto& result = decision.results[i];
      switch (result.kind) {
        case ClauseKind::kAdmit:
          touched[i] = touched[i] || result.outcome == Verdict::kAllow;
          break;
        case ClauseKind::kRequire:
        case ClauseKind::kProhibit:
          touched[i] = touched[i] || result.outcome != Verdict::kAllow;
          break;
        case ClauseKind::kExempt:
          touched[i] = touched[i] || result.applies == procedure::Truth::kTrue;
          break;
        case ClauseKind::kDuty:
          touched[i] = touched[i] || result.applies != procedure::Truth::kFalse;
          break;
      }
    }
  }
  return touched;
}

// A clause that never matters: why.
void explain_idle(Examiner& examiner, const ClauseRule& rule) {
  const Words clause = examiner.clause_in_words(rule);
  const std::string& id = examiner.id_of(rule);
  const auto fault = [&](std::string_view en, std::string_view ru) {
    examiner.find(Question::kClauses, Standing::kFault, id,
                  {fmt::format("{} {}", clause.en, en), fmt::format("{} {}", clause.ru, ru)});
  };
  if (rule.kind == ClauseKind::kExempt)
    return fault("lifts nothing: for whom it applies, nothing that it names ever fails",
                 "ничего не отменяет: для тех, кого касается, названное никогда не нарушается");
  if (rule.kind == ClauseKind::kDuty) return fault("is never asked for", "никогда не требуется");
  const Expr acts = rule.admits() ? !rule.refuses : rule.stops;
  switch (examiner.prover.ask(acts)) {
    case Answer::kImpossible:
      return rule.admits() ? fault("is dead: it admits nobody", "мертва: никого не допускает")
                           : fault("is dead: nobody ever fails it", "мертва: её никто не нарушает");
    case Answer::kUnanswered:
      return examiner.open(Question::kClauses, id, clause);
    case Answer::kPossible:
      break;
  }
  if (rule.demands() && examiner.prover.ask(acts && !rule.lifted) == Answer::kImpossible)
    return fault("is always lifted: whoever fails it is exempt from it",
                 "всегда отменяется: кто нарушает, тот освобождён");
  fault("is shadowed: without it nobody would be decided otherwise",
        "перекрыта другими: без неё никто не был бы решён иначе");
}

void ask_clauses_and_cases(Examiner& examiner) {
  const auto matters = when_they_matter(examiner.prover, examiner.edition, examiner.rules);
  const auto touched = touched_by_cases(examiner.edition, matters.size());
  examiner.prover.expect(matters.size());
  std::vector<std::size_t> untouched;
  for (std::size_t i = 0; i < matters.size(); ++i) {
    const ClauseRule& rule = examiner.rules.clauses[i];
    switch (examiner.prover.ask(matters[i])) {
      case Answer::kImpossible:
        explain_idle(examiner, rule);
        break;
      case Answer::kUnanswered:
        examiner.open(Question::kClauses, examiner.id_of(rule), examiner.clause_in_words(rule));
        break;
      case Answer::kPossible:
        if (!touched[i]) untouched.push_back(i);
        break;
    }
  }
  for (const std::size_t i : untouched) {
    const Words clause = examiner.clause_in_words(examiner.rules.clauses[i]);
    examiner.show(
        Question::kCases, Standing::kRemark, examiner.id_of(examiner.rules.clauses[i]),
        {fmt::format("{}: no agreed case touches it; this person would", clause.en),
         fmt::format("{}: ни один согласованный пример её не касается; это лицо коснулось бы", clause.ru)},
        matters[i], {{examiner.base, examiner.rules, {}}});
  }
}

Expr of_category(Examiner& examiner, std::size_t category) {
  return examiner.base.category.known && examiner.base.category.value == static_cast<int>(category);
}

void ask_categories(Examiner& examiner) {
  const auto& categories = examiner.edition.categories();
  examiner.prover.expect(categories.size() * 2);
  for (const procedure::Category& category : categories) {
    const Expr somebody =
        of_category(examiner,
                    static_cast<std::size_t>(position_of(examiner.vocabulary.categories, category.name))) &&
        shows_document_of(examiner.prover, examiner.vocabulary, examiner.base, category) &&
        !examiner.rules.stops;
    const Words name = name_in_words(examiner.edition, procedure::PredicateKind::kCategory, category.name);
    for (const bool exit : {false, true}) {
      const Words text{fmt::format("nobody of '{}' may ever {}", name.en, exit ? "exit" : "enter"),
                       fmt::format("никто из «{}» никогда не может {}", name.ru, exit ? "выйти" : "войти")};
      const Expr question = somebody && (exit ? examiner.base.exit.value : !examiner.base.exit.value);
      const Answer answer = examiner.prover.ask(question);
      if (answer == Answer::kImpossible)
        examiner.find(Question::kCategories, Standing::kFault, category.name, text);
      if (answer == Answer::kUnanswered) examiner.open(Question::kCategories, category.name, text);
    }
  }
}

// Names that articles, categories, checkpoints and quotas mention.
class Mentions {
 public:
  explicit Mentions(const procedure::Procedure& procedure) {
    for (const auto& predicate : procedure.predicates) {
      if (const auto* names = std::get_if<procedure::Names>(&predicate.operand))
        seen_.insert(names->values.begin(), names->values.end());
      if (const auto* table = std::get_if<procedure::Table>(&predicate.operand)) seen_.insert(table->about);
    }
    for (const auto& category : procedure.categories) {
      seen_.insert(category.lists.begin(), category.lists.end());
      seen_.insert(category.permits.begin(), category.permits.end());
    }
    for (const auto& checkpoint : procedure.checkpoints) seen_.insert(checkpoint.hours);
    for (const auto& quota : procedure.quotas) seen_.insert(quota.categories.begin(), quota.categories.end());
    for (const auto& article : procedure.articles)
      for (const auto& clause : article.clauses)
        if (clause.kind == ClauseKind::kDuty) seen_.insert(clause.names.begin(), clause.names.end());
  }
  [[nodiscard]] bool has(const std::string& name) const { return seen_.contains(name); }

 private:
  std::set<std::string, std::less<>> seen_;
};

template <class T>
void report_unused(Examiner& examiner, const Mentions& mentions, const std::vector<T>& declared,
                   std::string_view en, std::string_view ru) {
  for (const T& one : declared)
    if (!mentions.has(one.name))
      examiner.find(Question::kGaps, Standing::kRemark, one.name,
                    {fmt::format("{} '{}' is declared and nothing speaks of it", en, one.name),
                     fmt::format("{} «{}» объявлено, но ничего о нём не сказано", ru, one.name)});
}

void ask_gaps(Examiner& examiner) {
  const procedure::Procedure& all = examiner.edition.procedure();
  const Mentions mentions(all);
  report_unused(examiner, mentions, all.categories, "category", "категория");
  report_unused(examiner, mentions, all.hours, "hours", "время работы");
  report_unused(examiner, mentions, all.lists, "list", "список");
  report_unused(examiner, mentions, all.seasons, "season", "сезон");
  report_unused(examiner, mentions, all.permits, "permit", "разрешение");
  report_unused(examiner, mentions, all.goods, "kind of goods", "вид товара");
  report_unused(examiner, mentions, all.quotas, "quota", "квота");
  report_unused(examiner, mentions, all.duties, "duty", "запись");
  report_unused(examiner, mentions, all.declared, "fact", "сведение");
  std::vector<Expr> known = examiner.base.all_known();
  const Expr everything = analysis::all(examiner.prover.context(), known);
  examiner.prover.expect(all.categories.size());
  for (const procedure::Category& category : all.categories) {
    const Words name = name_in_words(examiner.edition, procedure::PredicateKind::kCategory, category.name);
    const Words text{
        fmt::format("somebody of '{}' whom no article admits and no article stops: refused by default",
                    name.en),
        fmt::format(
            "лицо из «{}», которое ни одна статья не допускает и не останавливает: отказ по умолчанию",
            name.ru)};
    const Expr question =
        of_category(examiner,
                    static_cast<std::size_t>(position_of(examiner.vocabulary.categories, category.name))) &&
        shows_document_of(examiner.prover, examiner.vocabulary, examiner.base, category) && everything &&
        examiner.rules.admission_refuses && !examiner.rules.demands_stop;
    examiner.ask(Question::kGaps, category.name, text, question, [&] {
      examiner.show(Question::kGaps, Standing::kRemark, category.name, text, question,
                    {{examiner.base, examiner.rules, {}}});
    });
  }
}

}  // namespace

Examiner::Examiner(const procedure::Edition& examined, const Budget& bounds, const Watch& watch)
    : edition(examined),
      budget(bounds),
      prover(bounds, watch),
      vocabulary(std::array{&examined}),
      base(make_situation(prover, vocabulary, "p")),
      rules(make_rules(prover, vocabulary, base, edition)),
      preferences(ordinary(prover, vocabulary, base, edition)) {}

void Examiner::find(Question question, Standing standing, std::string subject, Words text) {
  findings.push_back({question, standing, std::move(subject), std::move(text), std::nullopt});
}

void Examiner::open(Question question, std::string subject, Words text) {
  find(question, Standing::kNotProven, std::move(subject),
       {"not proven: " + text.en, "не доказано: " + text.ru});
}

void Examiner::show(Question question, Standing standing, std::string subject, Words text,
                    const Expr& condition, const std::vector<Scene>& scenes) {
  show(question, standing, std::move(subject), std::move(text), prover.example(condition, preferences),
       scenes);
}

void Examiner::show(Question question, Standing standing, std::string subject, Words text,
                    const z3::model& model, const std::vector<Scene>& scenes) {
  Witness witness;
  for (const Scene& scene : scenes) {
    const Person person = person_of(model, vocabulary, scene.situation, edition);
    if (witness.plays.empty()) witness.person = person.words;
    auto play = replay(edition, person, scene.where, verdict_of(model, scene.rules));
    if (!play)
      return find(question, Standing::kDisagreement, std::move(subject),
                  {"solver and evaluator disagree about: " + text.en,
                   "расхождение решателя и вычислителя: " + text.ru});
    witness.plays.push_back(*std::move(play));
  }
  findings.push_back({question, standing, std::move(subject), std::move(text), std::move(witness)});
}

void Examiner::ask(Question question, const std::string& subject, const Words& text, const Expr& condition,
                   const std::function<void()>& found) {
  switch (prover.ask(condition)) {
    case Answer::kPossible:
      return found();
    case Answer::kUnanswered:
      return open(question, subject, text);
    case Answer::kImpossible:
      return;
  }
}

Words Examiner::clause_in_words(const ClauseRule& rule) const {
  return {fmt::format("article {}, {}", id_of(rule), name_of(rule.kind)),
          fmt::format("статья {}, {}", id_of(rule), kind_in_russian(rule.kind))};
}

const std::string& Examiner::id_of(const ClauseRule& rule) const {
  return edition.articles()[rule.article].id;
}

Result<Analysis> analyse(const procedure::Edition& edition, const Budget& budget, const Watch& watch) {
  try {
    Examiner examiner(edition, budget, watch);
    if (examiner.vocabulary.moments.size() > kMaxMoments)
      return fail(ErrorCode::kUnsupported, "more than {} kinds of moments", kMaxMoments);
    ask_clauses_and_cases(examiner);
    ask_categories(examiner);
    ask_gaps(examiner);
    ask_offline(examiner);
    ask_stranded(examiner);
    ask_mirror(examiner);
    ask_one_party(examiner);
    std::ranges::stable_sort(examiner.findings, {}, &Finding::question);
    return Analysis{std::move(examiner.findings), examiner.prover.proofs(), examiner.prover.not_proven()};
  } catch (const z3::exception& error) {
    return fail(ErrorCode::kUnsupported, "the solver failed: {}", error.msg());
  }
}

}  // namespace crossline::analysis
