// What another edition would have decided over a recorded ledger. Pseudonyms only: no name is in a ledger.
#pragma once

#include "crossline/audit/auditor.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace crossline::audit {

// A recorded movement that the candidate decides otherwise than the edition that was in force.
struct DecidedOtherwise {
  LedgerIndex entry;
  movement::SubjectId subject;
  UtcMillis at;
  movement::Verdict before{};
  movement::Verdict after{};
  std::vector<std::string> because_before;  // articles
  std::vector<std::string> because_after;
};

struct Simulation {
  std::uint64_t entries = 0;
  std::uint64_t movements = 0;
  std::uint64_t skipped = 0;  // movements that cannot be decided again: no edition, agent or event to read
  // By verdict of the edition in force, then of the candidate.
  std::array<std::array<std::uint64_t, 3>, 3> verdicts{};
  // By article: how many movements it decides, by the edition in force and by the candidate.
  struct Counts {
    std::uint64_t before = 0;
    std::uint64_t after = 0;
  };
  std::map<std::string, Counts> articles;
  std::vector<DecidedOtherwise> otherwise;  // at most kMaxListed, in ledger order

  static constexpr std::size_t kMaxListed = 100;
  [[nodiscard]] std::uint64_t decided_otherwise() const;
};

// Folds the first `size` entries with the editions that were in force, and decides each movement a second
// time with `candidate`, as if that had been in force then: over the same records, hours and seasons expanded
// for that time. It decides; it does not let a different past follow from its decisions. Fails with the
// source's error, and kUnsupported when the clocks of candidate and ledger differ.
Result<Simulation> simulate(const enrolment::Registry& registry, LedgerSource& source, TreeSize size,
                            const procedure::Edition& candidate,
                            const std::function<void(std::uint64_t done, std::uint64_t of)>& progress = {});

// One JSON object.
[[nodiscard]] std::string to_json(const Simulation& simulation);

}  // namespace crossline::audit
