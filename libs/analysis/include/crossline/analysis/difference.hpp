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

// What the editions declare otherwise outside their clauses: a list, a quota, who may override an article.
struct Declaration {
  std::string kind;    // the key of the sealed form, "list"; of an article "override", "if_unknown", "duties"
  std::string name;    // "hold", "A"; of an article its id; empty where there is only one
  std::string before;  // what differs, as canonical JSON; empty: not declared
  std::string after;
  Words text;            // "list hold"
  bool covered = false;  // the solver looks at it, or it decides nothing; otherwise nothing is proven
};

struct Difference {
  std::vector<std::string> added;         // articles that only the newer edition has
  std::vector<std::string> removed;       // that only the older one has
  std::vector<std::string> changed;       // that decide somebody otherwise, or say it otherwise
  std::vector<Declaration> declarations;  // every one that is declared otherwise, by kind and name
  std::vector<Change> changes;  // for each changed clause and each new verdict one person, in article order
  std::vector<Finding> open;    // what the solver did not answer or look at, and disagreements
  bool nobody = false;          // proven: nobody is decided otherwise; never while something is open
  std::size_t proofs = 0;
};

// Compares at the instants at which `after` is in force, as if `before` had gone on until then: its hours and
// seasons, date bounds as written. The solver knows neither overrides nor how lists, quotas and the like
// become facts: where these differ, or where overrides meet clauses that count otherwise, nobody is never
// claimed. kUnsupported as in analyse(), and when the clocks differ.
Result<Difference> compare(const procedure::Edition& before, const procedure::Edition& after,
                           const Budget& budget, const Watch& watch);

// The same as one JSON object, in both languages: what the server serves and `--json` prints.
[[nodiscard]] std::string to_json(const procedure::Edition& before, const procedure::Edition& after,
                                  const Difference& difference);

}  // namespace crossline::analysis
