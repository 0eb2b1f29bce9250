// A line's keys and certificates as a folder of files: what `crossline pki` does, for tests and the demo as
// well.
//
//   registry.toml                     who is enrolled; the server reads it
//   line.key                          under which the line's pseudonyms are made
//   parties/<A|B|G>/root.pem .key     each party's own certification authority
//   server/server.pem .key            the server's TLS certificate
//   server/ledger.key .vkey           signs the ledger's tree heads; its public half
//   server/office.key .vkey           signs the journal of the server's own office
//   server/line.key
//   server/roots/<A|B|G>.pem          whose agents the server talks to
//   agents/<agent>/agent.pem .key     the agent's TLS certificate; its URI names the post
//   agents/<agent>/journal.key .vkey  signs the journal's tree heads
//   agents/<agent>/ledger.vkey line.key
//   agents/<agent>/roots/<party>.pem  the root of the party that runs the server
//   auditors/<name>/auditor.pem .key  a TLS certificate that opens the ledger's entries; with ledger.vkey,
//   roots/
//
// server/ and agents/<agent>/ are whole: they move to their machine as they are. Every *.key has mode 0600.
#pragma once

#include "crossline/base/result.hpp"
#include "crossline/base/time.hpp"
#include "crossline/enrolment/registry.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace crossline::tools {

struct PkiInit {
  std::string line;
  std::string server_party = "G";         // whose root issues the server's certificate
  std::vector<std::string> dns_names;     // of the server
  std::vector<std::string> ip_addresses;  // of the server
};
// Makes `folder`, which must not exist. kConflict when it does, kInvalidArgument for names that are none;
// nothing is left behind on failure.
Result<void> init_pki(const std::filesystem::path& folder, const PkiInit& init, UtcMillis now,
                      Random& random);

struct PkiEnrol {
  std::string agent;
  std::string checkpoint;
  std::string side;   // "A", "B" or "joint"
  std::string party;  // empty: the side's own; must be given for a joint post
};
// Makes agents/<agent>/ and enters it in the registry. Needs the party's root key, of the server only what is
// public. Errors of Registry::enrol; on failure the registry is unchanged.
Result<enrolment::AgentRecord> enrol_agent(const std::filesystem::path& folder, const PkiEnrol& enrol,
                                           UtcMillis now, Random& random);

// Makes auditors/<name>/: auditor.pem and .key, signed by the party's root, the server's root under roots/,
// and ledger.vkey. kConflict when there is such a folder, or an auditor of that name was revoked.
struct PkiAuditor {
  std::string name;
  std::string party;
};
Result<void> make_auditor(const std::filesystem::path& folder, const PkiAuditor& auditor, UtcMillis now);

// Enters the auditor as revoked: the server refuses every certificate of that name and party from then on.
// `party` may be empty when auditors/<name>/ is here: its certificate says whose root issued it. kConflict
// when the two disagree or it is revoked already; kNotFound when there is no such folder and no party.
Result<enrolment::AuditorKey> revoke_auditor(const std::filesystem::path& folder, const PkiAuditor& auditor,
                                             const std::string& reason, UtcMillis now);

// Errors of Registry::revoke.
Result<enrolment::AgentRecord> revoke_agent(const std::filesystem::path& folder, const std::string& agent,
                                            const std::string& reason, UtcMillis now);

Result<enrolment::Registry> read_registry(const std::filesystem::path& folder);

}  // namespace crossline::tools
