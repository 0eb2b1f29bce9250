// What the steps of one scan cost, each alone, on one core: the parts from which the figures of the whole are
// explained.
#include "bench/sized_procedures.hpp"
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

// One decision with all its reasons: the counters are the median and the 99th percentile of single decisions;
// the time includes reading the clock around each. The people are of one procedure, in turn, so that nothing
// is decided twice on end.
struct Person {
  procedure::Facts facts;
  UtcMillis instant;
};
constexpr std::uint64_t kPeople = 1'000;

void decide(benchmark::State& state, const procedure::Edition& edition, const std::vector<Person>& people) {
  procedure::Decision decision;
  std::vector<double> took_us;
  std::size_t next = 0;
  for (auto _ : state) {
    const auto& [facts, instant] = people[next++ % people.size()];
    const auto before = std::chrono::steady_clock::now();
    edition.decide(facts, instant, decision);
    took_us.push_back(
        std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - before).count());
  }
  std::ranges::sort(took_us);
  state.counters["clauses"] = static_cast<double>(decision.results.size());
  state.counters["predicates"] = static_cast<double>(edition.predicates().size());
  state.counters["p50_us"] = took_us[took_us.size() / 2];
  state.counters["p99_us"] = took_us[took_us.size() * 99 / 100];
}

// Random clauses over the whole vocabulary, random people: half of the clauses count against everybody.
void decide_by_random(benchmark::State& state, const nlohmann::json& sealed) {
  const auto edition = procedure::Edition::load(as_bytes(sealed.dump())).value();
  std::deque<testing::ProcedureRandom> owners;  // of what the facts point to
  std::vector<Person> people;
  for (std::uint64_t seed = 0; seed < kPeople; ++seed) {
    auto& random = owners.emplace_back(seed);
    const procedure::Facts facts = random.facts();
    people.push_back({facts, random.instant()});
  }
  decide(state, edition, people);
}
void decide_by_random_clauses(benchmark::State& state) {
  decide_by_random(state, bench::random_procedure(static_cast<std::size_t>(state.range(0))));
}
BENCHMARK(decide_by_random_clauses)->Arg(72)->Arg(200);

// By articles instead, each of one clause or several.
void decide_by_random_articles(benchmark::State& state) {
  decide_by_random(state,
                   testing::ProcedureRandom(1).procedure_of(static_cast<std::uint64_t>(state.range(0))));
}
BENCHMARK(decide_by_random_articles)->Arg(40);

// Clauses as they are agreed, for ten checkpoints and eight categories, and people most of whom fulfil them.
void decide_by_agreed_clauses(benchmark::State& state) {
  const std::string sealed = bench::AgreedLine::sealed(static_cast<std::size_t>(state.range(0)));
  const auto edition = procedure::Edition::load(as_bytes(sealed)).value();
  std::deque<procedure::FactSheet> owners;
  std::vector<Person> people;
  for (std::uint64_t seed = 0; seed < kPeople; ++seed) {
    const auto& sheet = owners.emplace_back(bench::AgreedLine::traveller(edition, seed));
    people.push_back({sheet.facts(), sheet.instant().value()});
  }
  decide(state, edition, people);
}
BENCHMARK(decide_by_agreed_clauses)->Arg(200);

}  // namespace

BENCHMARK_MAIN();
