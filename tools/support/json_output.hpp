// How a command prints JSON: for programs to read, indented so that a person can too.
#pragma once

#include "tools/support/output.hpp"

#include <nlohmann/json.hpp>

namespace crossline::tools {

// As print(): ends the command when stdout cannot take it.
inline void print_json(const nlohmann::ordered_json& json) {
  print(json.dump(2) + "\n");
}

}  // namespace crossline::tools
