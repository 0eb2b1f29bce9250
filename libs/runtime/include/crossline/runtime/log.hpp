// The log of a program that runs on: one JSON object a line on standard error, without personal data.
#pragma once

#include "crossline/runtime/task.hpp"

#include <string>

namespace crossline::runtime {

// Each line has its time, the program's name and the message. Any thread.
[[nodiscard]] LogFn make_log(std::string program);

}  // namespace crossline::runtime
