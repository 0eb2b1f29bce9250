// Where the files of a ledger come from (docs/formats/tiles.md): a server, a folder.
#pragma once

#include "crossline/base/result.hpp"

#include <span>
#include <string>
#include <vector>

namespace crossline::mirror {

// One thread at a time. Believed by nobody: a Mirror verifies what it is given.
class LogSource {
 public:
  virtual ~LogSource() = default;
  // The content at each of these paths ("checkpoint", "tile/0/000"), in their order. The first error
  // otherwise, naming the path: kNotFound, kForbidden, kUnauthenticated, kUnavailable, kTimeout.
  [[nodiscard]] virtual Result<std::vector<std::string>> fetch(std::span<const std::string> paths) = 0;
};

}  // namespace crossline::mirror
