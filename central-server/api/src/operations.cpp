#include "crossline/api/operations.hpp"

#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace crossline::api {
namespace {

using accounts::Permission;

constexpr std::array kOperations{
    Operation{"GET", "/overview", Permission::kSeeLine, 200, &get_overview},
    Operation{"POST", "/lookups", Permission::kLookUpPersons, 201, &look_up},
    Operation{"POST", "/timelines", Permission::kLookUpPersons, 200, &get_timeline},
    Operation{"GET", "/between", Permission::kSeeBetween, 200, &get_between},
    Operation{"GET", "/cases", Permission::kSeeCases, 200, &get_cases},
    Operation{"POST", "/resolutions", Permission::kResolveCases, 201, &resolve},
    Operation{"GET", "/closures", Permission::kSeeLine, 200, &get_closures},
    Operation{"POST", "/closures", Permission::kCloseCheckpoints, 201, &close_checkpoint},
    Operation{"POST", "/closures/lift", Permission::kCloseCheckpoints, 201, &lift_closure},
    Operation{"POST", "/lists/{list}/entries", Permission::kChangeLists, 201, &add_list_entry},
    Operation{"POST", "/lists/{list}/entries/remove", Permission::kChangeLists, 201, &remove_list_entry},
    Operation{"POST", "/permits", Permission::kGrantPermits, 201, &grant_permit},
    Operation{"POST", "/permits/withdraw", Permission::kGrantPermits, 201, &withdraw_permit},
    Operation{"GET", "/notices", Permission::kHandleNotices, 200, &get_notices},
    Operation{"POST", "/notices", Permission::kHandleNotices, 201, &handle_notice},
    Operation{"GET", "/quotas", Permission::kSeeStatistics, 200, &get_quotas},
    Operation{"POST", "/quotas/{quota}/leases", Permission::kLeaseQuotas, 201, &lease_quota},
    Operation{"POST", "/overrides", Permission::kGiveOverrides, 201, &give_override},
    Operation{"GET", "/statistics", Permission::kSeeStatistics, 200, &get_statistics, true},
    Operation{"GET", "/procedure", Permission::kSeeLine, 200, &get_procedure},
    Operation{"GET", "/procedure/differences", Permission::kSeeLine, 200, &get_differences},
    Operation{"GET", "/procedure/editions", Permission::kSeeLine, 200, &get_editions},
    Operation{"POST", "/procedure/editions", Permission::kSubmitEditions, 201, &submit_edition},
    Operation{"GET", "/procedure/shadow", Permission::kSeeStatistics, 200, &get_shadow},
    Operation{"GET", "/procedure/posts", Permission::kSeeLine, 200, &get_edition_posts},
    Operation{"GET", "/ledger", Permission::kSeeLine, 200, &get_ledger},
    Operation{"GET", "/ledger/proof/{index}", Permission::kProveEntries, 200, &get_ledger_proof},
    Operation{"GET", "/ledger/proof/{index}/journal", Permission::kProveEntries, 200,
              &get_ledger_journal_proof},
    Operation{"GET", "/ledger/keys", Permission::kSeeLine, 200, &get_ledger_keys},
    Operation{"GET", "/ledger/consistency", Permission::kSeeLine, 200, &get_ledger_consistency},
    Operation{"GET", "/ledger/head", Permission::kSeeLine, 200, &get_ledger_head},
};

}  // namespace

std::span<const Operation> operations() {
  return kOperations;
}

Answer<void> check_permission(const Operation& operation, const accounts::Principal& caller) {
  if (accounts::may(caller.role, operation.permission)) return {};
  return refuse(403, "forbidden", fmt::format("the role {} may not do this", accounts::name_of(caller.role)));
}

}  // namespace crossline::api
