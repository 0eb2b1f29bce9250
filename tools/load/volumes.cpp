#include "tools/load/volumes.hpp"

#include "crossline/base/text.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace crossline::tools {
namespace {

struct Columns {
  std::size_t date = 0;
  std::size_t control_point = 0;
  std::size_t direction = 0;
  std::size_t total = 0;
};

std::string_view trimmed(std::string_view line) {
  return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

Result<Columns> read_head(std::string_view line) {
  const auto names = split(line, ',');
  const auto find = [&names](std::string_view name) -> std::optional<std::size_t> {
    const auto place = std::find(names.begin(), names.end(), name);
    return place == names.end() ? std::nullopt
                                : std::optional(static_cast<std::size_t>(place - names.begin()));
  };
  Columns columns;
  for (const auto& [name, place] : {std::pair<std::string_view, std::size_t*>{"Date", &columns.date},
                                    {"Control Point", &columns.control_point},
                                    {"Arrival / Departure", &columns.direction},
                                    {"Total", &columns.total}}) {
    const auto found = find(name);
    if (!found) return fail(ErrorCode::kMalformed, "line 1: there is no column '{}'", name);
    *place = *found;
  }
  return columns;
}

}  // namespace

Result<std::vector<VolumeRow>> read_volumes(std::string_view csv) {
  const auto lines = split(without_byte_order_mark(csv), '\n');
  CROSSLINE_TRY(const Columns columns, read_head(trimmed(lines.front())));
  const std::size_t needed =
      std::max({columns.date, columns.control_point, columns.direction, columns.total}) + 1;
  std::vector<VolumeRow> rows;
  rows.reserve(lines.size());
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (trimmed(lines[i]).empty()) continue;
    const auto cells = split(trimmed(lines[i]), ',');
    if (cells.size() < needed)
      return fail(ErrorCode::kMalformed, "line {}: {} columns, at least {} belong", i + 1, cells.size(),
                  needed);
    const std::string_view direction = cells[columns.direction];
    if (direction != "Arrival" && direction != "Departure")
      return fail(ErrorCode::kMalformed, "line {}: neither Arrival nor Departure", i + 1);
    const auto total = parse_u64(cells[columns.total]);
    if (!total) return fail(ErrorCode::kMalformed, "line {}: the total is not a whole number", i + 1);
    rows.push_back({std::string(cells[columns.date]), std::string(cells[columns.control_point]),
                    direction == "Arrival", *total});
  }
  return rows;
}

Result<std::vector<VolumeRow>> rows_of_day(const std::vector<VolumeRow>& rows, std::string_view date) {
  std::map<std::string_view, std::uint64_t> by_day;
  for (const VolumeRow& row : rows) by_day[row.date] += row.total;
  if (by_day.empty()) return fail(ErrorCode::kInvalidArgument, "the file holds no day");
  if (date.empty()) {
    date = std::max_element(by_day.begin(), by_day.end(), [](const auto& a, const auto& b) {
             return a.second < b.second;
           })->first;
  }
  if (!by_day.contains(date))
    return fail(ErrorCode::kInvalidArgument, "the file holds no day '{}' (days are written DD-MM-YYYY)",
                date);
  std::vector<VolumeRow> of_day;
  for (const VolumeRow& row : rows) {
    if (row.date == date && row.total > 0) of_day.push_back(row);
  }
  if (of_day.empty()) return fail(ErrorCode::kInvalidArgument, "nobody crossed on {}", date);
  return of_day;
}

}  // namespace crossline::tools
