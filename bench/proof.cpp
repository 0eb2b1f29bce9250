// The proof of one event from a large ledger: tiles of leaf hashes in their store on the disk, opened as a
// server that starts opens them, then inclusion proofs of random entries, each verified. Prints one line a
// figure, in milliseconds; `--json` for scripts.
// usage: bench_proof [ENTRIES] [--dir DIR] [--json]
// 10,000,000 entries unless told otherwise, which take 320 MB in DIR (or the folder for temporary files).
#include "crossline/merkle/proof.hpp"

#include "crossline/base/bytes.hpp"
#include "crossline/base/text.hpp"
#include "crossline/engine/ledger_tiles.hpp"
#include "crossline/server/sqlite_tiles.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace crossline;
namespace fs = std::filesystem;

constexpr std::uint64_t kEntries = 10'000'000;
constexpr int kProofs = 20'000;
constexpr std::uint64_t kSeed = 4;

template <class T>
T value_or_exit(Result<T> result) {
  if (result) return *std::move(result);
  fmt::print(stderr, "bench_proof: {}\n", result.error().to_string());
  std::exit(1);
}
void check(const Result<void>& result) {
  if (result) return;
  fmt::print(stderr, "bench_proof: {}\n", result.error().to_string());
  std::exit(1);
}

std::string entry_of(std::uint64_t index) {
  return fmt::format("entry {}", index);
}

// A ledger of made-up entries, of which the tiles read nothing but the bytes.
class SyntheticLedger final : public server::LedgerStore {
 public:
  explicit SyntheticLedger(std::uint64_t size) : size_(size) {}
  Result<std::vector<std::string>> read(LedgerIndex first, std::size_t count) override {
    std::vector<std::string> entries;
    const std::uint64_t end = std::min<std::uint64_t>(size_, first.value() + count);
    for (std::uint64_t index = first.value(); index < end; ++index) entries.push_back(entry_of(index));
    return entries;
  }
  Result<server::LedgerSnapshot> load() override { return unasked(); }
  Result<std::optional<wire::SignedHead>> head() override { return unasked(); }
  Result<void> append(const server::Commit&) override { return unasked(); }
  Result<wire::SignedHead> head_of(LedgerIndex) override { return unasked(); }
  Result<std::optional<server::Run>> find(std::string_view, JournalIndex) override { return unasked(); }
  Result<void> put_edition(std::string_view, std::string_view) override { return unasked(); }
  Result<std::optional<std::string>> edition(const crypto::Hash&) override { return unasked(); }
  Result<std::vector<crypto::Hash>> edition_hashes() override { return unasked(); }
  Result<std::optional<std::string>> edition_envelope(const crypto::Hash&) override { return unasked(); }
  Result<void> add_evidence(const server::ForkEvidence&) override { return unasked(); }
  Result<std::vector<server::ForkEvidence>> evidence() override { return unasked(); }
  Result<void> lift_suspension(std::string_view) override { return unasked(); }

 private:
  static std::unexpected<Error> unasked() {
    return fail(ErrorCode::kInvalidArgument, "tiles ask a ledger for entries only");
  }
  std::uint64_t size_;
};

merkle::TreeHead head_of(std::uint64_t size) {
  merkle::CompactRange range;
  for (std::uint64_t index = 0; index < size; ++index)
    range.append(merkle::leaf_hash(as_bytes(entry_of(index))));
  return {range.size(), range.root()};
}

double ms_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

struct Figures {
  double hash_s = 0;  // the tiles of all entries, from nothing
  double open_ms = 0;
  std::vector<double> proof_ms;  // sorted
  std::size_t hashes = 0;        // of the longest
};

Figures measure(std::uint64_t size, const fs::path& folder) {
  const merkle::TreeHead head = head_of(size);
  SyntheticLedger ledger(size);
  Figures figures;
  {
    const auto start = std::chrono::steady_clock::now();
    const auto store = value_or_exit(server::SqliteTiles::open(folder / "tiles.db"));
    server::LedgerTiles tiles(ledger, *store);
    check(tiles.load());
    check(tiles.advance(head));
    figures.hash_s = ms_since(start) / 1'000;
  }
  const auto start = std::chrono::steady_clock::now();
  const auto store = value_or_exit(server::SqliteTiles::open(folder / "tiles.db"));
  server::LedgerTiles tiles(ledger, *store);
  check(tiles.load());
  check(tiles.advance(head));
  figures.open_ms = ms_since(start);
  std::mt19937_64 random(kSeed);
  for (int i = 0; i < kProofs; ++i) {
    const merkle::LeafIndex index(random() % size);
    const auto asked = std::chrono::steady_clock::now();
    const auto proof = value_or_exit(merkle::inclusion_proof(tiles, index, head.size));
    figures.proof_ms.push_back(ms_since(asked));
    figures.hashes = std::max(figures.hashes, proof.size());
    const merkle::Hash leaf = merkle::leaf_hash(as_bytes(entry_of(index.value())));
    check(merkle::verify_inclusion(index, head.size, leaf, proof, head.root));
  }
  std::ranges::sort(figures.proof_ms);
  return figures;
}

double quantile(const std::vector<double>& sorted, double q) {
  return sorted[static_cast<std::size_t>(q * static_cast<double>(sorted.size() - 1))];
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t size = kEntries;
  fs::path parent = fs::temp_directory_path();
  bool json = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--json") {
      json = true;
    } else if (argument == "--dir" && i + 1 < argc) {
      parent = argv[++i];
    } else if (size = parse_u64(argument).value_or(0); size == 0) {
      fmt::print(stderr, "usage: bench_proof [ENTRIES] [--dir DIR] [--json]\n");
      return 2;
    }
  }
  std::string folder = (parent / "bench-proof-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) {
    fmt::print(stderr, "bench_proof: {} cannot be made\n", folder);
    return 1;
  }
  const Figures figures = measure(size, folder);
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  const double p50 = quantile(figures.proof_ms, 0.5);
  const double p99 = quantile(figures.proof_ms, 0.99);
  if (json) {
    fmt::print(
        R"({{"entries":{},"hash_s":{:.1f},"open_ms":{:.0f},"proof_ms":{{"p50":{:.4f},"p99":{:.4f},"max":{:.4f}}},"hashes":{}}})"
        "\n",
        size, figures.hash_s, figures.open_ms, p50, p99, figures.proof_ms.back(), figures.hashes);
    return 0;
  }
  fmt::print("proofs of {} entries, {} random ones, {} hashes at most, each verified\n", size, kProofs,
             figures.hashes);
  fmt::print("  {:<44} {:.4f} / {:.4f} / {:.4f} ms\n", "one proof, p50 / p99 / worst", p50, p99,
             figures.proof_ms.back());
  fmt::print("  {:<44} {:.1f} s\n", "hash all entries into tiles, once", figures.hash_s);
  fmt::print("  {:<44} {:.0f} ms\n", "open the tiles at a start", figures.open_ms);
  return 0;
}
