#include "crossline/config/usage.hpp"

#include "crossline/base/text.hpp"

#include <cstdio>
#include <string>
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

std::string unknown_command(const CLI::App& command, const std::string& word) {
  const auto known = command.get_subcommands([](const CLI::App*) { return true; });
  std::vector<std::string> names;
  for (const CLI::App* one : known) names.push_back(one->get_name());
  const std::vector<std::string_view> views(names.begin(), names.end());
  const auto nearest = nearest_name(word, views);
  return fmt::format("unknown command '{}'{}", word,
                     nearest ? fmt::format("; did you mean '{}'?", *nearest) : "");
}

}  // namespace

int explain_usage(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = recognised(app);
  const std::vector<std::string> rest = app.remaining(true);
  const bool lacks_command = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr &&
                             !command.get_subcommands([](const CLI::App*) { return true; }).empty();
  if (!lacks_command || rest.empty()) return app.exit(error) == 0 ? 0 : kExitUsage;
  const std::string what = rest.front().starts_with('-') ? fmt::format("unknown option '{}'", rest.front())
                                                         : unknown_command(command, rest.front());
  fmt::print(stderr, "{}: {}\nRun with --help for more information.\n", app.get_name(), what);
  return kExitUsage;
}

}  // namespace crossline::config
