// What the articles of one edition do together.
#pragma once

#include "crossline/analysis/finding.hpp"
#include "crossline/base/result.hpp"
#include "crossline/procedure/edition.hpp"

#include <vector>

namespace crossline::analysis {

struct Analysis {
  std::vector<Finding> findings;  // in the order of the questions, then of the articles
  std::size_t proofs = 0;         // statements that the solver was asked for, with an answer
  std::size_t not_proven = 0;     // without one
  // Whether nothing speaks against signing: no fault, nothing unproven, no disagreement.
  [[nodiscard]] bool clean() const;
};

// Asks every question. A movement at a declared checkpoint within the time in force, by somebody who is not
// on the way back, without overrides; every fact may have any value or be unknown.
// kUnsupported when the edition has more kinds of moments than the solver is given (kMaxMoments) or the
// solver fails as a whole. May be called from any thread; nothing is shared.
Result<Analysis> analyse(const procedure::Edition& edition, const Budget& budget, const Watch& watch);

// More different combinations of open hours, seasons and dates than this are not analysed.
inline constexpr std::size_t kMaxMoments = 4'096;

}  // namespace crossline::analysis
