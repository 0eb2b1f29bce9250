// Runs a command of `crossline` in this process, as main does.
#pragma once

#include "tools/support/exit.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>

namespace crossline::testing {

struct Ended {
  int code = 0;
  std::string out;
  std::string err;
};

// `add` is the command's add_<name>_command; the arguments begin with the command's name.
inline Ended run_command(void (*add)(CLI::App&), std::vector<std::string> arguments) {
  CLI::App app;
  add(app);
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants a vector
  Ended ended;
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  try {
    app.parse(arguments);
  } catch (const CLI::ParseError&) {
    ended.code = tools::kExitInvalid;
  } catch (const tools::Exit& exit) {
    ended.code = exit.code;
  }
  ended.out = ::testing::internal::GetCapturedStdout();
  ended.err = ::testing::internal::GetCapturedStderr();
  return ended;
}

}  // namespace crossline::testing
