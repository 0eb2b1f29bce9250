// What it costs to load, check, analyse and compare editions, on one core: `bench_procedure`. CPU
// milliseconds, the median of several runs.
#include "bench/sized_procedures.hpp"
#include "crossline/analysis/analysis.hpp"
#include "crossline/analysis/difference.hpp"
#include "crossline/crypto/ed25519.hpp"
#include "crossline/procedure/authoring.hpp"
#include "crossline/zones/system_zones.hpp"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace crossline;

constexpr std::size_t kClauses = 200;
constexpr int kSignatures = 5;

[[noreturn]] void give_up(const std::string& why) {
  fmt::print(stderr, "bench_procedure: {}\n", why);
  std::exit(1);
}

double cpu_ms() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

void measure(const std::string& what, int runs, const std::function<void()>& run) {
  std::vector<double> took;
  for (int i = 0; i < runs; ++i) {
    const double begin = cpu_ms();
    run();
    took.push_back(cpu_ms() - begin);
  }
  std::ranges::sort(took);
  fmt::print("{:<64} {:>10.2f} ms\n", what, took[took.size() / 2]);
}

std::string read_file(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return std::move(text).str();
}

}  // namespace

int main(int argc, char**) {
  if (argc > 1) {
    fmt::print(stderr, "usage: bench_procedure      (takes nothing)\n");
    return 2;
  }
  nlohmann::json sealed = bench::random_procedure(kClauses);
  const std::string bytes = sealed.dump();
  const auto edition = procedure::Edition::load(as_bytes(bytes)).value();
  fmt::print("{} random articles, {} clauses, {} predicates, {} bytes sealed\n", edition.articles().size(),
             bench::clauses_of(edition), edition.predicates().size(), bytes.size());

  const auto signer = crypto::Signer::from_seed(Bytes(32, std::uint8_t{1})).value();
  const auto verifier = crypto::Verifier::make(signer.public_key()).value();
  const crypto::Signature signature = signer.sign(as_bytes(bytes));
  measure("load and verify a sealed edition, 5 signatures", 21, [&] {
    for (int i = 0; i < kSignatures; ++i)
      if (!verifier.verify(as_bytes(bytes), signature)) give_up("a signature does not hold");
    if (!procedure::Edition::load(as_bytes(bytes))) give_up("the sealed edition is not loaded");
  });
  const std::string authored = read_file(CROSSLINE_SOURCE_DIR "/procedures/real/line-of-contact.toml");
  measure("check an authored procedure (line-of-contact)", 21, [&] {
    const auto parsed = procedure::parse_toml(authored);
    if (!parsed || !procedure::seal(*parsed, zones::SystemZones()))
      give_up("line-of-contact.toml is not valid");
  });
  measure("full analysis", 3, [&] {
    const auto analysis = analysis::analyse(edition, {}, {});
    if (!analysis || analysis->not_proven > 0) give_up("the analysis leaves a question open");
  });
  // The next edition: three articles otherwise.
  for (std::size_t i = 0; i < 3; ++i) {
    auto& article = sealed["article"][10 * (i + 1)];
    article["otherwise"] = article["otherwise"] == "refer" ? "refuse" : "refer";
  }
  const auto next = procedure::Edition::load(as_bytes(sealed.dump())).value();
  measure("difference of two editions, three articles changed", 5, [&] {
    const auto difference = analysis::compare(edition, next, {}, {});
    if (!difference) give_up("not compared: " + difference.error().message);
    // Whom overrides help is not asked of the solver; all that is asked has to be answered.
    for (const analysis::Finding& open : difference->open)
      if (open.question != analysis::Question::kBeyond) give_up("not compared: " + open.text.en);
  });
}
