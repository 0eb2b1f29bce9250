// The operations of /api/v1 as plain functions on plain values: openapi.yaml is their contract. HTTP,
// sessions and threads are somebody else's business (http_api.hpp).
#pragma once

#include "crossline/accounts/permissions.hpp"
#include "crossline/accounts/sessions.hpp"
#include "crossline/api/difference_book.hpp"
#include "crossline/api/ports.hpp"
#include "crossline/api/problem.hpp"
#include "crossline/api/public_log.hpp"
#include "crossline/base/time.hpp"
#include "crossline/crypto/ed25519.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace crossline::api {

// What the operations work on. All of it outlives every call; every call may run beside others.
struct Services {
  std::string line;
  crypto::PublicKey ledger_key;  // under which the ledger's heads are signed
  Queries& queries;
  OfficeJournal& office;
  const Clock& clock;
  PublicLog& log;
  DifferenceBook& differences;
  std::string witness_policy = {};  // whose cosignatures settle a head (tlog-policy); empty: none does
};

// One request of a person who is signed in and may make it.
struct Call {
  accounts::Principal caller;
  std::map<std::string, std::string, std::less<>> path;  // the {name} segments
  std::vector<std::pair<std::string, std::string>> query;
  std::string body;
};

struct Operation {
  std::string_view method;
  std::string_view pattern;  // below /api/v1
  accounts::Permission permission;
  int status;  // of success
  // Blocks; the answer is a body that fits the operation's schema.
  Answer<nlohmann::json> (*run)(const Services& services, const Call& call);
  bool opens_to_auditors = false;  // to the certificate of an auditor's machine, without a session
};

// All but those of /session, which are about who asks.
[[nodiscard]] std::span<const Operation> operations();

// 403 `forbidden` unless the caller's role may do this.
[[nodiscard]] Answer<void> check_permission(const Operation& operation, const accounts::Principal& caller);

Answer<nlohmann::json> get_overview(const Services& services, const Call& call);
Answer<nlohmann::json> get_between(const Services& services, const Call& call);
Answer<nlohmann::json> get_cases(const Services& services, const Call& call);
Answer<nlohmann::json> get_closures(const Services& services, const Call& call);
Answer<nlohmann::json> get_quotas(const Services& services, const Call& call);
Answer<nlohmann::json> get_notices(const Services& services, const Call& call);
Answer<nlohmann::json> get_ledger_head(const Services& services, const Call& call);
Answer<nlohmann::json> get_ledger(const Services& services, const Call& call);
Answer<nlohmann::json> get_ledger_proof(const Services& services, const Call& call);
Answer<nlohmann::json> get_ledger_journal_proof(const Services& services, const Call& call);
Answer<nlohmann::json> get_ledger_keys(const Services& services, const Call& call);
Answer<nlohmann::json> get_ledger_consistency(const Services& services, const Call& call);

Answer<nlohmann::json> look_up(const Services& services, const Call& call);
Answer<nlohmann::json> get_timeline(const Services& services, const Call& call);

Answer<nlohmann::json> resolve(const Services& services, const Call& call);
Answer<nlohmann::json> close_checkpoint(const Services& services, const Call& call);
Answer<nlohmann::json> lift_closure(const Services& services, const Call& call);
Answer<nlohmann::json> add_list_entry(const Services& services, const Call& call);
Answer<nlohmann::json> remove_list_entry(const Services& services, const Call& call);
Answer<nlohmann::json> grant_permit(const Services& services, const Call& call);
Answer<nlohmann::json> withdraw_permit(const Services& services, const Call& call);
Answer<nlohmann::json> handle_notice(const Services& services, const Call& call);
Answer<nlohmann::json> lease_quota(const Services& services, const Call& call);
Answer<nlohmann::json> give_override(const Services& services, const Call& call);

Answer<nlohmann::json> get_statistics(const Services& services, const Call& call);
Answer<nlohmann::json> get_procedure(const Services& services, const Call& call);
Answer<nlohmann::json> get_differences(const Services& services, const Call& call);
Answer<nlohmann::json> get_editions(const Services& services, const Call& call);
Answer<nlohmann::json> get_edition_posts(const Services& services, const Call& call);
Answer<nlohmann::json> submit_edition(const Services& services, const Call& call);
Answer<nlohmann::json> get_shadow(const Services& services, const Call& call);

}  // namespace crossline::api
