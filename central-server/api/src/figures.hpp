// Tables of figures from the statistics cube: pure arithmetic and disclosure control, no JSON.
#pragma once

#include "crossline/api/time_text.hpp"
#include "crossline/movement/statistics.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crossline::api {

// A number that may have to stay unsaid.
struct Count {
  std::int64_t value = 0;
  bool hidden = false;
  friend bool operator==(const Count&, const Count&) = default;
};

// Seen from one side. A passage at a joint post is an exit on one side and an entry on the other; a refused
// or referred attempt there counts on the side that was to be left.
struct Figures {
  Count entries;
  Count exits;
  Count refused;
  Count referred;
  // Entries less exits; hidden when either is.
  [[nodiscard]] Count net() const { return {entries.value - exits.value, entries.hidden || exits.hidden}; }
  friend bool operator==(const Figures&, const Figures&) = default;
};
inline constexpr std::array kMeasures{&Figures::entries, &Figures::exits, &Figures::refused,
                                      &Figures::referred};

struct FiguresRow {
  std::int32_t period = 0;  // its first day
  std::string checkpoint;
  movement::Side side = movement::Side::kA;
  Figures figures;
};

struct ArticleFigures {
  std::string article;
  Count refused;
  Count referred;
};

struct FiguresTable {
  std::vector<FiguresRow> rows;          // by period, checkpoint, side; without rows that would be all zero
  std::array<Figures, 2> totals;         // by movement::Side
  std::vector<ArticleFigures> articles;  // most cited first
  Count between_ended;                   // stays between the posts that ended
  std::int64_t between_ms = 0;           // how long they lasted in all

  // How many of the numbers are hidden, the nets included.
  [[nodiscard]] std::int64_t hidden_cells() const;
};

// Of one checkpoint, or of all.
[[nodiscard]] FiguresTable make_table(std::span<const movement::Crossings> crossings,
                                      std::span<const std::pair<movement::ArticleKey, std::int64_t>> articles,
                                      GroupBy group_by, std::optional<std::string_view> checkpoint);

// Hides small figures, and others that would give them away by subtraction from what stays.
void hide_small_figures(FiguresTable& table);

}  // namespace crossline::api
