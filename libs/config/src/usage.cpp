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

std::string unknown(std::string_view what, const std::string& word, const std::vector<std::string>& known) {
  const std::vector<std::string_view> views(known.begin(), known.end());
  const auto nearest = nearest_name(word, views);
  return fmt::format("unknown {} '{}'{}", what, word,
                     nearest ? fmt::format("; did you mean '{}'?", *nearest) : "");
}

std::string unknown_command(const CLI::App& command, const std::string& word) {
  std::vector<std::string> names;
  for (const CLI::App* one : command.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(one->get_name());
  return unknown("command", word, names);
}

std::string unknown_option(const CLI::App& command, const std::string& word) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return unknown("option", word.substr(0, word.find('=')), names);
}

}  // namespace

int explain_usage(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = recognised(app);
  const std::vector<std::string> rest = app.remaining(true);  // what nothing took
  const bool lacks_something = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
  const bool lacks_command =
      lacks_something && !command.get_subcommands([](const CLI::App*) { return true; }).empty();
  const bool has_too_much = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr;
  const auto is_option = [](const std::string& word) { return word.starts_with('-'); };
  const auto option = std::ranges::find_if(rest, is_option);
  std::string what;
  if (lacks_command && !rest.empty() && !is_option(rest.front())) {
    what = unknown_command(command, rest.front());
  } else if ((lacks_something || has_too_much) && option != rest.end()) {
    what = unknown_option(command, *option);
  } else {
    return app.exit(error) == 0 ? 0 : kExitUsage;
  }
  fmt::print(stderr, "{}: {}\nRun with --help for more information.\n", app.get_name(), what);
  return kExitUsage;
}

}  // namespace crossline::config
