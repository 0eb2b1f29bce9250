// YAML as far as our API descriptions use it: no anchors, tags or merge keys.
#pragma once

#include <filesystem>
#include <string_view>

#include <nlohmann/json.hpp>

namespace crossline::testing {

// Plain scalars become null, booleans or integers where YAML 1.2's core schema says so, text otherwise.
// Throws std::runtime_error with line and column.
[[nodiscard]] nlohmann::json parse_yaml(std::string_view text);
[[nodiscard]] nlohmann::json read_yaml(const std::filesystem::path& path);

}  // namespace crossline::testing
