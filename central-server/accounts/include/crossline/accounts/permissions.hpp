// Which role may see and do what: the one table of the server's HTTPS side.
#pragma once

#include "crossline/accounts/account.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace crossline::accounts {

enum class Permission : std::uint8_t {
  kSeeLine,          // posts and their links, closures, the edition in force, the ledger's head
  kSeeStatistics,    // figures, small ones hidden
  kSeeSmallFigures,  // figures of 1 to 10 as well
  kSeeBetween,       // who is between the posts, by pseudonym
  kSeeCases,         // disagreements and disputed statuses, by pseudonym
  kLookUpPersons,    // identities and timelines, through a look-up that stands in the ledger
  kReadEntries,      // ledger entries as they are, in which everybody stands by pseudonym
  kProveEntries,  // one entry with its proof: any for who may read entries, of a person looked up for others
  kCloseCheckpoints,
  kChangeLists,
  kResolveCases,
  kGrantPermits,
  kHandleNotices,
  kLeaseQuotas,
  kGiveOverrides,   // one's own word for one; the edition says whose words suffice
  kSubmitEditions,  // whether one is adopted is for the parties' signatures to say
};
inline constexpr std::array kPermissions{
    Permission::kSeeLine,       Permission::kSeeStatistics, Permission::kSeeSmallFigures,
    Permission::kSeeBetween,    Permission::kSeeCases,      Permission::kLookUpPersons,
    Permission::kReadEntries,   Permission::kProveEntries,  Permission::kCloseCheckpoints,
    Permission::kChangeLists,   Permission::kResolveCases,  Permission::kGrantPermits,
    Permission::kHandleNotices, Permission::kLeaseQuotas,   Permission::kGiveOverrides,
    Permission::kSubmitEditions};
// "see_line", ...: stable.
[[nodiscard]] std::string_view name_of(Permission permission);

[[nodiscard]] bool may(Role role, Permission permission);
// In the order of kPermissions.
[[nodiscard]] std::vector<Permission> permissions_of(Role role);

}  // namespace crossline::accounts
