// Questions about two movements at once: the same person offline, on the way out, of the other side, or after
// one party acted alone.
#include "examiner.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

namespace crossline::analysis {
namespace {

using procedure::Side;
using procedure::Verdict;

// ---- Offline: what the post learns from the server may be out of reach.

Situation offline_of(Prover& prover, const Situation& online) {
  Situation out = online;
  std::size_t lost = 0;
  const auto lose = [&](Expr& known) {
    known = known && !prover.context().bool_const(fmt::format("lost.{}", lost++).c_str());
  };
  lose(out.closed.known);
  lose(out.alternates.known);
  for (Var& list : out.lists) lose(list.known);
  lose(out.permits_known);
  for (StayVars& stays : out.stays) lose(stays.known);
  for (Var* count : {&out.crossings.today, &out.crossings.this_week, &out.crossings.this_month})
    lose(count->known);
  for (Var& quota : out.quotas) lose(quota.known);
  lose(out.notice.known);
  for (GoodsVars& goods : out.goods)
    for (Var* count : {&goods.earlier.today, &goods.earlier.this_week, &goods.earlier.this_month})
      lose(count->known);
  return out;
}

// ---- Mirror: the same person of the other side.

// Positions of names that change places: the first category of side A with the first of side B, and so on,
// and the issuers of their documents likewise.
std::map<int, int> mirrored_categories(const Examiner& examiner, std::map<int, int>& issuers) {
  std::vector<const procedure::Category*> of_a, of_b;
  for (const procedure::Category& category : examiner.edition.categories())
    if (category.residence) (*category.residence == Side::kA ? of_a : of_b).push_back(&category);
  std::map<int, int> out;
  const auto swap = [](std::map<int, int>& pairs, int a, int b) {
    pairs.emplace(a, b);
    pairs.emplace(b, a);
  };
  for (std::size_t i = 0; i < std::min(of_a.size(), of_b.size()); ++i) {
    swap(out, position_of(examiner.vocabulary.categories, of_a[i]->name),
         position_of(examiner.vocabulary.categories, of_b[i]->name));
    const auto& a = of_a[i]->document_issuers;
    const auto& b = of_b[i]->document_issuers;
    for (std::size_t k = 0; k < std::min(a.size(), b.size()); ++k)
      swap(issuers, position_of(examiner.vocabulary.issuers, a[k]),
           position_of(examiner.vocabulary.issuers, b[k]));
  }
  return out;
}

Expr exchanged(const Expr& value, const std::map<int, int>& pairs) {
  Expr out = value;
  for (const auto& [from, to] : pairs) out = z3::ite(value == from, value.ctx().int_val(to), out);
  return out;
}

Situation mirrored(Examiner& examiner) {
  Situation out = examiner.base;
  std::map<int, int> issuers;
  const auto categories = mirrored_categories(examiner, issuers);
  out.toward_b.value = !out.toward_b.value;
  out.lives_on_b.value = !out.lives_on_b.value;
  out.category.value = exchanged(out.category.value, categories);
  out.issuer.value = exchanged(out.issuer.value, issuers);
  std::swap(out.stays[0], out.stays[1]);
  return out;
}

// ---- Stranded: from entering a side to leaving it again.

// The same person who now wants to leave `side`, at that moment and checkpoint.
Situation leaving(Examiner& examiner, Side side, std::size_t moment, int checkpoint) {
  z3::context& context = examiner.prover.context();
  Situation out = examiner.base;
  for (std::size_t i = 0; i < out.at.size(); ++i) out.at[i] = context.bool_val(i == moment);
  for (std::size_t i = 0; i < out.shows.size(); ++i)
    out.shows[i] = context.bool_val(examiner.vocabulary.moments[moment].shows[i]);
  out.exit.value = context.bool_val(true);
  out.checkpoint.value = context.int_val(checkpoint);
  out.toward_b.value = context.bool_val(side == Side::kA);
  out.alternates = {context.bool_val(true), context.bool_val(true)};
  out.closed = {context.bool_val(true), context.bool_val(false)};
  StayVars& stay = out.stays[static_cast<std::size_t>(side)];
  stay.never = context.bool_val(false);
  stay.absent = context.int_val(0);
  return out;
}

struct Way {
  std::size_t moment;
  int checkpoint;
};

// A way out for the person of the model; nothing when there is none.
std::optional<Way> way_out(Examiner& examiner, Side side, const z3::model& model) {
  const auto& places = examiner.vocabulary.checkpoints;
  for (std::size_t moment = 0; moment < examiner.vocabulary.moments.size(); ++moment)
    for (int place = 0; place < static_cast<int>(places.size()); ++place) {
      const Person person =
          person_of(model, examiner.vocabulary, leaving(examiner, side, moment, place), examiner.edition);
      for (const Verdict verdict : {Verdict::kAllow, Verdict::kRefer})
        if (replay(examiner.edition, person, {}, verdict)) return Way{moment, place};
    }
  return std::nullopt;
}

void ask_stranded_on(Examiner& examiner, Side side) {
  z3::context& context = examiner.prover.context();
  const Words text{fmt::format("somebody may enter side {} and then at no moment and no checkpoint leave it",
                               name_of(side)),
                   fmt::format("лицо может войти на сторону {} и потом никогда и нигде не может её покинуть",
                               name_of(side))};
  const Expr toward = side == Side::kB ? examiner.base.toward_b.value : !examiner.base.toward_b.value;
  Expr stranded = analysis::all(context, examiner.base.all_known()) && !examiner.base.exit.value && toward &&
                  !examiner.rules.stops;
  for (std::size_t i = 0; i < examiner.budget.refinements; ++i) {
    const Answer answer = examiner.prover.ask(stranded);
    if (answer == Answer::kImpossible) return;
    if (answer == Answer::kUnanswered) break;
    const z3::model model = examiner.prover.example(stranded, examiner.preferences);
    const auto way = way_out(examiner, side, model);
    if (!way)
      return examiner.show(Question::kStranded, Standing::kFault, std::string(name_of(side)), text, model,
                           {{examiner.base, examiner.rules, {}}});
    // Whoever may leave that way is not stranded.
    const Situation out = leaving(examiner, side, way->moment, way->checkpoint);
    stranded = stranded && make_rules(examiner.prover, examiner.vocabulary, out, examiner.edition).refuses;
  }
  examiner.open(Question::kStranded, std::string(name_of(side)), text);
}

// ---- One party alone.

// What changes when one party alone turns `change` from false to true: it may tighten, never loosen.
void ask_act(Examiner& examiner, const std::string& subject, const Words& act,
             const std::function<void(Situation&, const Expr&)>& change) {
  z3::context& context = examiner.prover.context();
  Situation before = examiner.base;
  Situation after = examiner.base;
  change(before, context.bool_val(false));
  change(after, context.bool_val(true));
  const Rules rules_before = make_rules(examiner.prover, examiner.vocabulary, before, examiner.edition);
  const Rules rules_after = make_rules(examiner.prover, examiner.vocabulary, after, examiner.edition);
  const std::vector<Scene> scenes{{before, rules_before, {"before", "до"}},
                                  {after, rules_after, {"after", "после"}}};
  const Words loosens{act.en + " loosens: one party alone lets pass whom the articles stop",
                      act.ru + " ослабляет: одна сторона пропускает того, кого статьи останавливают"};
  const Expr milder = rules_after.milder_than(rules_before);
  examiner.ask(Question::kOneParty, subject, loosens, milder, [&] {
    examiner.show(Question::kOneParty, Standing::kFault, subject, loosens, milder, scenes);
  });
  const Words tightens{act.en + " stops this person, who would pass otherwise",
                       act.ru + " останавливает это лицо, которое иначе прошло бы"};
  const Expr stricter = !rules_before.stops && rules_after.stops;
  examiner.ask(Question::kOneParty, subject, tightens, stricter, [&] {
    examiner.show(Question::kOneParty, Standing::kRemark, subject, tightens, stricter, scenes);
  });
}

// Whether the roles of one party suffice to override the article.
void check_override(Examiner& examiner, const procedure::Article& article) {
  const auto& terms = *article.override_terms;
  std::map<char, std::int64_t> roles_of;
  for (const std::string& role : terms.roles) ++roles_of[role.front()];
  const auto needed = std::min(terms.persons, static_cast<std::int64_t>(terms.roles.size()));
  for (const auto& [party, roles] : roles_of)
    if (roles >= needed)
      examiner.find(Question::kOneParty, Standing::kFault, article.id,
                    {fmt::format("article {}: party {} alone can override it", article.id, party),
                     fmt::format("статья {}: сторона {} может отменить её одна", article.id, party)});
}

}  // namespace

void ask_offline(Examiner& examiner) {
  z3::context& context = examiner.prover.context();
  const Situation offline = offline_of(examiner.prover, examiner.base);
  const Rules rules = make_rules(examiner.prover, examiner.vocabulary, offline, examiner.edition);
  const std::vector<Scene> scenes{{examiner.base, examiner.rules, {"online", "на связи"}},
                                  {offline, rules, {"offline", "без связи"}}};
  const Expr known = analysis::all(context, examiner.base.all_known());
  const Expr milder = known && rules.milder_than(examiner.rules);
  const Words passes{"offline lets pass somebody whom online stops",
                     "без связи проходит лицо, которое на связи остановят"};
  examiner.prover.expect(1 + rules.clauses.size());
  examiner.ask(Question::kOffline, {}, passes, milder, [&] {
    // Each demand that lets pass what it cannot determine, when it alone is the reason.
    std::set<std::string> told;
    for (std::size_t i = 0; i < rules.clauses.size(); ++i) {
      const ClauseRule& on = examiner.rules.clauses[i];
      const ClauseRule& off = rules.clauses[i];
      if (!on.demands() || z3::eq(on.stops, off.stops)) continue;
      const Words text{examiner.clause_in_words(on).en + ": " + passes.en,
                       examiner.clause_in_words(on).ru + ": " + passes.ru};
      const Expr here = milder && on.stops && !on.lifted && !off.stops;
      examiner.ask(Question::kOffline, examiner.id_of(on), text, here, [&] {
        told.insert(examiner.id_of(on));
        examiner.show(Question::kOffline, Standing::kFault, examiner.id_of(on), text, here, scenes);
      });
    }
    if (told.empty()) examiner.show(Question::kOffline, Standing::kFault, {}, passes, milder, scenes);
  });
  for (std::size_t i = 0; i < rules.clauses.size(); ++i) {
    const ClauseRule& on = examiner.rules.clauses[i];
    const ClauseRule& off = rules.clauses[i];
    if (!on.demands() || z3::eq(on.stops, off.stops)) continue;
    const Words text{examiner.clause_in_words(on).en + ": stops this person only while the post is offline",
                     examiner.clause_in_words(on).ru + ": останавливает это лицо только без связи"};
    const Expr only_offline = known && !examiner.rules.stops && off.stops && !off.lifted;
    examiner.ask(Question::kOffline, examiner.id_of(on), text, only_offline, [&] {
      examiner.show(Question::kOffline, Standing::kRemark, examiner.id_of(on), text, only_offline, scenes);
    });
  }
}

void ask_stranded(Examiner& examiner) {
  for (const Side side : {Side::kA, Side::kB}) ask_stranded_on(examiner, side);
}

void ask_mirror(Examiner& examiner) {
  const Situation other = mirrored(examiner);
  const Rules rules = make_rules(examiner.prover, examiner.vocabulary, other, examiner.edition);
  const std::vector<Scene> scenes{{examiner.base, examiner.rules, {"as they are", "как есть"}},
                                  {other, rules, {"of the other side", "с другой стороны"}}};
  const Expr known = analysis::all(examiner.prover.context(), examiner.base.all_known());
  const Expr unequal = known && rules.milder_than(examiner.rules);
  const Words text{"the same person of the other side is treated better",
                   "с таким же лицом другой стороны поступают мягче"};
  examiner.ask(Question::kMirror, {}, text, unequal, [&] {
    bool told = false;
    for (std::size_t i = 0; i < rules.clauses.size(); ++i) {
      const ClauseRule& own = examiner.rules.clauses[i];
      const ClauseRule& theirs = rules.clauses[i];
      if (!own.demands() || z3::eq(own.stops, theirs.stops)) continue;
      const Words clause = examiner.clause_in_words(own);
      const Words about{clause.en + ": " + text.en, clause.ru + ": " + text.ru};
      const Expr here = unequal && own.stops && !own.lifted && !theirs.stops;
      examiner.ask(Question::kMirror, examiner.id_of(own), about, here, [&] {
        told = true;
        examiner.show(Question::kMirror, Standing::kRemark, examiner.id_of(own), about, here, scenes);
      });
    }
    const Expr admission = unequal && !examiner.rules.demands_stop;
    const Words not_admitted{"no article admits them: " + text.en, "ни одна статья не допускает: " + text.ru};
    examiner.ask(Question::kMirror, {}, not_admitted, admission, [&] {
      told = true;
      examiner.show(Question::kMirror, Standing::kRemark, {}, not_admitted, admission, scenes);
    });
    if (!told) examiner.show(Question::kMirror, Standing::kRemark, {}, text, unequal, scenes);
  });
}

void ask_one_party(Examiner& examiner) {
  const auto& lists = examiner.vocabulary.lists;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    const Words name = name_in_words(examiner.edition, procedure::PredicateKind::kOnList, lists[i]);
    ask_act(examiner, lists[i],
            {fmt::format("an entry on the list '{}'", name.en), fmt::format("запись в список «{}»", name.ru)},
            [i, &examiner](Situation& situation, const Expr& on) {
              situation.lists[i] = {examiner.prover.context().bool_val(true), on};
            });
  }
  ask_act(examiner, "closure", {"a closure", "закрытие пункта"},
          [&examiner](Situation& situation, const Expr& closed) {
            situation.closed = {examiner.prover.context().bool_val(true), closed};
          });
  for (const procedure::Article& article : examiner.edition.articles())
    if (article.override_terms) check_override(examiner, article);
}

}  // namespace crossline::analysis
