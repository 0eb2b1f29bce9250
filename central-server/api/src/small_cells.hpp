// Disclosure control (docs/operating-server.md, "Small figures").
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace crossline::api {

// Hides what a row of figures, which add up to a figure that may be known, would tell about few people:
// cells of 1 to movement::kSmallCell, then the smallest others until at least two cells are hidden and
// what is hidden adds up to more than kSmallCell, as far as there are cells to hide. `hidden` holds one flag
// a cell; flags that are set stay set and are counted.
void hide_small_cells(std::span<const std::int64_t> cells, std::vector<bool>& hidden);

}  // namespace crossline::api
