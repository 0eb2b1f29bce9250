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
  command->add_option("--registry", options->registry, "registry.toml of the line: the keys to verify with")
      ->required()
      ->check(why_no_file, "FILE");
  command
      ->add_option("--procedure-keys", options->procedure_keys,
                   "procedure-keys.toml of the line: who may sign its first edition; without it no edition's "
                   "signatures are verified")
      ->check(why_no_file, "FILE");
  command->add_flag("--json", options->json, "One JSON object on stdout");
  command->add_flag("--quiet", options->quiet, "No progress");
  command->footer(
      "Exit codes: 0 clean, 1 not clean, 2 wrong input, 3 not readable. See also: crossline audit.");
  command->callback([options] { run_store_audit(*options); });
}

}  // namespace crossline::tools
