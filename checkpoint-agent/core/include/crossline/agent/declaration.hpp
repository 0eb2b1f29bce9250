// What an officer declares about a crossing: what they said, held against what the edition knows.
#pragma once

#include "crossline/base/result.hpp"
#include "crossline/movement/event.hpp"
#include "crossline/procedure/edition.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace crossline::agent {

// Nothing said is unknown, never "no".
struct DeclarationInput {
  using Value = std::variant<bool, std::int64_t, std::string>;  // a date as "2026-10-01"
  std::optional<procedure::Mode> mode{};
  std::optional<movement::DeclaredConvoy> convoy{};
  std::optional<std::vector<movement::DeclaredGoods>> goods{};  // a unit left out is the edition's
  std::optional<bool> weapons{};
  std::optional<bool> arms_handed_over{};
  std::vector<std::pair<std::string, Value>> facts{};
};

// kInvalidArgument for goods and facts that the edition does not have, for the same twice, another unit or an
// amount out of bounds, and a value that the fact cannot have.
Result<movement::Declaration> declaration_from(const DeclarationInput& input,
                                               const procedure::Edition& edition);

// What articles of an edition ask an officer for; goods and facts are named by the edition itself.
struct Asked {
  bool mode = false;
  bool convoy = false;
  bool goods = false;
  bool weapons = false;
  bool arms_handed_over = false;
};
[[nodiscard]] Asked asked_by(const procedure::Edition& edition);

}  // namespace crossline::agent
