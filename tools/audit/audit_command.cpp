#include "tools/audit/audit_command.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/runtime/file.hpp"
#include "tools/audit/report.hpp"
#include "tools/audit/store_source.hpp"
#include "tools/support/exit.hpp"
#include "tools/support/output.hpp"
#include "tools/support/progress.hpp"

#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace crossline::tools {
namespace {

void run(const StoreAuditOptions& options) {
  if (options.store.empty()) {
    note("nothing to audit: name a store file with --store");
    throw Exit{kExitInvalid};
  }
  run_store_audit(options);
}

}  // namespace

void run_store_audit(const StoreAuditOptions& options) {
  const auto registry = value_or_exit(enrolment::Registry::parse(
      value_or_exit(runtime::read_text_file(options.registry, limits::kMaxRegistryBytes))));
  Progress progress("entries", options.quiet);
  const auto audited = audit_store(
      options.store, registry,
      {.signatures =
           options.last_signatures ? audit::Options::Signatures::kLast : audit::Options::Signatures::kAll},
      options.proofs, [&progress](std::uint64_t done, std::uint64_t of) { progress.show(done, of); });
  progress.clear();
  if (!audited) {
    note(audited.error().message);
    throw Exit{kExitUnchecked};
  }
  for (const auto& file : audited->proofs) note(fmt::format("proof written: {}", file.string()));
  print_report(audited->report, options.json);
}

void add_audit_command(CLI::App& app) {
  auto options = std::make_shared<StoreAuditOptions>();
  CLI::App* command = app.add_subcommand("audit",
                                         "Recompute every hash, journal, signature, verdict and status of a "
                                         "ledger; say what is not as it must be.");
  command->add_option("--store", options->store, "The ledger's store file, ledger.db; may be in use")
      ->check(CLI::ExistingFile);
  command->add_option("--registry", options->registry, "registry.toml of the line: the keys to verify with")
      ->required()
      ->check(CLI::ExistingFile);
  command->add_flag("--json", options->json, "One JSON object on stdout");
  command->add_flag("--quiet", options->quiet, "No progress");
  command->add_flag("--last-signatures", options->last_signatures,
                    "Verify only the last head of each journal and of the ledger: it covers all before it");
  command->add_option("--proofs", options->proofs,
                      "Folder for proofs of misbehaviour: what two signatures of one key prove to anybody");
  command->footer(
      "Exit codes: 0 clean, 1 findings, 2 wrong input, 3 could not be checked.\n"
      "Example: crossline audit --store /var/lib/crossline/ledger.db --registry registry.toml");
  command->callback([options] { run(*options); });
}

}  // namespace crossline::tools
