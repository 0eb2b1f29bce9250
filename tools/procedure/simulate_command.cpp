#include "tools/procedure/simulate_command.hpp"

#include "crossline/audit/simulation.hpp"
#include "crossline/base/limits.hpp"
#include "tools/audit/store_source.hpp"
#include "tools/procedure/procedure_file.hpp"
#include "tools/support/exit.hpp"
#include "tools/support/output.hpp"
#include "tools/support/progress.hpp"

#include <memory>
#include <string>

#include <nlohmann/json.hpp>

namespace crossline::tools {
namespace {

struct SimulateOptions {
  std::string file;
  std::string store;
  std::string registry;
  bool json = false;
};

audit::Simulation simulated(const SimulateOptions& options, const procedure::Edition& candidate) {
  const auto registry = value_or_exit_at(
      options.registry, enrolment::Registry::parse(read_whole(options.registry, limits::kMaxRegistryBytes)));
  const StoredLedger ledger = value_or_exit(open_store_source(options.store));
  Progress progress("entries", options.json);
  auto simulation = value_or_exit(
      audit::simulate(registry, *ledger.source, ledger.size, candidate,
                      [&progress](std::uint64_t done, std::uint64_t of) { progress.show(done, of); }));
  progress.clear();
  return simulation;
}

std::string told(const audit::Simulation& simulation) {
  const auto name = [](std::size_t verdict) { return name_of(static_cast<movement::Verdict>(verdict)); };
  std::string out;
  for (std::size_t before = 0; before < simulation.verdicts.size(); ++before)
    for (std::size_t after = 0; after < simulation.verdicts.size(); ++after)
      if (const auto count = simulation.verdicts[before][after]; count > 0)
        out += fmt::format("{:>12} movements: {} -> {}\n", grouped(count), name(before), name(after));
  for (const auto& [article, counts] : simulation.articles)
    if (counts.before != counts.after)
      out += fmt::format("article {} decides {} instead of {}\n", article, grouped(counts.after),
                         grouped(counts.before));
  for (const audit::DecidedOtherwise& one : simulation.otherwise)
    out += fmt::format("entry {}, {} at {}: {} ({}) -> {} ({})\n", one.entry.value(), one.subject.hex(),
                       format_utc(one.at), name_of(one.before), fmt::join(one.because_before, ", "),
                       name_of(one.after), fmt::join(one.because_after, ", "));
  const auto all = simulation.decided_otherwise();
  if (all > simulation.otherwise.size())
    out += fmt::format("... and {} more\n", grouped(all - simulation.otherwise.size()));
  return out +
         fmt::format("{} movements of {} entries: {} decided otherwise, {} that could not be decided again\n",
                     grouped(simulation.movements), grouped(simulation.entries), grouped(all),
                     grouped(simulation.skipped));
}

void run_simulate(const SimulateOptions& options) {
  const LoadedProcedure candidate = load_procedure(options.file, options.json);
  const audit::Simulation simulation = simulated(options, candidate.edition);
  print(options.json ? nlohmann::ordered_json::parse(audit::to_json(simulation)).dump(2) + "\n"
                     : told(simulation));
  if (simulation.decided_otherwise() != 0) throw Exit{kExitFailed};
}

}  // namespace

void add_simulate_command(CLI::App& procedure) {
  const auto options = std::make_shared<SimulateOptions>();
  CLI::App* command = procedure.add_subcommand(
      "simulate", "Decide every movement of a recorded ledger again: who would have been decided otherwise");
  command->add_option("file", options->file, "The edition to try: authored (TOML) or sealed (JSON)")
      ->required();
  command->add_option("--store", options->store, "The ledger's store file, ledger.db; may be in use")
      ->required()
      ->check(CLI::ExistingFile);
  command
      ->add_option("--registry", options->registry,
                   "registry.toml of the line: which agent serves which post")
      ->required()
      ->check(CLI::ExistingFile);
  command->add_flag("--json", options->json, "Print JSON");
  command->footer(
      "People appear by pseudonym only.\n"
      "Exit codes: 0 nobody would have been decided otherwise; 1 somebody would, or the store cannot be "
      "read; 2 not "
      "valid.");
  command->callback([options] { run_simulate(*options); });
}

}  // namespace crossline::tools
