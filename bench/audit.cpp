// What it costs to audit a ledger, on one core: `bench_audit [ENTRIES]`, 1,000,000 unless told otherwise. CPU
// seconds are counted, not the clock on the wall, so that other work on the machine does not show. The ledger
// is made in memory as the server makes it: 20 posts, backlog submissions of 1,000 events.
#include "crossline/audit/auditor.hpp"
#include "crossline/audit/simulation.hpp"
#include "crossline/base/text.hpp"
#include "crossline/wire/event_codec.hpp"
#include "tests/support/audit/planted_ledger.hpp"
#include "tools/load/synthetic.hpp"

#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace crossline;

constexpr std::uint64_t kEntries = 1'000'000;
constexpr std::size_t kPosts = 20;
constexpr std::size_t kBatch = 1'000;

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

struct Made {
  testing::PlantedLedger ledger;
  enrolment::Registry registry;
};

Made make_ledger(std::size_t entries) {
  std::vector<testing::SigningAgent> agents;
  std::deque<tools::SyntheticPost> posts;
  for (std::size_t i = 0; i < kPosts; ++i) {
    const auto side = i % 2 == 0 ? movement::Side::kA : movement::Side::kB;
    const std::string name = fmt::format("post-{}", i);
    agents.emplace_back(name,
                        movement::Post{fmt::format("gate-{}", i / 2),
                                       i % 2 == 0 ? movement::PostSide::kA : movement::PostSide::kB},
                        static_cast<std::uint8_t>(10 + i));
    posts.emplace_back(tools::SyntheticPost::Options{std::string(testing::kLine),
                                                     name,
                                                     side,
                                                     static_cast<std::uint32_t>(i / 2),
                                                     {},
                                                     testing::kDayBegins},
                       testing::seeded_signer(static_cast<std::uint8_t>(10 + i)));
  }
  std::vector<const testing::SigningAgent*> enrolled;
  for (const auto& agent : agents) enrolled.push_back(&agent);

  testing::BridgeMorning office;
  std::vector<testing::Step> steps = office.steps;
  steps.reserve(entries);
  UtcMillis received = testing::kDayBegins.plus(30LL * 86'400'000);
  for (std::size_t round = 0; steps.size() + kBatch <= entries + 1; ++round) {
    const std::size_t i = round % kPosts;
    const wire::Submit submit = posts[i].next(kBatch);
    received.ms += 40;
    for (const std::string& event : submit.events)
      steps.push_back({event, agents[i].name(), agents[i].post(), std::nullopt, received});
    steps.back().signature = submit.head_signature;
  }
  return {testing::PlantedLedger::of(steps), testing::registry_of(enrolled)};
}

void measure(Made& made, audit::Options::Signatures signatures, std::string_view name) {
  audit::Auditor auditor(made.registry, made.ledger, {.signatures = signatures});
  auditor.expect(made.ledger.head());
  const std::size_t size = made.ledger.entries.size();
  const double began = cpu_seconds();
  if (!auditor.advance(TreeSize(size))) std::abort();
  const audit::Report report = auditor.report();
  const double took = cpu_seconds() - began;
  fmt::print("{:<28} {:>10} entries {:>7.2f} CPU-s {:>9.0f} entries/s {:>6.2f} us each, {} signatures, {}\n",
             name, size, took, static_cast<double>(size) / took, took / static_cast<double>(size) * 1e6,
             report.signatures, report.clean() ? "clean" : report.findings.front().words);
}

// Every movement decided again by the edition in force and by a candidate.
void measure_simulation(Made& made) {
  const auto candidate = procedure::Edition::load(as_bytes(testing::sealed_edition())).value();
  const std::size_t size = made.ledger.entries.size();
  const double began = cpu_seconds();
  const auto simulation = audit::simulate(made.registry, made.ledger, TreeSize(size), candidate);
  if (!simulation) std::abort();
  const double took = cpu_seconds() - began;
  fmt::print("{:<28} {:>10} decisions {:>5.2f} CPU-s {:>9.0f} decisions/s, {} otherwise\n",
             "an edition over the ledger", simulation->movements, took,
             static_cast<double>(simulation->movements) / took, simulation->decided_otherwise());
}

}  // namespace

int main(int argc, char** argv) {
  const auto entries = argc > 1 ? parse_u64(argv[1]) : kEntries;
  if (argc > 2 || entries.value_or(0) == 0) {
    fmt::print(stderr, "usage: bench_audit [ENTRIES]      1 or more; {} unless told otherwise\n", kEntries);
    return 2;
  }
  Made made = make_ledger(*entries);
  measure(made, audit::Options::Signatures::kLast, "last signature of a journal");
  measure(made, audit::Options::Signatures::kAll, "every signature");
  measure_simulation(made);
}
