// What a person is told who mistyped a command line: the same for all three programs.
#pragma once

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace crossline::config {

// Says on stderr what is wrong, for a misspelt command with the one that was meant; prints help and version
// on stdout. Returns the exit code: 0 for help and version, 2 otherwise. `app` is the one that was parsed.
[[nodiscard]] int explain_usage(const CLI::App& app, const CLI::ParseError& error);

}  // namespace crossline::config
