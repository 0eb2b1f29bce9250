// `crossline audit`: checks a ledger without believing whoever keeps it.
#pragma once

#include <string>
#include <vector>

#include <CLI/App.hpp>

namespace crossline::tools {

void add_audit_command(CLI::App& app);

// What `crossline audit --store` and `crossline ledger verify` do alike. Prints the report; throws Exit when
// it is not clean (kExitFailed), or could not be checked (kExitUnchecked).
struct StoreAuditOptions {
  std::string store;
  std::string registry;
  std::string proofs;              // folder for proofs of misbehaviour; none when empty
  std::vector<std::string> heads;  // files of signed heads that others have kept
  std::string procedure_keys;      // file of those who may sign the first edition; none verified when empty
  bool json = false;
  bool quiet = false;
  bool last_signatures = false;
};
void run_store_audit(const StoreAuditOptions& options);
// Adds --registry, --procedure-keys, --json and --quiet, which write into `options`: it must outlive the
// parsing.
void add_key_and_output_options(CLI::App& command, StoreAuditOptions& options);

}  // namespace crossline::tools
