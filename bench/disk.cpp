// The floor of every durable answer on this machine: appending 4 KiB and fdatasync, once after another; the
// same for records that come at a rate, each of which waits for the sync that covers it (nobody can answer
// sooner, and a sync that takes long keeps all those waiting who come meanwhile); and what one signature and
// one verification cost. In milliseconds; `--json` for scripts.
//
//   bench_disk DIR [--json]      DIR: a folder on the disk to measure
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
#include <thread>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace {

using namespace crossline;

constexpr int kWrites = 2'000;
constexpr int kPacedRate = 1'500;  // records a second
constexpr int kPacedRecords = 5 * kPacedRate;
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

// A file to append to, removed at the end.
class Log {
 public:
  explicit Log(const std::string& folder) : path_(folder + "/bench_disk.tmp") {
    file_ = ::open(path_.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    if (file_ < 0) fail(path_);
  }
  ~Log() {
    ::close(file_);
    ::unlink(path_.c_str());
  }
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void append() {
    if (::pwrite(file_, block_.data(), block_.size(), at_) != static_cast<ssize_t>(block_.size()) ||
        ::fdatasync(file_) != 0)
      fail(path_);
    at_ += static_cast<off_t>(block_.size());
  }

 private:
  std::string path_;
  int file_ = -1;
  std::array<char, 4096> block_{};
  off_t at_ = 0;
};

std::vector<double> sync_times(const std::string& folder) {
  Log log(folder);
  return time_each(kWrites, [&] { log.append(); });
}

// From when each record was due to the end of the sync that covers it.
std::vector<double> paced_times(const std::string& folder) {
  Log log(folder);
  const auto start = std::chrono::steady_clock::now();
  const auto due = [&](int record) {
    return start + std::chrono::nanoseconds(std::int64_t{1'000'000'000} * record / kPacedRate);
  };
  std::vector<double> ms;
  ms.reserve(kPacedRecords);
  for (int record = 0; record < kPacedRecords;) {
    std::this_thread::sleep_until(due(record));
    const auto begun = std::chrono::steady_clock::now();
    log.append();
    const auto done = std::chrono::steady_clock::now();
    for (; record < kPacedRecords && due(record) <= begun; ++record)
      ms.push_back(std::chrono::duration<double, std::milli>(done - due(record)).count());
  }
  std::ranges::sort(ms);
  return ms;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3 || (argc == 3 && std::strcmp(argv[2], "--json") != 0)) {
    fmt::print(stderr, "usage: bench_disk DIR [--json]\n");
    return 2;
  }
  const auto disk = sync_times(argv[1]);
  const auto paced = paced_times(argv[1]);
  crypto::SystemRandom random;
  const crypto::Signer signer = crypto::Signer::generate(random);
  const crypto::Verifier verifier = *crypto::Verifier::make(signer.public_key());
  const std::string text = "line/journal/agent\n1000\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
  const crypto::Signature signature = signer.sign(as_bytes(text));
  const auto sign = time_each(kSignatures, [&] { static_cast<void>(signer.sign(as_bytes(text))); });
  const auto verify =
      time_each(kSignatures, [&] { static_cast<void>(verifier.verify(as_bytes(text), signature)); });
  if (argc == 3) {
    fmt::print(
        "{{\"fdatasync_ms\":{{\"p50\":{},\"p99\":{}}},\"paced_ms\":{{\"p50\":{},\"p99\":{}}},\"sign_ms\":{},"
        "\"verify_ms\":{}}}\n",
        quantile(disk, 0.5), quantile(disk, 0.99), quantile(paced, 0.5), quantile(paced, 0.99),
        quantile(sign, 0.5), quantile(verify, 0.5));
  } else {
    fmt::print("fdatasync of 4 KiB: p50 {:.2f} ms, p99 {:.2f} ms\n", quantile(disk, 0.5),
               quantile(disk, 0.99));
    fmt::print("{} records a second, each until it is synced: p50 {:.2f} ms, p99 {:.2f} ms\n", kPacedRate,
               quantile(paced, 0.5), quantile(paced, 0.99));
    fmt::print("sign {:.3f} ms, verify {:.3f} ms\n", quantile(sign, 0.5), quantile(verify, 0.5));
  }
  return 0;
}
