#include "tools/ledger/ledger_command.hpp"

#include "tools/audit/audit_command.hpp"
#include "tools/support/input_file.hpp"

#include <memory>

#include <CLI/CLI.hpp>

namespace crossline::tools {

void add_ledger_command(CLI::App& app) {
  CLI::App* ledger = app.add_subcommand("ledger", "Look into a ledger's store file.");
  ledger->require_subcommand(1);
  auto options = std::make_shared<StoreAuditOptions>();
  CLI::App* command = ledger->add_subcommand(
      "verify",
      "Recompute every hash, every journal, every signature, every verdict and status; print size and root.");
  command->add_option("STORE", options->store, "The ledger's store file, ledger.db; may be in use")
      ->required()
      ->check(why_no_file, "FILE");
  add_key_and_output_options(*command, *options);
  command->footer(
      "Exit codes: 0 clean, 1 not clean, 2 wrong input, 3 not readable. See also: crossline audit.");
  command->callback([options] { run_store_audit(*options); });
}

}  // namespace crossline::tools
