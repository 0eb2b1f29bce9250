// Third-party test vectors. Their owner does not want them copied into the project (docs/testing.md says
// where each set comes from), so they are read from the folder that CROSSLINE_VECTORS names. Only where
// nothing is named and the usual folder does not exist are the tests that need it skipped, by name; a set or
// file that a folder lacks is a failure.
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

// The folder that CROSSLINE_VECTORS names; empty when it names none.
inline std::filesystem::path named_vectors_folder() {
  const char* named = std::getenv("CROSSLINE_VECTORS");
  return named != nullptr ? std::filesystem::path(named) : std::filesystem::path();
}

// The usual one is relative to the project's root, where CTest runs every test.
inline std::filesystem::path vectors_folder() {
  const std::filesystem::path named = named_vectors_folder();
  return named.empty() ? std::filesystem::path("../shared/vectors") : named;
}

inline std::filesystem::path vector_path(std::string_view name) {
  return vectors_folder() / name;
}

// Whether every vector has to be there: somebody named the folder, or the usual one exists.
inline bool vectors_expected() {
  return !named_vectors_folder().empty() || std::filesystem::exists(vectors_folder());
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

// Fails the running test when the vector (a file or folder under the vectors' folder) is absent; skips it
// when there are no vectors at all.
#define CROSSLINE_REQUIRE_VECTOR(name)                                                                     \
  if (!::crossline::test::vectors_expected()) {                                                            \
    GTEST_SKIP() << "no third-party vectors; name their folder in CROSSLINE_VECTORS, see docs/testing.md"; \
  }                                                                                                        \
  ASSERT_TRUE(std::filesystem::exists(::crossline::test::vector_path(name)))                               \
      << ::crossline::test::vector_path(name) << " is absent"
