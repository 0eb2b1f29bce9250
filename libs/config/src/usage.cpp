#include "crossline/config/usage.hpp"

#include "crossline/base/text.hpp"

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace crossline::config {
namespace {

constexpr int kExitUsage = 2;

// The innermost command that was recognised.
const CLI::App& recognised(const CLI::App& app) {
  const CLI::App* innermost = &app;
  while (!innermost->get_subcommands().empty()) innermost = innermost->get_subcommands().front();
  return *innermost;
}

// As it was typed: "crossline procedure check".
std::string words_of(const CLI::App& app) {
  std::string words = app.get_name();
  for (const CLI::App* command = &app; !command->get_subcommands().empty();) {
    command = command->get_subcommands().front();
    words.append(" ").append(command->get_name());
  }
  return words;
}

std::string unknown(std::string_view kind, std::string_view word, const std::vector<std::string>& known) {
  const std::vector<std::string_view> views(known.begin(), known.end());
  const auto nearest = nearest_name(word, views);
  return fmt::format("unknown {} '{}'{}", kind, word,
                     nearest ? fmt::format("; did you mean '{}'?", *nearest) : "");
}

std::string unknown_command(const CLI::App& command, const std::string& word) {
  std::vector<std::string> names;
  for (const CLI::App* one : command.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(one->get_name());
  return unknown("command", word, names);
}

// `word` may carry its value behind a '='.
std::string unknown_option(const CLI::App& command, std::string_view word) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back(fmt::format("--{}", name));
  return unknown("option", word.substr(0, word.find('=')), names);
}

// What is wrong with the words on the command line, in ours where CLI11's do not say what to do.
std::string what_is_wrong(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = recognised(app);
  const std::vector<std::string> rest = app.remaining(true);
  const bool takes_commands = !command.get_subcommands([](const CLI::App*) { return true; }).empty();
  const bool lacks_command = takes_commands && dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
  const bool too_much = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr;
  if (rest.empty() || !(lacks_command || too_much)) return error.what();
  const std::string& word = rest.front();
  if (word.starts_with('-')) return unknown_option(command, word);
  return lacks_command ? unknown_command(command, word) : fmt::format("one argument too many: '{}'", word);
}

}  // namespace

int explain_usage(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) return app.exit(error);  // --help
  fmt::print(stderr, "{}: {}\nRun `{} --help` for more information.\n", app.get_name(),
             what_is_wrong(app, error), words_of(app));
  return kExitUsage;
}

}  // namespace crossline::config
