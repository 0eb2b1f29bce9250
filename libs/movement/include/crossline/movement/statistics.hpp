// The statistics cube: what the ledger says in numbers, without anybody in it. Crossings, not persons.
#pragma once

#include "crossline/movement/event.hpp"
#include "crossline/movement/state.hpp"

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace crossline::movement {

// 0-4, 5-11, 12-17, 18-59, 60 and over, unknown: the bands of the figures.
enum class AgeBand : std::uint8_t { k0To4, k5To11, k12To17, k18To59, k60AndOver, kUnknown };
[[nodiscard]] AgeBand age_band(std::optional<std::uint16_t> age_years);
[[nodiscard]] std::string_view name_of(AgeBand band);  // "0-4", ..., "60+", "unknown"

// One cell's coordinates, names written out.
struct CubeKey {
  std::int32_t day = 0;  // days since 1970-01-01 of the procedure's clock
  std::string checkpoint;
  PostSide post = PostSide::kA;
  Direction direction = Direction::kExit;
  Outcome outcome = Outcome::kPassed;
  Verdict verdict = Verdict::kAllow;  // the post's
  std::string category;
  Sex sex = Sex::kUnspecified;
  AgeBand age = AgeBand::kUnknown;
  std::string issuer;  // of the document
  friend auto operator<=>(const CubeKey&, const CubeKey&) = default;
};

struct CubeCell {
  std::int64_t movements = 0;
  std::int64_t between_count = 0;  // of these, how many ended a stay between the posts
  std::int64_t between_ms = 0;     // and how long they stood there, in all
  friend bool operator==(const CubeCell&, const CubeCell&) = default;
};

// Cells summed over everything but these: what a table of entries, exits and refusals is made of.
struct Crossings {
  std::int32_t day = 0;
  std::string checkpoint;
  PostSide post = PostSide::kA;
  Direction direction = Direction::kExit;
  Outcome outcome = Outcome::kPassed;
  CubeCell cell;
  friend bool operator==(const Crossings&, const Crossings&) = default;
};

// How often an article was cited for an attempt that was not allowed.
struct ArticleKey {
  std::int32_t day = 0;
  std::string checkpoint;
  std::string article;
  Outcome outcome = Outcome::kRefused;  // kRefused or kReferred
  friend auto operator<=>(const ArticleKey&, const ArticleKey&) = default;
};

// Additive: the cube of a ledger is the sum over its entries, a correction subtracts what it takes back. Not
// thread-safe. Cells that fall to zero stay, so that a store of changed cells overwrites them.
class StatisticsCube {
 public:
  // Counts `movement`, which happened at `post` on `day`, `times` times (+1, or -1 for one taken back).
  void add(std::int32_t day, const Post& post, const Movement& movement,
           std::optional<std::int64_t> between_ms, int times);

  [[nodiscard]] std::vector<std::pair<CubeKey, CubeCell>> cells(std::int32_t from_day,
                                                                std::int32_t until_day) const;
  // In the order of their members; of one category, or of all.
  [[nodiscard]] std::vector<Crossings> crossings(std::int32_t from_day, std::int32_t until_day,
                                                 std::optional<std::string_view> category) const;
  [[nodiscard]] std::vector<std::pair<ArticleKey, std::int64_t>> articles(std::int32_t from_day,
                                                                          std::int32_t until_day) const;
  [[nodiscard]] std::int64_t total_movements() const { return total_; }

  // Everything changed since the last call, for a store that keeps the cube.
  struct Changes {
    std::vector<std::pair<CubeKey, CubeCell>> cells;
    std::vector<std::pair<ArticleKey, std::int64_t>> articles;
  };
  [[nodiscard]] Changes take_changes();
  // Puts back what a store kept.
  void restore(const CubeKey& key, const CubeCell& cell);
  void restore(const ArticleKey& key, std::int64_t count);

  friend bool operator==(const StatisticsCube& a, const StatisticsCube& b);

 private:
  struct Packed {
    std::int32_t day;
    std::uint16_t checkpoint;
    std::uint16_t category;
    std::uint16_t issuer;
    std::uint8_t post, direction, outcome, verdict, sex, age;
    friend bool operator==(const Packed&, const Packed&) = default;
  };
  struct PackedHash {
    std::size_t operator()(const Packed& packed) const noexcept;
  };
  struct PackedArticle {
    std::int32_t day;
    std::uint16_t checkpoint;
    std::uint16_t article;
    std::uint8_t outcome;
    friend auto operator<=>(const PackedArticle&, const PackedArticle&) = default;
  };
  [[nodiscard]] Packed pack(const CubeKey& key);
  [[nodiscard]] CubeKey unpack(const Packed& packed) const;
  [[nodiscard]] ArticleKey unpack(const PackedArticle& packed) const;

  Names names_;
  std::unordered_map<Packed, CubeCell, PackedHash> cells_;
  std::map<PackedArticle, std::int64_t> articles_;
  std::unordered_set<Packed, PackedHash> changed_cells_;
  std::map<PackedArticle, std::int64_t> changed_articles_;
  std::int64_t total_ = 0;
};

// Disclosure control for one row of figures that add up to a published total: cells of 1 to `kSmallCell` are
// hidden, and when exactly one would be hidden the next smallest (a zero last) is hidden too, so that no
// difference reveals one person.
inline constexpr std::int64_t kSmallCell = 10;
[[nodiscard]] std::vector<bool> cells_to_hide(std::span<const std::int64_t> cells);

}  // namespace crossline::movement
