#include "crossline/agent/declaration.hpp"

#include "crossline/documents/dates.hpp"
#include "crossline/movement/record_limits.hpp"

#include <algorithm>
#include <chrono>

namespace crossline::agent {
namespace {

using procedure::DeclaredKind;

Result<std::vector<movement::DeclaredGoods>> goods_from(std::vector<movement::DeclaredGoods> goods,
                                                        const procedure::Procedure& procedure) {
  if (goods.size() > limits::kMaxGoods)
    return fail(ErrorCode::kInvalidArgument, "at most {} kinds of goods are declared", limits::kMaxGoods);
  for (auto item = goods.begin(); item != goods.end(); ++item) {
    const auto kind = std::ranges::find(procedure.goods, item->kind, &procedure::GoodsKind::name);
    if (kind == procedure.goods.end())
      return fail(ErrorCode::kInvalidArgument, "the edition has no goods '{}'", item->kind);
    if (std::find_if(goods.begin(), item, [&](const auto& one) { return one.kind == item->kind; }) != item)
      return fail(ErrorCode::kInvalidArgument, "the goods '{}' are declared twice", item->kind);
    if (item->unit.empty()) item->unit = kind->unit;
    if (item->unit != kind->unit)
      return fail(ErrorCode::kInvalidArgument, "'{}' is declared in '{}', not in '{}'", item->kind,
                  kind->unit, item->unit);
    if (item->amount < 0 || item->amount > movement::kMaxGoodsAmount)
      return fail(ErrorCode::kInvalidArgument, "the amount of '{}' is from 0 to {}", item->kind,
                  movement::kMaxGoodsAmount);
  }
  return goods;
}

std::string_view what_is(DeclaredKind::Type type) {
  switch (type) {
    case DeclaredKind::Type::kBool:
      return "true or false";
    case DeclaredKind::Type::kInt:
      return "a whole number";
    case DeclaredKind::Type::kDate:
      return "a date such as 2026-10-01";
    case DeclaredKind::Type::kEnum:
      break;
  }
  return "one of its words";
}

// Nothing for a value that a fact of this kind cannot have.
std::optional<movement::DeclaredFact> fact_from(const DeclaredKind& kind,
                                                const DeclarationInput::Value& value) {
  movement::DeclaredFact fact{.name = kind.name, .number = 0, .word = {}};
  const auto* text = std::get_if<std::string>(&value);
  switch (kind.type) {
    case DeclaredKind::Type::kBool: {
      const auto* flag = std::get_if<bool>(&value);
      if (flag == nullptr) return std::nullopt;
      fact.number = *flag ? 1 : 0;
      return fact;
    }
    case DeclaredKind::Type::kInt: {
      const auto* number = std::get_if<std::int64_t>(&value);
      if (number == nullptr) return std::nullopt;
      fact.number = *number;
      return fact;
    }
    case DeclaredKind::Type::kDate: {
      const auto date = text == nullptr ? std::nullopt : documents::parse_iso_date(*text);
      if (!date) return std::nullopt;
      fact.number = std::chrono::sys_days(*date).time_since_epoch().count();
      return fact;
    }
    case DeclaredKind::Type::kEnum:
      if (text == nullptr || std::ranges::find(kind.values, *text) == kind.values.end()) return std::nullopt;
      fact.word = *text;
      return fact;
  }
  return std::nullopt;
}

}  // namespace

Result<movement::Declaration> declaration_from(const DeclarationInput& input,
                                               const procedure::Edition& edition) {
  const procedure::Procedure& procedure = edition.procedure();
  movement::Declaration declared{.mode = input.mode,
                                 .convoy = input.convoy,
                                 .goods = std::nullopt,
                                 .weapons = input.weapons,
                                 .arms_handed_over = input.arms_handed_over,
                                 .facts = {}};
  if (input.goods) {
    CROSSLINE_TRY(declared.goods, goods_from(*input.goods, procedure));
  }
  for (const auto& [name, value] : input.facts) {
    const auto kind = std::ranges::find(procedure.declared, name, &DeclaredKind::name);
    if (kind == procedure.declared.end())
      return fail(ErrorCode::kInvalidArgument, "the edition declares no fact '{}'", name);
    if (std::ranges::find(declared.facts, name, &movement::DeclaredFact::name) != declared.facts.end())
      return fail(ErrorCode::kInvalidArgument, "the fact '{}' is declared twice", name);
    auto fact = fact_from(*kind, value);
    if (!fact) return fail(ErrorCode::kInvalidArgument, "the fact '{}' is {}", name, what_is(kind->type));
    declared.facts.push_back(*std::move(fact));
  }
  if (declared.facts.size() > limits::kMaxDeclaredFacts)
    return fail(ErrorCode::kInvalidArgument, "at most {} facts are declared", limits::kMaxDeclaredFacts);
  return declared;
}

Asked asked_by(const procedure::Edition& edition) {
  Asked asked;
  for (const procedure::Predicate& predicate : edition.predicates()) {
    switch (predicate.kind) {
      case procedure::PredicateKind::kMode:
        asked.mode = true;
        break;
      case procedure::PredicateKind::kConvoy:
        asked.convoy = true;
        break;
      case procedure::PredicateKind::kGoodsAtMost:
      case procedure::PredicateKind::kGoodsForbidden:
        asked.goods = true;
        break;
      case procedure::PredicateKind::kWeaponsNone:
        asked.weapons = true;
        break;
      case procedure::PredicateKind::kArmsHandedOver:
        asked.arms_handed_over = true;
        break;
      default:
        break;
    }
  }
  return asked;
}

}  // namespace crossline::agent
