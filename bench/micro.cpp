// What the steps of one scan cost, each alone, on one core: the parts from which the figures of the whole are
// explained.
#include "crossline/crypto/ed25519.hpp"
#include "crossline/crypto/random.hpp"
#include "crossline/documents/make_mrz.hpp"
#include "crossline/documents/mrz.hpp"
#include "crossline/merkle/tree_head.hpp"
#include "crossline/movement/world.hpp"
#include "crossline/procedure/edition.hpp"
#include "crossline/wire/event_codec.hpp"
#include "crossline/wire/ledger_codec.hpp"
#include "tests/support/procedure_random.hpp"
#include "tests/support/sample_events.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

namespace {

using namespace crossline;

std::string event_bytes() {
  return wire::encode_event(testing::event_of(testing::sample_movement()));
}

void leaf_hash_of_an_event(benchmark::State& state) {
  const std::string bytes = event_bytes();
  for (auto _ : state) benchmark::DoNotOptimize(merkle::leaf_hash(as_bytes(bytes)));
}
BENCHMARK(leaf_hash_of_an_event);

void append_to_a_tree(benchmark::State& state) {
  merkle::CompactRange range;
  const merkle::Hash leaf = merkle::leaf_hash(as_bytes("entry"));
  for (auto _ : state) range.append(leaf);
  benchmark::DoNotOptimize(range.root());
}
BENCHMARK(append_to_a_tree);

void sign_a_head(benchmark::State& state) {
  crypto::SystemRandom random;
  const crypto::Signer signer = crypto::Signer::generate(random);
  const merkle::TreeHead head{TreeSize(1000), merkle::leaf_hash({})};
  for (auto _ : state) benchmark::DoNotOptimize(merkle::sign_tree_head("line/journal/agent", head, signer));
}
BENCHMARK(sign_a_head);

void verify_a_head(benchmark::State& state) {
  crypto::SystemRandom random;
  const crypto::Signer signer = crypto::Signer::generate(random);
  const crypto::Verifier verifier = *crypto::Verifier::make(signer.public_key());
  const merkle::TreeHead head{TreeSize(1000), merkle::leaf_hash({})};
  const crypto::Signature signature = merkle::sign_tree_head("line/journal/agent", head, signer);
  for (auto _ : state)
    benchmark::DoNotOptimize(merkle::verify_tree_head("line/journal/agent", head, signature, verifier));
}
BENCHMARK(verify_a_head);

void decode_an_event(benchmark::State& state) {
  const std::string bytes = event_bytes();
  for (auto _ : state) benchmark::DoNotOptimize(wire::decode_event(as_bytes(bytes)));
}
BENCHMARK(decode_an_event);

void encode_a_ledger_entry(benchmark::State& state) {
  wire::LedgerEntry entry;
  entry.event = event_bytes();
  entry.agent = "bridge-a-1";
  entry.verdict = movement::Verdict::kAllow;
  entry.articles = {"3(1)"};
  for (auto _ : state) benchmark::DoNotOptimize(wire::encode_ledger_entry(entry));
}
BENCHMARK(encode_a_ledger_entry);

void read_a_passport(benchmark::State& state) {
  documents::MrzFields fields;
  fields.issuer = fields.nationality = "XAA";
  fields.number = "A0000001";
  fields.primary_names = "SPECIMEN";
  fields.secondary_names = "TEST";
  fields.birth_yymmdd = "900101";
  fields.expiry_yymmdd = "300101";
  const std::string zone = *documents::make_mrz(fields);
  for (auto _ : state)
    benchmark::DoNotOptimize(documents::read_mrz(zone, {.today = std::chrono::year{2026} / 11 / 24}));
}
BENCHMARK(read_a_passport);

// One decision with all its reasons, over random articles and random people: the counters are the median and
// the 99th percentile of single decisions, the time includes reading the clock around each.
void decide(benchmark::State& state) {
  const auto sealed = testing::ProcedureRandom(1).procedure_of(static_cast<std::uint64_t>(state.range(0)));
  const auto edition = procedure::Edition::load(as_bytes(sealed.dump()));
  std::deque<testing::ProcedureRandom> owners;  // of what the facts point to
  std::vector<std::pair<procedure::Facts, UtcMillis>> people;
  for (std::uint64_t seed = 0; seed < 1'000; ++seed) {
    auto& random = owners.emplace_back(seed);
    const procedure::Facts facts = random.facts();
    people.emplace_back(facts, random.instant());
  }
  procedure::Decision decision;
  std::vector<double> took_us;
  std::size_t next = 0;
  for (auto _ : state) {
    const auto& [facts, instant] = people[next++ % people.size()];
    const auto before = std::chrono::steady_clock::now();
    edition->decide(facts, instant, decision);
    took_us.push_back(
        std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - before).count());
  }
  std::ranges::sort(took_us);
  state.counters["p50_us"] = took_us[took_us.size() / 2];
  state.counters["p99_us"] = took_us[took_us.size() * 99 / 100];
  state.counters["clauses"] = static_cast<double>(decision.results.size());
}
BENCHMARK(decide)->Arg(40)->Arg(200);

}  // namespace

BENCHMARK_MAIN();
