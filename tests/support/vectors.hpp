// Third-party test vectors. They are not part of the project: the folder is named by CROSSLINE_VECTORS, and
// tests that need an absent one are skipped by name.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

namespace crossline::test {

// The default is relative to the project's root, where CTest runs every test.
inline std::filesystem::path vectors_folder() {
  const char* named = std::getenv("CROSSLINE_VECTORS");
  return named != nullptr ? std::filesystem::path(named) : std::filesystem::path("../shared/vectors");
}

inline std::filesystem::path vector_path(std::string_view name) {
  return vectors_folder() / name;
}

// The whole file; throws std::runtime_error naming it when it cannot be read.
inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  std::ostringstream contents;
  contents << file.rdbuf();
  return std::move(contents).str();
}

}  // namespace crossline::test

// Skips the running test when the vector (a file or folder under the vectors' folder) is absent.
#define CROSSLINE_REQUIRE_VECTOR(name)                                \
  if (!std::filesystem::exists(::crossline::test::vector_path(name))) \
  GTEST_SKIP() << "vector " << (name) << " is absent; set CROSSLINE_VECTORS"
