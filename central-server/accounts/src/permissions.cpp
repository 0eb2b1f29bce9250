#include "crossline/accounts/permissions.hpp"

#include <initializer_list>
#include <utility>

namespace crossline::accounts {
namespace {

class PermissionSet {
 public:
  constexpr PermissionSet(std::initializer_list<Permission> permissions) {
    for (const Permission permission : permissions) bits_ |= bit(permission);
  }
  [[nodiscard]] constexpr bool contains(Permission permission) const {
    return (bits_ & bit(permission)) != 0;
  }

 private:
  static constexpr std::uint32_t bit(Permission permission) { return 1u << std::to_underlying(permission); }
  std::uint32_t bits_ = 0;
};

using enum Permission;
constexpr PermissionSet kStaffMay{kSeeLine};
constexpr PermissionSet kShiftLeadMay{kSeeLine, kSeeStatistics, kSeeSmallFigures, kSeeBetween,
                                      kGiveOverrides};
constexpr PermissionSet kSupervisorMay{kSeeLine,     kSeeStatistics, kSeeSmallFigures, kSeeBetween,
                                       kSeeCases,    kLookUpPersons, kProveEntries,    kCloseCheckpoints,
                                       kChangeLists, kResolveCases,  kGrantPermits,    kHandleNotices,
                                       kLeaseQuotas, kGiveOverrides};
constexpr PermissionSet kNegotiatorMay{kSeeLine, kSeeStatistics, kSubmitEditions};
// Auditors replay the ledger, in which every attempt stands by pseudonym: hiding small figures hides nothing.
constexpr PermissionSet kAuditorMay{kSeeLine, kSeeStatistics, kSeeSmallFigures, kReadEntries, kProveEntries};
constexpr PermissionSet kAdministratorMay{kSeeLine, kSeeStatistics, kSubmitEditions};

constexpr const PermissionSet& set_of(Role role) {
  switch (role) {
    case Role::kStaff:
      return kStaffMay;
    case Role::kShiftLead:
      return kShiftLeadMay;
    case Role::kSupervisor:
      return kSupervisorMay;
    case Role::kNegotiator:
      return kNegotiatorMay;
    case Role::kAuditor:
      return kAuditorMay;
    case Role::kAdministrator:
      return kAdministratorMay;
  }
  std::unreachable();
}

constexpr std::array<std::string_view, kPermissions.size()> kPermissionNames{
    "see_line",          "see_statistics",  "see_small_figures", "see_between",
    "see_cases",         "look_up_persons", "read_entries",      "prove_entries",
    "close_checkpoints", "change_lists",    "resolve_cases",     "grant_permits",
    "handle_notices",    "lease_quotas",    "give_overrides",    "submit_editions"};

}  // namespace

std::string_view name_of(Permission permission) {
  return kPermissionNames[std::to_underlying(permission)];
}

bool may(Role role, Permission permission) {
  return set_of(role).contains(permission);
}

std::vector<Permission> permissions_of(Role role) {
  std::vector<Permission> permissions;
  for (const Permission permission : kPermissions) {
    if (may(role, permission)) permissions.push_back(permission);
  }
  return permissions;
}

}  // namespace crossline::accounts
