// The floor of every durable answer on this machine: appending 4 KiB and fdatasync, once after another, and
// what one signature and one verification cost. Prints one line a figure, in milliseconds; `--json` for
// scripts. usage: bench_disk DIR [--json]      DIR: a folder on the disk to measure
#include "crossline/base/bytes.hpp"
#include "crossline/crypto/ed25519.hpp"
#include "crossline/crypto/random.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace {

using namespace crossline;

constexpr int kWrites = 2'000;
constexpr int kSignatures = 2'000;

template <class Step>
std::vector<double> time_each(int count, Step step) {
  std::vector<double> ms;
  ms.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    const auto start = std::chrono::steady_clock::now();
    step();
    ms.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  std::ranges::sort(ms);
  return ms;
}

double quantile(const std::vector<double>& sorted, double q) {
  return sorted[static_cast<std::size_t>(q * static_cast<double>(sorted.size() - 1))];
}

[[noreturn]] void fail(const std::string& what) {
  fmt::print(stderr, "bench_disk: {}: {}\n", what, std::strerror(errno));
  std::exit(1);
}

std::vector<double> sync_times(const std::string& folder) {
  const std::string path = folder + "/bench_disk.tmp";
  const int file = ::open(path.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0) fail(path);
  std::array<char, 4096> block{};
  off_t at = 0;
  auto times = time_each(kWrites, [&] {
    if (::pwrite(file, block.data(), block.size(), at) != static_cast<ssize_t>(block.size()) ||
        ::fdatasync(file) != 0)
      fail(path);
    at += static_cast<off_t>(block.size());
  });
  ::close(file);
  ::unlink(path.c_str());
  return times;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3 || (argc == 3 && std::strcmp(argv[2], "--json") != 0)) {
    fmt::print(stderr, "usage: bench_disk DIR [--json]\n");
    return 2;
  }
  const auto disk = sync_times(argv[1]);
  crypto::SystemRandom random;
  const crypto::Signer signer = crypto::Signer::generate(random);
  const crypto::Verifier verifier = *crypto::Verifier::make(signer.public_key());
  const std::string text = "line/journal/agent\n1000\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
  const crypto::Signature signature = signer.sign(as_bytes(text));
  const auto sign = time_each(kSignatures, [&] { static_cast<void>(signer.sign(as_bytes(text))); });
  const auto verify =
      time_each(kSignatures, [&] { static_cast<void>(verifier.verify(as_bytes(text), signature)); });
  if (argc == 3) {
    fmt::print("{{\"fdatasync_ms\":{{\"p50\":{},\"p99\":{}}},\"sign_ms\":{},\"verify_ms\":{}}}\n",
               quantile(disk, 0.5), quantile(disk, 0.99), quantile(sign, 0.5), quantile(verify, 0.5));
  } else {
    fmt::print("fdatasync of 4 KiB: p50 {:.2f} ms, p99 {:.2f} ms; sign {:.3f} ms, verify {:.3f} ms\n",
               quantile(disk, 0.5), quantile(disk, 0.99), quantile(sign, 0.5), quantile(verify, 0.5));
  }
  return 0;
}
