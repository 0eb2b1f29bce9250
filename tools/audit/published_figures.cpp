#include "tools/audit/published_figures.hpp"

#include <chrono>
#include <cstdio>
#include <functional>
#include <map>
#include <set>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace crossline::tools {
namespace {

using movement::Crossings;
using movement::Direction;
using movement::Outcome;
using movement::PostSide;
using nlohmann::json;
using Numbers = std::map<std::string, std::int64_t>;

constexpr std::string_view kMeasures[] = {"entries", "exits", "net", "refused", "referred"};

std::chrono::sys_days days(std::int32_t day) {
  return std::chrono::sys_days(std::chrono::days(day));
}

std::string day_text(std::chrono::sys_days day) {
  const std::chrono::year_month_day date(day);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::optional<std::int32_t> day_from(const std::string& text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  char rest = 0;
  if (std::sscanf(text.c_str(), "%4d-%2u-%2u%c", &year, &month, &day, &rest) != 3) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  const std::chrono::sys_days since = date;
  if (day_text(since) != text) return std::nullopt;
  return static_cast<std::int32_t>(since.time_since_epoch().count());
}

// The first day of the period, as the table names it.
std::string period_text(std::int32_t day, const std::string& group_by) {
  std::chrono::sys_days first = days(day);
  if (group_by == "week") {
    const std::chrono::weekday weekday(first);
    first -= weekday - std::chrono::Monday;
  } else if (group_by == "month") {
    const std::chrono::year_month_day date(first);
    first = date.year() / date.month() / 1;
  }
  return day_text(first);
}

std::string row_place(std::string_view period, std::string_view checkpoint, std::string_view side,
                      std::string_view measure) {
  return fmt::format("{} {} {} {}", period, checkpoint, side, measure);
}

void read_number(const json& from, const std::string& member, std::string place, PublishedFigures& out) {
  const json& number = from.at(member);
  std::optional<std::int64_t> value;
  if (!number.is_null()) value = number.get<std::int64_t>();
  out.numbers.push_back({std::move(place), value});
}

PublishedFigures figures_from(const json& table) {
  PublishedFigures figures;
  const json& head = table.at("as_of").at("tree_head");
  figures.size = TreeSize(head.at("size").get<std::uint64_t>());
  figures.settled = table.at("as_of").at("state").get<std::string>() == "settled";
  const auto root = from_base64(head.at("root").get<std::string>());
  const auto hash = root ? crypto::hash_from(*root) : std::unexpected(root.error());
  if (!hash) throw std::invalid_argument("as_of.tree_head.root is no hash");
  figures.root = *hash;
  const auto from = day_from(table.at("from").get<std::string>());
  const auto to = day_from(table.at("to").get<std::string>());
  if (!from || !to || *to < *from) throw std::invalid_argument("'from' and 'to' are no days in their order");
  figures.from_day = *from;
  figures.until_day = *to + 1;
  figures.group_by = table.at("group_by").get<std::string>();
  if (figures.group_by != "day" && figures.group_by != "week" && figures.group_by != "month")
    throw std::invalid_argument("'group_by' is none of day, week, month");
  for (const auto& [member, place] :
       {std::pair("checkpoint", &figures.checkpoint), {"category", &figures.category}})
    if (table.contains(member) && !table.at(member).is_null()) *place = table.at(member).get<std::string>();
  for (const json& row : table.at("rows")) {
    for (const std::string_view measure : kMeasures)
      read_number(row, std::string(measure),
                  row_place(row.at("period").get<std::string>(), row.at("checkpoint").get<std::string>(),
                            row.at("side").get<std::string>(), measure),
                  figures);
  }
  for (const std::string side : {"A", "B"}) {
    for (const std::string_view measure : kMeasures)
      read_number(table.at("totals").at(side), std::string(measure),
                  fmt::format("totals {} {}", side, measure), figures);
  }
  for (const json& article : table.at("articles")) {
    for (const std::string measure : {"refused", "referred"})
      read_number(article, measure,
                  fmt::format("article {} {}", article.at("id").get<std::string>(), measure), figures);
  }
  read_number(table.at("between"), "ended", "stays between the posts that ended", figures);
  read_number(table.at("between"), "mean_ms", "mean of these stays in ms", figures);
  return figures;
}

// The sides on which a crossing at this post counts: where somebody left and where somebody entered. Written
// here once more on purpose: the auditor does not take the server's arithmetic.
void count(const Crossings& crossings,
           const std::function<void(std::string_view, std::string_view, std::int64_t)>& add) {
  const bool from_a = crossings.post == PostSide::kJoint
                          ? crossings.direction == Direction::kAToB
                          : (crossings.post == PostSide::kA) == (crossings.direction == Direction::kExit);
  const std::string_view left = from_a ? "A" : "B";
  const std::string_view entered = from_a ? "B" : "A";
  const bool records_exit = crossings.post == PostSide::kJoint || crossings.direction == Direction::kExit;
  const bool records_entry = crossings.post == PostSide::kJoint || crossings.direction == Direction::kEntry;
  const std::int64_t times = crossings.cell.movements;
  if (crossings.outcome == Outcome::kPassed) {
    if (records_exit) add(left, "exits", times);
    if (records_entry) add(entered, "entries", times);
    if (records_exit) add(left, "net", -times);
    if (records_entry) add(entered, "net", times);
  }
  const std::string_view at = records_exit ? left : entered;
  if (crossings.outcome == Outcome::kRefused) add(at, "refused", times);
  if (crossings.outcome == Outcome::kReferred) add(at, "referred", times);
}

Numbers recomputed(const PublishedFigures& published, const movement::StatisticsCube& cube) {
  Numbers numbers;
  std::int64_t ended = 0;
  std::int64_t between_ms = 0;
  const auto category =
      published.category ? std::optional<std::string_view>(*published.category) : std::nullopt;
  for (const Crossings& crossings : cube.crossings(published.from_day, published.until_day, category)) {
    if (published.checkpoint && crossings.checkpoint != *published.checkpoint) continue;
    ended += crossings.cell.between_count;
    between_ms += crossings.cell.between_ms;
    const std::string period = period_text(crossings.day, published.group_by);
    count(crossings, [&](std::string_view side, std::string_view measure, std::int64_t times) {
      numbers[row_place(period, crossings.checkpoint, side, measure)] += times;
      numbers[fmt::format("totals {} {}", side, measure)] += times;
    });
  }
  if (!category) {
    for (const auto& [key, times] : cube.articles(published.from_day, published.until_day)) {
      if (published.checkpoint && key.checkpoint != *published.checkpoint) continue;
      numbers[fmt::format("article {} {}", key.article,
                          key.outcome == Outcome::kRefused ? "refused" : "referred")] += times;
    }
  }
  numbers["stays between the posts that ended"] = ended;
  if (ended > 0) numbers["mean of these stays in ms"] = between_ms / ended;
  return numbers;
}

}  // namespace

Result<PublishedFigures> PublishedFigures::parse(std::string_view text) {
  try {
    return figures_from(json::parse(text));
  } catch (const std::exception& error) {
    return fail(ErrorCode::kMalformed, "no table of figures as the server publishes it: {}", error.what());
  }
}

Comparison compare_figures(const PublishedFigures& published, const movement::StatisticsCube& cube) {
  Comparison comparison;
  const Numbers numbers = recomputed(published, cube);
  std::set<std::string> seen;
  for (const auto& [place, value] : published.numbers) {
    seen.insert(place);
    const auto found = numbers.find(place);
    const std::int64_t right = found == numbers.end() ? 0 : found->second;
    if (!value && place.starts_with("mean") && right == 0) continue;  // of no stay there is no mean
    if (!value) {
      ++comparison.hidden;
    } else if (*value == right) {
      ++comparison.equal;
    } else {
      comparison.differences.push_back({place, *value, right});
    }
  }
  for (const auto& [place, value] : numbers)
    if (value != 0 && !seen.contains(place)) comparison.differences.push_back({place, 0, value});
  return comparison;
}

}  // namespace crossline::tools
