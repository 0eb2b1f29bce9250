// crossline-server: the server of one line (docs/operating-server.md).
#include "commands.hpp"
#include "crossline/config/usage.hpp"

#include <cstdio>
#include <exception>
#include <string>

#include <CLI/CLI.hpp>

namespace {

using namespace crossline::server;

void add_config(CLI::App& command, std::string& config) {
  command.add_option("--config", config, "server.toml")->required()->type_name("FILE");
}

int dispatch(int argc, char** argv) {
  CLI::App app(
      "The server of one line: takes what agents record, decides with the facts of all posts, keeps the "
      "ledger.",
      "crossline-server");
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 ended as asked, 1 it could not go on, 2 the command line or the configuration is wrong, "
      "3 the disk is older than what a witness remembers, or has lost its ledger. `crossline-server COMMAND "
      "--help` says more.");
  app.set_version_flag("--version", "crossline-server " CROSSLINE_VERSION);
  std::string config;

  CLI::App* run = app.add_subcommand("run", "Serve agents and people until SIGTERM");
  add_config(*run, config);

  CLI::App* config_command = app.add_subcommand("config", "The configuration");
  config_command->require_subcommand(1);
  CLI::App* check =
      config_command->add_subcommand("check", "Read it and all it names, and say what is wrong");
  add_config(*check, config);
  bool json = false;
  check->add_flag("--json", json, "Print JSON");

  CLI::App* suspension = app.add_subcommand("suspension", "Agents that have shown two histories");
  suspension->require_subcommand(1);
  CLI::App* list =
      suspension->add_subcommand("list", "What was found, when, against whom, and who is still suspended");
  add_config(*list, config);
  std::string agent;
  CLI::App* lift =
      suspension->add_subcommand("lift", "Let an agent come back; the server must not be running");
  add_config(*lift, config);
  lift->add_option("--agent", agent, "as the registry names it")->required();

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return crossline::config::explain_usage(app, error);
  }
  if (run->parsed()) return run_server(config);
  if (check->parsed()) return check_config(config, json);
  if (list->parsed()) return list_suspensions(config);
  return lift_suspension(config, agent);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return dispatch(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "crossline-server: %s\n", error.what());
    return kExitFailed;
  }
}
