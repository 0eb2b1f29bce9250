// Real crossing volumes as the shape of load: one row a day, control point, direction.
#pragma once

#include "crossline/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::tools {

struct VolumeRow {
  std::string date;  // as in the file, DD-MM-YYYY
  std::string control_point;
  bool arrival = false;
  std::uint64_t total = 0;
};

// Reads comma-separated text with a head line that names at least Date, Control Point, Arrival / Departure
// and Total, in any order. kMalformed with the line number.
Result<std::vector<VolumeRow>> read_volumes(std::string_view csv);

// The rows of one day with anybody in them; of the busiest day when `date` is empty. kInvalidArgument when
// there is no such day, or nobody crossed on it.
Result<std::vector<VolumeRow>> rows_of_day(const std::vector<VolumeRow>& rows, std::string_view date);

}  // namespace crossline::tools
