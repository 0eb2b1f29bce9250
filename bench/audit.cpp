// What it costs to audit a ledger, on one core: `bench_audit [--dir DIR] [ENTRIES...]`, 1,000,000 unless told
// otherwise; with several sizes it says how far from linear they are. CPU seconds are counted, not the clock
// on the wall, so that other work on the machine does not show. The ledger is made in memory as the server
// makes it: 20 posts, backlog submissions of 1,000 events. It is audited from memory, and from the files of a
// mirror that is made in DIR (a temporary folder unless told otherwise) and taken away again: the files are
// then in the page cache, and the wall's clock is printed beside the CPU's.
#include "crossline/audit/auditor.hpp"
#include "crossline/audit/simulation.hpp"
#include "crossline/base/text.hpp"
#include "crossline/merkle/misbehaviour.hpp"
#include "crossline/merkle/tiles.hpp"
#include "crossline/mirror/mirror.hpp"
#include "crossline/mirror/mirrored_ledger.hpp"
#include "crossline/wire/event_codec.hpp"
#include "tests/support/audit/planted_ledger.hpp"
#include "tools/load/synthetic.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

namespace {

using namespace crossline;

constexpr std::uint64_t kEntries = 1'000'000;
constexpr std::size_t kPosts = 20;
constexpr std::size_t kBatch = 1'000;

double seconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}
double cpu_seconds() {
  return seconds(CLOCK_PROCESS_CPUTIME_ID);
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

// A ledger's files as a server gives them, for a mirror to be made of.
class ServedLedger final : public mirror::LogSource {
 public:
  explicit ServedLedger(const Made& made) : made_(made) {
    for (const std::string& entry : made.ledger.entries) tree_.append(merkle::leaf_hash(as_bytes(entry)));
  }
  Result<std::vector<std::string>> fetch(std::span<const std::string> paths) override {
    std::vector<std::string> contents;
    for (const std::string& path : paths) {
      CROSSLINE_TRY(contents.emplace_back(), content_of(path));
    }
    return contents;
  }

 private:
  [[nodiscard]] Result<std::string> content_of(const std::string& path) const {
    if (path == "checkpoint") {
      const wire::SignedHead head = made_.ledger.head();
      return merkle::note_of(head.head, head.signature, made_.registry.keys().ledger_key).to_string();
    }
    CROSSLINE_TRY(const merkle::TilePath tile, merkle::parse_tile_path(path));
    if (tile.kind == merkle::TileKind::kHashes) {
      CROSSLINE_TRY(const Bytes hashes, merkle::tile_bytes(tree_, tile.id));
      return std::string(as_text(hashes));
    }
    std::vector<ByteView> some;
    for (unsigned i = 0; i < tile.id.width; ++i)
      some.push_back(as_bytes(made_.ledger.entries[tile.id.index * merkle::kTileWidth + i]));
    CROSSLINE_TRY(const Bytes bundle, merkle::entry_bundle(some));
    return std::string(as_text(bundle));
  }

  const Made& made_;
  merkle::MemoryTree tree_;
};

template <class T>
T value_or_abort(Result<T> result) {
  if (result) return *std::move(result);
  fmt::print(stderr, "bench_audit: {}\n", result.error().message);
  std::abort();
}
void require(const Result<void>& result) {
  if (result) return;
  fmt::print(stderr, "bench_audit: {}\n", result.error().message);
  std::abort();
}

// CPU-us an entry.
double print_audit(std::string_view name, double took, const audit::Report& report) {
  const auto size = static_cast<double>(report.size.value());
  const double us = took / size * 1e6;
  fmt::print("{:<36} {:>10} entries {:>7.2f} CPU-s {:>9.0f} entries/s {:>6.2f} us each, {} signatures, {}\n",
             name, report.size.value(), took, size / took, us, report.signatures,
             report.clean() ? "clean" : report.findings.front().words);
  return us;
}

double measure(Made& made, audit::Options::Signatures signatures, std::string_view name) {
  audit::Auditor auditor(made.registry, made.ledger, {.signatures = signatures});
  auditor.expect(made.ledger.head());
  const double began = cpu_seconds();
  require(auditor.advance(TreeSize(made.ledger.entries.size())));
  const audit::Report report = auditor.report();
  return print_audit(name, cpu_seconds() - began, report);
}

// As `crossline audit --mirror DIR` without a server: each file is read, hashed, compared with the head and
// audited.
double measure_mirror(Made& made, const std::filesystem::path& folder, audit::Options::Signatures signatures,
                      std::string_view name) {
  const double began = cpu_seconds();
  const double began_on_the_wall = seconds(CLOCK_MONOTONIC);
  const auto copy = value_or_abort(mirror::Mirror::open(folder, made.registry.keys().ledger_key));
  require(copy->reopen());
  mirror::MirroredLedger source(*copy, nullptr);
  audit::Auditor auditor(made.registry, source, {.signatures = signatures});
  auditor.expect({copy->head()->head, copy->head()->signature});
  while (auditor.size() < copy->head()->head.size) {
    require(copy->step(nullptr));
    require(auditor.advance(copy->verified()));
  }
  const audit::Report report = auditor.report();
  const double us = print_audit(name, cpu_seconds() - began, report);
  fmt::print("{:<36} {:>10} entries {:>7.2f} s on the wall\n", "", report.size.value(),
             seconds(CLOCK_MONOTONIC) - began_on_the_wall);
  return us;
}

void make_mirror(const Made& made, const std::filesystem::path& folder) {
  ServedLedger served(made);
  const auto copy = value_or_abort(mirror::Mirror::open(folder, made.registry.keys().ledger_key));
  require(copy->renew(served));
  while (copy->verified() < copy->head()->head.size) require(copy->step(&served));
  for (const auto& [hash, sealed] : made.ledger.editions)
    require(copy->keep_file("edition/" + hash.hex(), sealed));
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

// CPU-us an entry of each way to audit a ledger of this size.
struct Costs {
  double last = 0;
  double all = 0;
  double mirror = 0;
};

Costs measure_size(std::size_t entries, const std::filesystem::path& folder) {
  using enum audit::Options::Signatures;
  Made made = make_ledger(entries);
  Costs costs;
  costs.last = measure(made, kLast, "from memory, last signatures");
  costs.all = measure(made, kAll, "from memory, every signature");
  make_mirror(made, folder);
  (void)measure_mirror(made, folder, kLast, "from a mirror's files, last signatures");
  costs.mirror = measure_mirror(made, folder, kAll, "from a mirror's files, every signature");
  std::filesystem::remove_all(folder);
  measure_simulation(made);
  return costs;
}

// How much more the dearest size costs an entry than the cheapest one: 1.00 is linear.
void print_linearity(const std::vector<Costs>& costs, double Costs::* way, std::string_view name) {
  const auto [least, most] = std::ranges::minmax(costs, {}, way);
  fmt::print("{:<36} {:.2f} to {:.2f} us an entry over {} sizes, {:.2f} times\n", name, least.*way, most.*way,
             costs.size(), most.*way / (least.*way));
}

}  // namespace

int main(int argc, char** argv) {
  std::filesystem::path place = std::filesystem::temp_directory_path();
  std::vector<std::size_t> sizes;
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--dir" && i + 1 < argc)
      place = argv[++i];
    else
      sizes.push_back(parse_u64(argv[i]).value_or(0));
  }
  if (sizes.empty()) sizes.push_back(kEntries);
  if (std::ranges::find(sizes, 0U) != sizes.end()) {
    fmt::print(stderr,
               "usage: bench_audit [--dir DIR] [ENTRIES...]      1 or more each; {} unless told otherwise\n",
               kEntries);
    return 2;
  }
  const std::filesystem::path folder = place / fmt::format("bench-audit-{}", ::getpid());
  std::vector<Costs> costs;
  for (const std::size_t size : sizes) costs.push_back(measure_size(size, folder));
  if (costs.size() < 2) return 0;
  print_linearity(costs, &Costs::last, "from memory, last signatures");
  print_linearity(costs, &Costs::all, "from memory, every signature");
  print_linearity(costs, &Costs::mirror, "from a mirror's files, every signature");
}
