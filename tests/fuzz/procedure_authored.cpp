// A procedure as people write it: every problem has words and lies in the file; what is sealed is an edition.
#include "crossline/procedure/authoring.hpp"
#include "crossline/procedure/edition.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/sample_edition.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace crossline::fuzz::procedure_authored {
namespace {

// Whatever clock it names: zones are another library's matter.
class AnyClock final : public procedure::ZoneRules {
 public:
  Result<procedure::ZoneOffsets> offsets(std::string_view, std::int64_t from_s, std::int64_t) const override {
    return procedure::ZoneOffsets({{from_s, 0}});
  }
};

void check(const std::vector<procedure::Problem>& problems, std::string_view input) {
  const auto lines = std::ranges::count(input, '\n') + 1;
  CROSSLINE_ASSERT(!problems.empty());
  for (const procedure::Problem& problem : problems)
    CROSSLINE_ASSERT(!problem.message.empty() && problem.line >= 0 && problem.line <= lines);
}

}  // namespace

std::vector<std::string> seeds() {
  std::vector<std::string> all;
  for (const char* name : {"demo.toml", "real/line-of-contact.toml"}) {
    std::ostringstream text;
    text << std::ifstream(std::string(CROSSLINE_SOURCE_DIR "/procedures/") + name, std::ios::binary).rdbuf();
    all.push_back(std::move(text).str());
  }
  return all;
}

bool takes(std::string_view input) {
  const auto authored = procedure::parse_toml(input);
  if (!authored) {
    check(authored.error(), input);
    return false;
  }
  const auto sealed = procedure::seal(*authored, AnyClock());
  if (!sealed) {
    check(sealed.error(), input);
    return false;
  }
  const auto edition = procedure::Edition::load(sealed->bytes);
  CROSSLINE_ASSERT(edition && edition->hash() == sealed->hash);
  return true;
}

}  // namespace crossline::fuzz::procedure_authored
