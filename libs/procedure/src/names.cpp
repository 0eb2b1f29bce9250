#include "crossline/procedure/decision.hpp"
#include "crossline/procedure/facts.hpp"
#include "crossline/procedure/verdict.hpp"

#include <array>

namespace crossline::procedure {
namespace {

// The name at the position of an enumerator; every table lists all enumerators in order.
template <class Enum, std::size_t n>
constexpr std::string_view pick(const std::array<std::string_view, n>& names, Enum value) {
  return names[static_cast<std::size_t>(value)];
}

constexpr std::array<std::string_view, 3> kVerdicts{"allow", "refer", "refuse"};

}  // namespace

std::string_view name_of(Verdict verdict) {
  return pick(kVerdicts, verdict);
}

std::optional<Verdict> verdict_from(std::string_view name) {
  for (std::size_t i = 0; i < kVerdicts.size(); ++i)
    if (kVerdicts[i] == name) return static_cast<Verdict>(i);
  return std::nullopt;
}

std::string_view name_of(Truth truth) {
  return pick(std::array<std::string_view, 3>{"false", "unknown", "true"}, truth);
}

std::string_view name_of(Source source) {
  return pick(std::array<std::string_view, 5>{"document", "officer", "replica", "server", "agent"}, source);
}

std::string_view name_of(Side side) {
  return pick(std::array<std::string_view, 2>{"A", "B"}, side);
}

std::string_view name_of(PostSide side) {
  return pick(std::array<std::string_view, 3>{"A", "B", "joint"}, side);
}

std::string_view name_of(Direction direction) {
  return pick(std::array<std::string_view, 2>{"entry", "exit"}, direction);
}

std::string_view name_of(Sex sex) {
  return pick(std::array<std::string_view, 3>{"female", "male", "unspecified"}, sex);
}

std::string_view name_of(Mode mode) {
  return pick(std::array<std::string_view, 2>{"on_foot", "vehicle"}, mode);
}

std::string_view name_of(Relation relation) {
  return pick(std::array<std::string_view, kRelations>{"parent", "guardian", "spouse", "child", "relative",
                                                       "caregiver", "patient", "escort"},
              relation);
}

std::string_view name_of(ClauseKind kind) {
  return pick(std::array<std::string_view, 5>{"admit", "require", "prohibit", "exempt", "duty"}, kind);
}

std::string_view name_of(Basis basis) {
  return pick(std::array<std::string_view, 4>{"clauses", "return", "not_in_force", "not_admitted"}, basis);
}

std::string_view name_of(Relief relief) {
  return pick(std::array<std::string_view, 4>{"none", "exempted", "overridden", "expired"}, relief);
}

}  // namespace crossline::procedure
