#include "crossline/config/usage.hpp"

#include "crossline/base/text.hpp"

#include <algorithm>
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
  const std::vector<std::string> rest = app.remaining(true);  // what nothing took
  const bool takes_commands = !command.get_subcommands([](const CLI::App*) { return true; }).empty();
  const bool lacks_something = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
  const bool has_too_much = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr;
  const bool does_not_fit = dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr;
  if (rest.empty() || !(lacks_something || has_too_much || does_not_fit)) return error.what();
  const auto is_option = [](const std::string& word) { return word.starts_with('-'); };
  if (lacks_something && takes_commands && !is_option(rest.front()))
    return unknown_command(command, rest.front());
  const auto option = std::ranges::find_if(rest, is_option);
  if (option != rest.end()) return unknown_option(command, *option);
  return has_too_much ? fmt::format("one argument too many: '{}'", rest.front()) : error.what();
}

}  // namespace

int explain_usage(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) return app.exit(error);  // --help
  fmt::print(stderr, "{}: {}\nRun `{} --help` for more information.\n", app.get_name(),
             what_is_wrong(app, error), words_of(app));
  return kExitUsage;
}

}  // namespace crossline::config
