// The three verdicts and the three truth values, with the orders that the procedure language gives them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>

namespace crossline::procedure {

// Ordered: the worst of several wins.
enum class Verdict : std::uint8_t { kAllow, kRefer, kRefuse };

[[nodiscard]] constexpr Verdict worst(Verdict a, Verdict b) {
  return std::max(a, b);
}

// "allow", "refer", "refuse": stable, as written in procedures, on the wire and in JSON.
[[nodiscard]] std::string_view name_of(Verdict verdict);
[[nodiscard]] std::optional<Verdict> verdict_from(std::string_view name);

// Kleene's three values, ordered so that `and` is the minimum and `or` the maximum.
enum class Truth : std::uint8_t { kFalse, kUnknown, kTrue };

[[nodiscard]] constexpr Truth truth(bool value) {
  return value ? Truth::kTrue : Truth::kFalse;
}
[[nodiscard]] constexpr Truth both(Truth a, Truth b) {
  return std::min(a, b);
}
[[nodiscard]] constexpr Truth either(Truth a, Truth b) {
  return std::max(a, b);
}
[[nodiscard]] constexpr Truth negation(Truth a) {
  return static_cast<Truth>(static_cast<int>(Truth::kTrue) - static_cast<int>(a));
}

// "false", "unknown", "true".
[[nodiscard]] std::string_view name_of(Truth truth);

}  // namespace crossline::procedure
