#include "tools/ledger/ledger_command.hpp"

#include "crossline/runtime/file.hpp"
#include "crossline/server/sqlite_ledger.hpp"
#include "tools/ledger/verify.hpp"
#include "tools/support/exit.hpp"
#include "tools/support/output.hpp"

#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace crossline::tools {
namespace {

constexpr std::size_t kMaxRegistryBytes = 64u << 20;

struct Options {
  std::string store;
  std::string registry;
  bool json = false;
  bool quiet = false;
};

void print_json(const LedgerReport& report) {
  nlohmann::json findings = nlohmann::json::array();
  for (const LedgerFinding& finding : report.findings)
    findings.push_back({{"entry", finding.entry}, {"what", finding.what}});
  print(nlohmann::json{{"clean", report.clean()},
                       {"size", report.size},
                       {"root", to_base64(report.root.bytes)},
                       {"journals", report.journals},
                       {"signatures", report.signatures},
                       {"verdicts", report.verdicts},
                       {"findings", findings},
                       {"truncated", report.truncated}}
            .dump() +
        "\n");
}

void print_words(const LedgerReport& report) {
  print(fmt::format(
      "size        {}\nroot        {}\njournals    {}\nsignatures  {} verified\nverdicts    {} decided "
      "again\n",
      report.size, to_base64(report.root.bytes), report.journals, report.signatures, report.verdicts));
  for (const LedgerFinding& finding : report.findings)
    print(fmt::format("FINDING     entry {}: {}\n", finding.entry, finding.what));
  if (report.truncated) print("            and more\n");
  print(report.clean() ? "clean\n" : "NOT CLEAN\n");
}

void verify(const Options& options) {
  const auto registry = value_or_exit(enrolment::Registry::parse(
      value_or_exit(runtime::read_text_file(options.registry, kMaxRegistryBytes))));
  auto store =
      value_or_exit(server::SqliteLedger::open(options.store, server::SqliteLedger::Access::kReadOnly));
  const bool show = !options.quiet && isatty(STDERR_FILENO) != 0;
  const auto report =
      value_or_exit(verify_ledger(*store, registry, [show](std::uint64_t done, std::uint64_t of) {
        if (show) fmt::print(stderr, "\r  {} of {} entries{}", done, of, done == of ? "\n" : "");
      }));
  options.json ? print_json(report) : print_words(report);
  if (!report.clean()) throw Exit{kExitFailed};
}

}  // namespace

void add_ledger_command(CLI::App& app) {
  CLI::App* ledger = app.add_subcommand("ledger", "Look into a ledger's store file.");
  ledger->require_subcommand(1);
  auto options = std::make_shared<Options>();
  CLI::App* command = ledger->add_subcommand(
      "verify",
      "Recompute every hash, every journal, every signature, every verdict and status; print size and root.");
  command->add_option("STORE", options->store, "The ledger's store file, ledger.db; may be in use")
      ->required()
      ->check(CLI::ExistingFile);
  command->add_option("--registry", options->registry, "registry.toml of the line: the keys to verify with")
      ->required()
      ->check(CLI::ExistingFile);
  command->add_flag("--json", options->json, "One JSON object on stdout");
  command->add_flag("--quiet", options->quiet, "No progress");
  command->footer("Exit codes: 0 clean, 1 not clean or not readable, 2 wrong input.");
  command->callback([options] { verify(*options); });
}

}  // namespace crossline::tools
