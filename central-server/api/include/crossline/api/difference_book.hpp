// Differences of editions, each worked out once.
#pragma once

#include "crossline/base/result.hpp"
#include "crossline/crypto/sha256.hpp"
#include "crossline/procedure/edition.hpp"

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace crossline::api {

// May be called from any thread. Working one out takes the caller's thread, and one at a time: the solver is
// bounded in steps and questions, and whoever comes meanwhile is told to come again.
class DifferenceBook {
 public:
  static constexpr std::size_t kMaxKept = 32;

  // What analysis::to_json says of the two. kBusy while another difference is being worked out, otherwise the
  // error of analysis::compare.
  Result<std::string> difference(const procedure::Edition& before, const procedure::Edition& after);

 private:
  using Key = std::pair<crypto::Hash, crypto::Hash>;
  std::mutex kept_mutex_;
  std::map<Key, std::string> kept_;
  std::mutex working_;  // held while one is worked out
};

}  // namespace crossline::api
