// What this post holds against the server: kept in its data folder, and reported to the other party's
// witness.
#pragma once

#include "crossline/merkle/misbehaviour.hpp"
#include "crossline/runtime/blocking_pool.hpp"
#include "crossline/runtime/channel.hpp"
#include "crossline/runtime/http_client.hpp"
#include "crossline/runtime/task.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace crossline::agent {

// Whom to tell. Empty `url`: nobody, and the files are brought by hand.
struct WitnessOptions {
  std::string url;       // "https://witness-b.example:7180"
  std::string root_pem;  // whose certificate an https witness must show
};

// Lives on one executor, but for keep().
class Evidence {
 public:
  // Of proofs, and of claims: a server that shows another head at each greeting does not fill the disk.
  static constexpr std::size_t kMaxFilesOfAKind = 100;

  // `folder` need not be there.
  Evidence(runtime::Executor executor, std::filesystem::path folder, WitnessOptions witness,
           runtime::LogFn log);

  // Writes FOLDER/<kind>-<size seen>-<size shown>-<id>.misbehaviour, durably, for its owner alone; the same
  // evidence once. The kind is "proof" for what proves it as it is (two heads of one size, or of two with
  // what the larger one says), "claim" otherwise. What fails is said in the log. Blocks; any thread.
  void keep(const merkle::Misbehaviour& evidence);

  // Reports every file to the witness, those of earlier runs included, and notes it beside the file
  // (".reported"). A witness that does not answer is tried again. Until cancelled; ends at once without a
  // witness.
  [[nodiscard]] runtime::Task<> report();

 private:
  [[nodiscard]] runtime::Task<Result<void>> report_one(std::filesystem::path file, std::string text);

  std::filesystem::path folder_;
  WitnessOptions witness_;
  runtime::LogFn log_;
  runtime::WakeUp kept_;
  runtime::BlockingPool disk_{"evidence", 1, 16};
  std::string prefix_;
  std::string last_complaint_;  // said once while it stays the same
  std::optional<runtime::HttpClient> client_;
};

}  // namespace crossline::agent
