// crossline-agent: one post's agent (docs/operating-agent.md).
#include "commands.hpp"
#include "crossline/config/usage.hpp"

#include <cstdio>
#include <exception>
#include <string>

#include <CLI/CLI.hpp>
#include <malloc.h>

namespace {

using namespace crossline::agent;

constexpr int kMaxConnectMs = 3'600'000;

// Small at rest: few arenas, and large blocks, such as those of argon2, go back to the system when they are
// freed.
void keep_memory_small() {
  constexpr int kLargeBlockBytes = 128 * 1024;
  mallopt(M_ARENA_MAX, 2);
  mallopt(M_MMAP_THRESHOLD, kLargeBlockBytes);
  mallopt(M_TRIM_THRESHOLD, kLargeBlockBytes);
}

void add_config(CLI::App& command, std::string& config) {
  command.add_option("--config", config, "agent.toml")->required()->type_name("FILE");
}

int dispatch(int argc, char** argv) {
  CLI::App app(
      "One post's agent: reads documents, decides by the agreed procedure, records, and tells the server.",
      "crossline-agent");
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 ended as asked, 1 it could not go on, 2 the command line, the configuration or the "
      "input "
      "is wrong. `crossline-agent COMMAND --help` says more.");
  app.set_version_flag("--version", "crossline-agent " CROSSLINE_VERSION);
  std::string config;

  CLI::App* run = app.add_subcommand("run", "Serve the station page until SIGTERM");
  add_config(*run, config);

  ScanOptions scan_options;
  CLI::App* scan =
      app.add_subcommand("scan", "Zones on standard input, one JSON verdict a line; the allowed pass");
  add_config(*scan, config);
  scan->add_option("--direction", scan_options.direction, "exit, entry; at a joint post a_to_b, b_to_a");
  scan->add_option("--officer", scan_options.officer, "who is on duty")->capture_default_str();
  scan->add_option("--category", scan_options.category, "chosen where several fit");
  scan->add_option("--connect-ms", scan_options.connect_ms, "wait this long for the server")
      ->capture_default_str()
      ->check(CLI::Range(0, kMaxConnectMs));

  CLI::App* config_command = app.add_subcommand("config", "The configuration");
  config_command->require_subcommand(1);
  CLI::App* check =
      config_command->add_subcommand("check", "Read it and all it names, and say what is wrong");
  add_config(*check, config);
  bool json = false;
  check->add_flag("--json", json, "Print JSON");

  OfficerOptions officer_options;
  std::string officers_file;
  CLI::App* officer = app.add_subcommand("officer", "Who may work at the desk");
  officer->require_subcommand(1);
  CLI::App* add =
      officer->add_subcommand("add", "Add an officer, or set a new PIN; the PIN on standard input");
  add->add_option("--file", officers_file, "officers.toml")->required()->type_name("FILE");
  add->add_option("--id", officer_options.id, "such as officer-7")->required();
  add->add_option("--language", officer_options.language, "of the screen")->capture_default_str();
  add->add_option("--role", officer_options.roles, "staff, shift_lead")->capture_default_str();

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return crossline::config::explain_usage(app, error);
  }
  if (run->parsed()) return run_agent(config);
  if (scan->parsed()) return run_scan(config, scan_options);
  if (check->parsed()) return check_config(config, json);
  officer_options.file = officers_file;
  return add_officer(officer_options);
}

}  // namespace

int main(int argc, char** argv) {
  keep_memory_small();
  try {
    return dispatch(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "crossline-agent: %s\n", error.what());
    return kExitFailed;
  }
}
