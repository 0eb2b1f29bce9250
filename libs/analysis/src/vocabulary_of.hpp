// The names and bounds that one or two editions speak of: the world in which the solver looks for persons.
#pragma once

#include "crossline/procedure/edition.hpp"
#include "moments.hpp"

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace crossline::analysis {

// Every list of names ends with one that no edition mentions, where a fact may have a value of its own.
struct Vocabulary {
  // The time in force is that of the last edition.
  explicit Vocabulary(std::span<const procedure::Edition* const> editions);

  std::vector<std::string> categories;
  std::vector<std::string> checkpoints;  // declared ones only: every post stands at one; never empty
  std::vector<std::string> document_kinds;
  std::vector<std::string> issuers;
  std::vector<std::string> lists;
  std::vector<std::string> permits;
  std::vector<std::string> quotas;
  std::vector<std::string> goods;
  struct Declared {
    std::string name;
    procedure::DeclaredKind::Type type{};
    std::vector<std::string> values;
    friend bool operator==(const Declared&, const Declared&) = default;
  };
  std::vector<Declared> declared;
  std::vector<std::int64_t> windows;  // days back of stays, rising, each above 1
  std::set<procedure::PredicateKind> used;
  Moments timelines;
  std::vector<Moment> moments;

  [[nodiscard]] bool uses(procedure::PredicateKind kind) const { return used.contains(kind); }
};

// The position of a name that is there.
[[nodiscard]] int position_of(const std::vector<std::string>& names, std::string_view name);
// As a timeline: true from the one date to before the other.
[[nodiscard]] procedure::Timeline timeline_of(const procedure::Predicate& date_between);

}  // namespace crossline::analysis
