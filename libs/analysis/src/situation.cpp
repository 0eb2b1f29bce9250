#include "situation.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace crossline::analysis {
namespace {

constexpr int kMaxAge = 150;
constexpr int kMaxDays = 36'500;
constexpr int kMaxCount = 100'000;
constexpr std::int64_t kMaxAmount = 2'000'000'000'000;
constexpr int kMaxHours = 24 * 366 * 2;
constexpr int kOrdinaryAge = 30;
constexpr int kOrdinaryValidityDays = 365;

class Maker {
 public:
  Maker(Prover& prover, const Vocabulary& vocabulary, const std::string& name)
      : prover_(prover), context_(prover.context()), vocabulary_(vocabulary), name_(name) {}

  Situation make() {
    const Expr yes = context_.bool_val(true);
    Situation out{.at = {},
                  .shows = {},
                  .exit = {yes, truth("exit")},
                  .checkpoint = {yes, among("checkpoint", vocabulary_.checkpoints.size())},
                  .toward_b = {yes, truth("toward_b")},
                  .lives_on_b = {truth("lives_known"), truth("lives_on_b")},
                  .category = {truth("category_known"), among("category", vocabulary_.categories.size())},
                  .document_kind = {truth("kind_known"), among("kind", vocabulary_.document_kinds.size())},
                  .issuer = {truth("issuer_known"), among("issuer", vocabulary_.issuers.size())},
                  .days_left = {truth("days_known"), number("days_left", -kMaxDays, kMaxDays)},
                  .readable = {truth("readable_known"), truth("readable")},
                  .age = {truth("age_known"), number("age", 0, kMaxAge)},
                  .sex = {truth("sex_known"), among("sex", 3)},
                  .accompanied_known = truth("accompanied_known"),
                  .accompanied = {truth("with_0"), truth("with_1"), truth("with_2"), truth("with_3"),
                                  truth("with_4"), truth("with_5"), truth("with_6"), truth("with_7")},
                  .companions = counted("companions"),
                  .closed = flag("closed"),
                  .alternates = flag("alternates"),
                  .vehicle = flag("vehicle"),
                  .weapons = flag("weapons"),
                  .arms_handed_over = flag("arms"),
                  .lists = {},
                  .permits_known = truth("permits_known"),
                  .permits = {},
                  .stays = {stays("a"), stays("b")},
                  .crossings = counts("crossings", kMaxCount),
                  .quotas = {},
                  .notice = notice(),
                  .goods_known = truth("goods_known"),
                  .goods = {},
                  .convoy = {truth("convoy_known"), number("vehicles", 0, kMaxCount),
                             number("persons", 0, kMaxCount), truth("escorted")},
                  .declared = {}};
    for (const std::string& list : vocabulary_.lists) out.lists.push_back(flag("list_" + list));
    for (const std::string& permit : vocabulary_.permits) out.permits.push_back(truth("permit_" + permit));
    for (const std::string& quota : vocabulary_.quotas) out.quotas.push_back(counted("quota_" + quota));
    for (const std::string& kind : vocabulary_.goods)
      out.goods.push_back({number("goods_" + kind, 0, kMaxAmount), counts("goods_" + kind, kMaxAmount)});
    for (std::size_t i = 0; i < vocabulary_.declared.size(); ++i) out.declared.push_back(declared(i));
    place_in_time(out);
    return out;
  }

 private:
  Expr truth(const std::string& what) { return context_.bool_const((name_ + what).c_str()); }
  Var flag(const std::string& what) { return {truth(what + "_known"), truth(what)}; }
  Expr number(const std::string& what, std::int64_t least, std::int64_t most) {
    const Expr out = context_.int_const((name_ + what).c_str());
    prover_.assume(out >= context_.int_val(least) && out <= context_.int_val(most));
    return out;
  }
  Expr among(const std::string& what, std::size_t count) {
    return number(what, 0, static_cast<std::int64_t>(count) - 1);
  }
  Var counted(const std::string& what) { return {truth(what + "_known"), number(what, 0, kMaxCount)}; }

  // What happened today happened this week and this month too.
  CountVars counts(const std::string& what, std::int64_t most) {
    const auto one = [&](const std::string& period) {
      return Var{truth(what + period + "_known"), number(what + period, 0, most)};
    };
    CountVars out{one("_day"), one("_week"), one("_month")};
    prover_.assume(out.today.value <= out.this_week.value && out.today.value <= out.this_month.value);
    return out;
  }

  // Days used in the windows fit the day of last presence; see person.cpp, which makes stays of them.
  StayVars stays(const std::string& side) {
    StayVars out{
        truth("stay_" + side + "_known"), truth("never_" + side), number("absent_" + side, 0, kMaxDays), {}};
    std::int64_t before = 1;
    Expr used_before = context_.int_val(1);
    for (const std::int64_t window : vocabulary_.windows) {
      const Expr used = number(fmt::format("used_{}_{}", side, window), 1, window);
      const Expr more = used - used_before;
      const Expr none = out.never || out.absent >= context_.int_val(window);
      const Expr first = !none && out.absent >= context_.int_val(before);
      prover_.assume(more >= 0);
      prover_.assume(z3::implies(none, more == 0));
      prover_.assume(z3::implies(first, more >= 1 && more <= context_.int_val(window) - out.absent));
      prover_.assume(z3::implies(!none && !first, more <= context_.int_val(window - before)));
      out.used.push_back(used);
      used_before = used;
      before = window;
    }
    return out;
  }

  NoticeVars notice() {
    NoticeVars out{truth("notice_known"),
                   truth("notified"),
                   number("notified_h", 0, kMaxHours),
                   truth("objected"),
                   number("objected_h", 0, kMaxHours),
                   among("ruling", 3)};
    prover_.assume(out.objected_after <= out.hours_ago);
    prover_.assume(z3::implies(out.objected, out.given));
    return out;
  }

  Var declared(std::size_t index) {
    const auto& kind = vocabulary_.declared[index];
    const std::string what = fmt::format("fact_{}_", index) + kind.name;
    using Type = procedure::DeclaredKind::Type;
    switch (kind.type) {
      case Type::kBool:
        return {truth(what + "_known"), among(what, 2)};
      case Type::kEnum:
        return {truth(what + "_known"), among(what, kind.values.size())};
      case Type::kInt:
        return {truth(what + "_known"), number(what, -kMaxAmount, kMaxAmount)};
      case Type::kDate:
        break;
    }
    return {truth(what + "_known"), number(what, 0, kMaxDays)};
  }

  void place_in_time(Situation& out) {
    for (std::size_t i = 0; i < vocabulary_.timelines.size(); ++i)
      out.shows.push_back(truth(fmt::format("line_{}", i)));
    for (std::size_t i = 0; i < vocabulary_.moments.size(); ++i) {
      out.at.push_back(truth(fmt::format("at_{}", i)));
      std::vector<Expr> shown;
      for (std::size_t line = 0; line < out.shows.size(); ++line)
        shown.push_back(vocabulary_.moments[i].shows[line] ? out.shows[line] : !out.shows[line]);
      prover_.assume(z3::implies(out.at.back(), all(context_, shown)));
    }
    prover_.assume(any(context_, out.at));
  }

  Prover& prover_;
  z3::context& context_;
  const Vocabulary& vocabulary_;
  std::string name_;
};

}  // namespace

std::vector<Expr> Situation::all_known() const {
  std::vector<Expr> out;
  for (const Var* one : {&category, &lives_on_b, &document_kind, &issuer, &days_left, &readable, &age, &sex,
                         &companions, &closed, &alternates, &vehicle, &weapons, &arms_handed_over,
                         &crossings.today, &crossings.this_week, &crossings.this_month})
    out.push_back(one->known);
  for (const Expr& one : {accompanied_known, permits_known, stays[0].known, stays[1].known, notice.known,
                          goods_known, convoy.known})
    out.push_back(one);
  for (const auto* several : {&lists, &quotas, &declared})
    for (const Var& one : *several) out.push_back(one.known);
  for (const GoodsVars& one : goods)
    for (const Var* count : {&one.earlier.today, &one.earlier.this_week, &one.earlier.this_month})
      out.push_back(count->known);
  return out;
}

Situation make_situation(Prover& prover, const Vocabulary& vocabulary, const std::string& name) {
  return Maker(prover, vocabulary, name + ".").make();
}

Expr shows_document_of(Prover& prover, const Vocabulary& vocabulary, const Situation& situation,
                       const procedure::Category& category) {
  z3::context& context = prover.context();
  const auto one_of = [&](const Expr& value, const std::vector<std::string>& all_names,
                          const std::vector<std::string>& names) {
    std::vector<Expr> some;
    for (const std::string& name : names) some.push_back(value == position_of(all_names, name));
    return any(context, some);
  };
  std::vector<Expr> out;
  if (!category.document_kinds.empty())
    out.push_back(one_of(situation.document_kind.value, vocabulary.document_kinds, category.document_kinds));
  if (!category.document_issuers.empty())
    out.push_back(one_of(situation.issuer.value, vocabulary.issuers, category.document_issuers));
  if (!category.not_document_issuers.empty())
    out.push_back(!one_of(situation.issuer.value, vocabulary.issuers, category.not_document_issuers));
  if (category.residence)
    out.push_back(*category.residence == procedure::Side::kB ? situation.lives_on_b.value
                                                             : !situation.lives_on_b.value);
  return all(context, out);
}

std::vector<Expr> ordinary(Prover& prover, const Vocabulary& vocabulary, const Situation& s,
                           const procedure::Edition& edition) {
  std::vector<Expr> out = s.all_known();
  for (const procedure::Category& category : edition.categories())
    out.push_back(z3::implies(s.category.value == position_of(vocabulary.categories, category.name),
                              shows_document_of(prover, vocabulary, s, category)));
  out.push_back(s.category.value != static_cast<int>(vocabulary.categories.size()) - 1);
  for (const Var& list : s.lists) out.push_back(!list.value);
  out.push_back(s.readable.value);
  out.push_back(s.alternates.value);
  out.push_back(!s.closed.value);
  out.push_back(!s.weapons.value);
  out.push_back(s.days_left.value == kOrdinaryValidityDays);
  out.push_back(s.document_kind.value == 0);
  out.push_back(s.age.value == kOrdinaryAge);
  out.push_back(s.sex.value == 2);
  for (const Expr& relation : s.accompanied) out.push_back(!relation);
  out.push_back(s.companions.value == 0);
  out.push_back(!s.vehicle.value);
  for (const Var& quota : s.quotas) out.push_back(quota.value == 1);
  for (const StayVars& stay : s.stays) {
    out.push_back(stay.never);
    for (const Expr& used : stay.used) out.push_back(used == 1);
  }
  for (const Var* count : {&s.crossings.today, &s.crossings.this_week, &s.crossings.this_month})
    out.push_back(count->value == 0);
  for (const Expr& permit : s.permits) out.push_back(!permit);
  out.push_back(!s.notice.given);
  for (const GoodsVars& goods : s.goods) {
    out.push_back(goods.amount == 0);
    for (const Var* count : {&goods.earlier.today, &goods.earlier.this_week, &goods.earlier.this_month})
      out.push_back(count->value == 0);
  }
  out.push_back(s.convoy.vehicles == 0 && s.convoy.persons == 0 && !s.convoy.escorted);
  out.push_back(!s.arms_handed_over.value);
  for (const Var& fact : s.declared) out.push_back(fact.value == 0);
  out.push_back(!s.exit.value);
  out.push_back(s.checkpoint.value == 0);
  return out;
}

}  // namespace crossline::analysis
