#include "small_cells.hpp"

#include "crossline/base/assert.hpp"
#include "crossline/movement/statistics.hpp"

#include <optional>

namespace crossline::api {
namespace {

// The shown cell that costs least to hide: the smallest, zeros last.
std::optional<std::size_t> next_to_hide(std::span<const std::int64_t> cells,
                                        const std::vector<bool>& hidden) {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (hidden[i]) continue;
    const bool better =
        !best || (cells[*best] == 0 && cells[i] != 0) || (cells[i] != 0 && cells[i] < cells[*best]);
    if (better) best = i;
  }
  return best;
}

}  // namespace

void hide_small_cells(std::span<const std::int64_t> cells, std::vector<bool>& hidden) {
  CROSSLINE_ASSERT(cells.size() == hidden.size());
  std::size_t count = 0;
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    hidden[i] = hidden[i] || (cells[i] >= 1 && cells[i] <= movement::kSmallCell);
    if (!hidden[i]) continue;
    ++count;
    sum += cells[i];
  }
  while (count != 0 && (count < 2 || sum <= movement::kSmallCell)) {
    const auto next = next_to_hide(cells, hidden);
    if (!next || (cells[*next] == 0 && count >= 2)) return;
    hidden[*next] = true;
    ++count;
    sum += cells[*next];
  }
}

}  // namespace crossline::api
