#include "crossline/procedure/override.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace crossline::procedure {

bool in_effect(const Override& act, const OverrideTerms& terms, UtcMillis instant) {
  constexpr std::int64_t kMinute_ms = 60'000;
  if (instant < act.granted_at || instant >= act.granted_at.plus(terms.valid_minutes * kMinute_ms))
    return false;
  const auto among = [](const auto& all, std::string_view wanted) {
    return std::ranges::find(all, wanted) != std::ranges::end(all);
  };
  const auto signers =
      std::ranges::count_if(act.signer_roles, [&](auto role) { return among(terms.roles, role); });
  const auto roles =
      std::ranges::count_if(terms.roles, [&](const auto& role) { return among(act.signer_roles, role); });
  const auto all_roles = static_cast<std::int64_t>(terms.roles.size());
  return signers >= terms.persons && roles >= std::min(terms.persons, all_roles);
}

}  // namespace crossline::procedure
