// Each seed must be taken, and each of many damaged ones survived. The damage repeats: the same on every
// machine.
#include "tests/fuzz/targets.hpp"
#include "tests/support/seeded_random.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <ostream>

#include <gtest/gtest.h>

namespace crossline::fuzz {
namespace {

constexpr std::size_t kDamagedOfEachSeed = 5'000;
constexpr std::size_t kMaxDamages = 4;  // of one input

class Damage {
 public:
  // Of one to kMaxDamages places; `other` lends what a splice takes.
  std::string operator()(std::string text, std::string_view other) {
    for (std::size_t times = 1 + below(kMaxDamages); times > 0; --times) once(text, other);
    return text;
  }

 private:
  void once(std::string& text, std::string_view other) {
    const std::size_t at = below(text.size() + 1);
    const std::size_t length = below(std::min<std::size_t>(text.size() - at, 16) + 1);
    switch (below(6)) {
      case 0:
        text.resize(at);
        break;
      case 1:
        if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
        break;
      case 2:
        if (at < text.size()) text[at] = kTelling[below(kTelling.size())];
        break;
      case 3:
        text.erase(at, length);
        break;
      case 4:
        text.insert(at, text.substr(at, length));
        break;
      default: {
        const std::size_t from = below(other.size() + 1);
        text.insert(at, other.substr(from, below(64)));
      }
    }
  }
  std::size_t below(std::size_t bound) {
    std::array<std::uint8_t, 4> bytes;
    random_.fill(bytes);
    return (std::size_t{bytes[0]} << 24 | std::size_t{bytes[1]} << 16 | std::size_t{bytes[2]} << 8 |
            bytes[3]) %
           bound;
  }

  // Ends of ranges, and what text formats are made of.
  static constexpr std::string_view kTelling{"\0\x01\x7f\x80\xff\n \t\"\\{}[],:-09Az<", 22};
  testing::SeededRandom random_{1};
};

struct Target {
  const char* name;
  std::vector<std::string> (*seeds)();
  bool (*takes)(std::string_view);
};
void PrintTo(const Target& target, std::ostream* out) {
  *out << target.name;
}

class Replay : public ::testing::TestWithParam<Target> {};

TEST_P(Replay, TakesItsSeedsAndSurvivesDamagedOnes) {
  const std::vector<std::string> seeds = GetParam().seeds();
  ASSERT_FALSE(seeds.empty());
  Damage damaged;
  std::size_t refused = 0;
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    EXPECT_TRUE(GetParam().takes(seeds[i])) << "seed " << i;
    for (std::size_t n = 0; n < kDamagedOfEachSeed; ++n)
      if (!GetParam().takes(damaged(seeds[i], seeds[n % seeds.size()]))) ++refused;
  }
  EXPECT_GT(refused, seeds.size() * kDamagedOfEachSeed / 4);
}

#define TARGET(name)                \
  Target {                          \
    #name, name::seeds, name::takes \
  }
INSTANTIATE_TEST_SUITE_P(Fuzz, Replay,
                         ::testing::Values(TARGET(adoption_envelope), TARGET(documents_mrz),
                                           TARGET(enrolment_registry), TARGET(merkle_note),
                                           TARGET(merkle_receipt), TARGET(procedure_authored),
                                           TARGET(procedure_facts), TARGET(procedure_sealed),
                                           TARGET(wire_agent_frame), TARGET(wire_event),
                                           TARGET(wire_ledger_entry), TARGET(wire_server_frame),
                                           TARGET(wire_slip)),
                         [](const auto& target) { return std::string(target.param.name); });
#undef TARGET

}  // namespace
}  // namespace crossline::fuzz
