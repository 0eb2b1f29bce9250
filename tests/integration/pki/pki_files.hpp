// A folder of keys and certificates in a temporary place, as `crossline pki` makes it.
#pragma once

#include "tests/support/temporary_folder.hpp"
#include "tools/pki/pki.hpp"

#include <gtest/gtest.h>

namespace crossline::tools {

inline constexpr UtcMillis kToday{1'790'841'600'000};  // 2026-10-01T08:00:00Z

class PkiFiles : public ::testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path pki() const { return temporary_ / "pki"; }
  [[nodiscard]] std::filesystem::path agent(const std::string& name) const { return pki() / "agents" / name; }
  [[nodiscard]] Result<void> init(const std::string& line = "river-line");
  [[nodiscard]] Result<enrolment::AgentRecord> enrol(const std::string& agent, const std::string& side = "A",
                                                     const std::string& party = "");
  // The text of a file below the folder.
  [[nodiscard]] std::string text(const std::filesystem::path& path) const;
  // Every file below the folder, relative and in order.
  [[nodiscard]] std::vector<std::string> files() const;

  crossline::testing::TemporaryFolder temporary_;
};

}  // namespace crossline::tools
