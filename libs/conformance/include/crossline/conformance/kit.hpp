// The conformance kit (tests/conformance/README.md), run with the evaluator of this program.
#pragma once

#include "crossline/base/result.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::conformance {

// A case that came out otherwise than written.
struct KitFailure {
  std::string file;
  std::string name;
  std::string message;
};

struct KitReport {
  std::size_t cases = 0;
  std::vector<KitFailure> failures;
};

// The sealed edition that a case is about: the declarations `base` with its articles, or with one that
// requires its predicate. Both are JSON of a kit that run_kit takes; throws nlohmann::json::exception when
// not.
[[nodiscard]] std::string edition_of_case(std::string_view base, std::string_view example);

// Runs every case of `files` (lines of JSON, as predicates.jsonl, decisions.jsonl and short.jsonl) over the
// sealed declarations `base` (the text of base.json). kMalformed when a file is not a kit: nothing was proven
// then. `progress(done, of)` is called after each case.
Result<KitReport> run_kit(const std::string& base,
                          const std::vector<std::pair<std::string, std::string>>& files,
                          const std::function<void(std::size_t, std::size_t)>& progress);

}  // namespace crossline::conformance
