#include "tools/audit/audit_command.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/mirror/mirror.hpp"
#include "tools/audit/mirror_audit.hpp"
#include "tools/audit/report.hpp"
#include "tools/audit/statistics_command.hpp"
#include "tools/audit/store_source.hpp"
#include "tools/support/exit.hpp"
#include "tools/support/input_file.hpp"
#include "tools/support/output.hpp"
#include "tools/support/progress.hpp"

#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace crossline::tools {
namespace {

struct AuditOptions {
  StoreAuditOptions common;
  MirrorAuditOptions mirror;
  std::string policy;  // file; of a mirror
  std::string table;   // of figures, of `crossline audit statistics`
  FiguresQuestion question;
};

enrolment::Registry read_registry(const std::string& path) {
  const auto text = read_input(path, limits::kMaxRegistryBytes);
  return value_or_exit_at(path, enrolment::Registry::parse(text));
}

adoption::KeySet read_procedure_keys(const std::string& path) {
  const auto text = read_input(path, limits::kMaxRegistryBytes);
  return value_or_exit_at(path, adoption::KeySet::parse(text));
}

// What a witness, the other party's mirror or an agent has kept of the ledger.
std::vector<wire::SignedHead> read_heads(const std::vector<std::string>& files,
                                         const enrolment::Registry& registry) {
  std::vector<wire::SignedHead> heads;
  for (const std::string& file : files) {
    const std::string text = read_input(file, limits::kMaxNoteBytes);
    const auto head = mirror::LedgerHead::parse(text, registry.keys().ledger_key);
    if (!head) {
      note(Error(head.error()).at(file).message);
      throw Exit{kExitInvalid};
    }
    heads.push_back({head->head, head->signature});
  }
  return heads;
}

audit::Options checks_of(const StoreAuditOptions& options) {
  using Signatures = audit::Options::Signatures;
  audit::Options checks;
  checks.signatures = options.last_signatures ? Signatures::kLast : Signatures::kAll;
  if (!options.procedure_keys.empty()) checks.procedure_keys = read_procedure_keys(options.procedure_keys);
  return checks;
}

std::optional<merkle::Policy> read_policy(const std::string& path) {
  if (path.empty()) return std::nullopt;
  return value_or_exit_at(path, merkle::Policy::parse(read_input(path, merkle::Policy::kMaxBytes)));
}

// A mirror that is only read has to be there: opening one would make it.
void require_mirror(const std::string& folder) {
  const std::string wrong = why_no_folder(folder);
  if (wrong.empty()) return;
  note(wrong + "; --server and --auditor fetch a mirror into it");
  throw Exit{kExitInvalid};
}

void run(const AuditOptions& options) {
  const StoreAuditOptions& common = options.common;
  if (common.store.empty() && options.mirror.mirror.empty()) {
    note("nothing to audit: name a store file with --store, or a folder to mirror into with --mirror");
    throw Exit{kExitInvalid};
  }
  if (!common.store.empty()) return run_store_audit(common);
  if (options.mirror.server.empty()) require_mirror(options.mirror.mirror);
  MirrorAuditOptions mirror = options.mirror;
  mirror.proofs = common.proofs;
  mirror.audit = checks_of(common);
  mirror.policy = read_policy(options.policy);
  mirror.json = common.json;
  mirror.quiet = common.quiet;
  const enrolment::Registry registry = read_registry(common.registry);
  mirror.kept = read_heads(common.heads, registry);
  run_mirror_audit(mirror, registry);
}

void compare_statistics(const AuditOptions& options) {
  const StoreAuditOptions& common = options.common;
  if (common.store.empty() == options.mirror.mirror.empty()) {
    note("name the ledger: a store file with --store, or a mirror with --mirror");
    throw Exit{kExitInvalid};
  }
  if (options.table.empty() && (options.mirror.server.empty() || options.question.to.empty())) {
    note("nothing to compare: name a file with a table, or --server with --from and --to to ask it for one");
    throw Exit{kExitInvalid};
  }
  if (options.mirror.follow || !common.proofs.empty()) {
    note(
        "--follow and --proofs are of `crossline audit` alone: figures are compared once, and prove nothing "
        "by themselves");
    throw Exit{kExitInvalid};
  }
  if (!options.mirror.mirror.empty() && options.mirror.server.empty()) require_mirror(options.mirror.mirror);
  const enrolment::Registry registry = read_registry(common.registry);
  run_statistics_audit({.file = options.table,
                        .question = options.question,
                        .store = common.store,
                        .mirror = options.mirror.mirror,
                        .server = options.mirror.server,
                        .credentials = options.mirror.credentials,
                        .max_entries = options.mirror.max_entries,
                        .kept = read_heads(common.heads, registry),
                        .audit = checks_of(common),
                        .policy = read_policy(options.policy),
                        .json = common.json,
                        .quiet = common.quiet},
                       registry);
}

CLI::App* add_statistics_command(CLI::App& audit, AuditOptions& options) {
  CLI::App* command = audit.add_subcommand(
      "statistics", "Make a published table of figures again from the ledger and compare every number.");
  command->fallthrough();
  CLI::Option* table = command->add_option(
      "TABLE", options.table,
      "What GET /api/v1/statistics answered; - is stdin. Without it the --server is asked for it");
  FiguresQuestion& question = options.question;
  CLI::Option* from =
      command->add_option("--from", question.from, "First day of what the server is asked for");
  CLI::Option* to = command->add_option("--to", question.to, "Last day, included");
  from->needs(to)->excludes(table);
  to->needs(from);
  command->add_option("--group-by", question.group_by, "day, week or month")
      ->needs(from)
      ->check(CLI::IsMember({"day", "week", "month"}));
  command->add_option("--checkpoint", question.checkpoint, "Of one checkpoint alone")->needs(from);
  command->add_option("--category", question.category, "Of one category alone")->needs(from);
  command->footer(
      "The options of `crossline audit` say which ledger, and what it must be like: --head, "
      "--procedure-keys; "
      "--policy says whether the table is settled.\n"
      "Exit codes: 0 equal, 1 not equal, 2 no such table, 3 the ledger cannot be had.\n"
      "Examples: crossline audit statistics october.json --mirror copy --registry registry.toml\n"
      "          crossline audit statistics --from 2026-10-01 --to 2026-10-31 --mirror copy --server "
      "https://server:8443 --auditor audit-b --registry registry.toml");
  return command;
}

void add_mirror_options(CLI::App& command, AuditOptions& all, CLI::Option* store) {
  MirrorAuditOptions& options = all.mirror;
  CLI::Option* mirror =
      command
          .add_option("--mirror", options.mirror, "Folder with a copy of the ledger: made, and gone on with")
          ->excludes(store);
  CLI::Option* server =
      command
          .add_option("--server", options.server, "https address of the server that the copy is fetched from")
          ->needs(mirror);
  CLI::Option* credentials =
      command
          .add_option("--auditor", options.credentials,
                      "Folder that `crossline pki auditor` made: the certificate that opens the entries")
          ->needs(server)
          ->check(why_no_folder, "DIR");
  server->needs(credentials);
  command
      .add_option("--max-entries", options.max_entries,
                  "Refuse a ledger that claims more entries, before anything is fetched for them: one takes "
                  "some 72 bytes of memory")
      ->needs(mirror)
      ->check(CLI::Range(std::uint64_t{1}, limits::kMaxLedgerEntries))
      ->capture_default_str();
  CLI::Option* follow =
      command.add_flag("--follow", options.follow, "Go on with every new head, until SIGINT or SIGTERM")
          ->needs(server);
  command
      .add_option("--policy", all.policy,
                  "Witness policy (tlog-policy): which heads are settled by a quorum, and which provisional")
      ->needs(mirror)
      ->check(why_no_file, "FILE");
  command.add_option("--every-ms", options.every_ms, "With --follow: time between two looks, in ms")
      ->needs(follow)
      ->check(CLI::Range(10, 3'600'000))
      ->capture_default_str();
}

}  // namespace

void add_key_and_output_options(CLI::App& command, StoreAuditOptions& options) {
  command.add_option("--registry", options.registry, "registry.toml of the line: the keys to verify with")
      ->required()
      ->check(why_no_file, "FILE");
  command
      .add_option("--procedure-keys", options.procedure_keys,
                  "procedure-keys.toml of the line: who may sign its first edition; without it no edition's "
                  "signatures are verified")
      ->check(why_no_file, "FILE");
  command.add_flag("--json", options.json, "One JSON object on stdout");
  command.add_flag("--quiet", options.quiet, "No progress");
}

void run_store_audit(const StoreAuditOptions& options) {
  const auto registry = read_registry(options.registry);
  Progress progress("entries", options.quiet);
  const auto audited = audit_store(
      options.store, registry, checks_of(options), options.proofs,
      [&progress](std::uint64_t done, std::uint64_t of) { progress.show(done, of); },
      read_heads(options.heads, registry));
  audited ? progress.sum_up() : progress.clear();
  if (!audited) {
    note(audited.error().message);
    throw Exit{kExitUnchecked};
  }
  for (const auto& file : audited->proofs) note(fmt::format("proof written: {}", file.string()));
  if (audited->stopped) note(audited->stopped->message);
  print_report(audited->report, options.json);
}

void add_audit_command(CLI::App& app) {
  auto all = std::make_shared<AuditOptions>();
  StoreAuditOptions* options = &all->common;
  CLI::App* command = app.add_subcommand("audit",
                                         "Recompute every hash, journal, signature, verdict and status of a "
                                         "ledger; say what is not as it must be.");
  CLI::Option* store =
      command->add_option("--store", options->store, "The ledger's store file, ledger.db; may be in use")
          ->check(why_no_file, "FILE");
  add_mirror_options(*command, *all, store);
  add_key_and_output_options(*command, *options);
  command
      ->add_option(
          "--head", options->heads,
          "Signed head of the ledger that somebody has kept, such as a witness's; the ledger must have "
          "had it. May be given more than once")
      ->check(why_no_file, "FILE");
  command->add_flag("--last-signatures", options->last_signatures,
                    "Verify only the last head of each journal and of the ledger: it covers all before it");
  command->add_option("--proofs", options->proofs,
                      "Folder for proofs of misbehaviour: what two signatures of one key prove to anybody");
  command->footer(
      "Exit codes: 0 clean, 1 findings, 2 wrong input, 3 could not be checked.\n"
      "Examples: crossline audit --store /var/lib/crossline/ledger.db --registry registry.toml\n"
      "          crossline audit --mirror copy --server https://server:8443 --auditor audit-b --registry "
      "registry.toml --procedure-keys procedure-keys.toml");
  CLI::App* statistics = add_statistics_command(*command, *all);
  command->callback([all, statistics] {
    if (statistics->parsed()) return;
    run(*all);
  });
  statistics->callback([all] { compare_statistics(*all); });
}

}  // namespace crossline::tools
