// What the steps of one scan cost, each alone, on one core: the parts from which the figures of the whole are
// explained.
#include "crossline/crypto/ed25519.hpp"
#include "crossline/crypto/random.hpp"
#include "crossline/documents/make_mrz.hpp"
#include "crossline/documents/mrz.hpp"
#include "crossline/merkle/tree_head.hpp"
#include "crossline/movement/world.hpp"
#include "crossline/wire/event_codec.hpp"
#include "crossline/wire/ledger_codec.hpp"
#include "tests/support/sample_events.hpp"

#include <fstream>
#include <iterator>
#include <string>

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

}  // namespace

BENCHMARK_MAIN();
