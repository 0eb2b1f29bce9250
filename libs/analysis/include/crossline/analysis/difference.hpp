// Whom an edition decides otherwise than the one before.
#pragma once

#include "crossline/analysis/finding.hpp"
#include "crossline/base/result.hpp"
#include "crossline/procedure/edition.hpp"

#include <string>
#include <vector>

namespace crossline::analysis {

// One person whom a changed clause moves from one verdict to another.
struct Change {
  std::string article;
  std::string clause;  // "require"
  procedure::Verdict before{};
  procedure::Verdict after{};
  Words text;  // "newly refused"
  Witness witness;
};

struct Difference {
  std::vector<std::string> added;    // articles that only the newer edition has
  std::vector<std::string> removed;  // that only the older one has
  std::vector<std::string> changed;  // that decide somebody otherwise, or say it otherwise
  std::vector<Change> changes;  // for each changed clause and each new verdict one person, in article order
  std::vector<Finding> open;    // what the solver did not answer, and disagreements
  bool nobody = false;          // proven: nobody is decided otherwise
  std::size_t proofs = 0;
};

// Compares at the instants at which `after` is in force, as if `before` had gone on until then: its hours and
// seasons, date bounds as written. kUnsupported as in analyse(), and when the clocks differ.
Result<Difference> compare(const procedure::Edition& before, const procedure::Edition& after,
                           const Budget& budget, const Watch& watch);

// The same as one JSON object, in both languages: what the server serves and `--json` prints.
[[nodiscard]] std::string to_json(const procedure::Edition& before, const procedure::Edition& after,
                                  const Difference& difference);

}  // namespace crossline::analysis
