// A published table of figures against the same figures made again from the ledger.
#pragma once

#include "crossline/base/result.hpp"
#include "crossline/crypto/sha256.hpp"
#include "crossline/movement/statistics.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::tools {

// What GET /api/v1/statistics answered, as it was published.
struct PublishedFigures {
  struct Number {
    std::string place;  // "2026-10-01 bridge A entries", "totals B exits", "article 8(1) refused"
    std::optional<std::int64_t> value;  // nothing: hidden, since it is small or would give away one that is
  };

  TreeSize size;         // of the ledger that it is complete to
  crypto::Hash root;     // of that ledger
  bool settled = false;  // as it says itself: that the witnesses of both sides had cosigned that much
  std::int32_t from_day = 0;
  std::int32_t until_day = 0;             // not included
  std::string group_by;                   // "day", "week", "month"
  std::optional<std::string> checkpoint;  // that it was asked for; nothing: all
  std::optional<std::string> category;
  std::vector<Number> numbers;

  // kMalformed, saying what is missing or wrong.
  static Result<PublishedFigures> parse(std::string_view json);
};

struct Difference {
  std::string place;
  std::int64_t published = 0;
  std::int64_t recomputed = 0;
  friend bool operator==(const Difference&, const Difference&) = default;
};

struct Comparison {
  std::size_t equal = 0;   // numbers
  std::size_t hidden = 0;  // numbers that the table does not say
  std::vector<Difference> differences;
};

// `cube` is that of the ledger's first `published.size` entries. A number that the table leaves out counts as
// 0.
[[nodiscard]] Comparison compare_figures(const PublishedFigures& published,
                                         const movement::StatisticsCube& cube);

}  // namespace crossline::tools
