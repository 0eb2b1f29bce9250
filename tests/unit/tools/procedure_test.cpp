// What `crossline procedure new` gives, without a process.
#include "crossline/procedure/authoring.hpp"
#include "crossline/zones/system_zones.hpp"
#include "tools/procedure/template.hpp"

#include <string>

#include <gtest/gtest.h>

namespace crossline::tools {
namespace {

TEST(ProcedureTemplate, IsValidAsItIsWhateverItsClock) {
  for (const char* clock : {"UTC", "Asia/Baku", "Europe/Kyiv", "America/New_York"}) {
    const auto authored = procedure::parse_toml(procedure_template("river-line", clock, 2027));
    ASSERT_TRUE(authored) << authored.error().front().to_string("new.toml");
    const auto sealed = procedure::seal(*authored, zones::SystemZones());
    ASSERT_TRUE(sealed) << sealed.error().front().to_string("new.toml");
  }
}

TEST(ProcedureTemplate, LeavesNoBraceOfItsOwn) {
  const std::string text = procedure_template("x", "UTC", 2027);
  EXPECT_EQ(text.find("{{"), std::string::npos);
  EXPECT_EQ(text.find("{name}"), std::string::npos);
}

}  // namespace
}  // namespace crossline::tools
