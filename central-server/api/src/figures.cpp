#include "figures.hpp"

#include "small_cells.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace crossline::api {
namespace {

using movement::Direction;
using movement::Outcome;
using movement::PostSide;
using movement::Side;

// The side a movement at this post leads out of, and the one it leads into, as far as the post records it.
std::optional<Side> left_side(PostSide post, Direction direction) {
  if (post == PostSide::kJoint) return direction == Direction::kAToB ? Side::kA : Side::kB;
  if (direction != Direction::kExit) return std::nullopt;
  return post == PostSide::kA ? Side::kA : Side::kB;
}
std::optional<Side> entered_side(PostSide post, Direction direction) {
  if (post == PostSide::kJoint) return direction == Direction::kAToB ? Side::kB : Side::kA;
  if (direction != Direction::kEntry) return std::nullopt;
  return post == PostSide::kA ? Side::kA : Side::kB;
}

// Adds crossings to the figures of the sides they count on; `figures_of` finds those of one side.
template <class FiguresOf>
void count(const movement::Crossings& crossings, const FiguresOf& figures_of) {
  const auto left = left_side(crossings.post, crossings.direction);
  const auto entered = entered_side(crossings.post, crossings.direction);
  const std::int64_t times = crossings.cell.movements;
  if (crossings.outcome == Outcome::kPassed) {
    if (left) figures_of(*left).exits.value += times;
    if (entered) figures_of(*entered).entries.value += times;
    return;
  }
  const Side at = left ? *left : *entered;
  if (crossings.outcome == Outcome::kRefused) figures_of(at).refused.value += times;
  if (crossings.outcome == Outcome::kReferred) figures_of(at).referred.value += times;
}

bool is_counted(Outcome outcome) {
  return outcome == Outcome::kPassed || outcome == Outcome::kRefused || outcome == Outcome::kReferred;
}

std::size_t index_of(Side side) {
  return side == Side::kA ? 0 : 1;
}

bool is_small(std::int64_t value) {
  return value >= 1 && value <= movement::kSmallCell;
}

// Hides within one column of numbers that add up to a figure of their own.
void hide_column(std::span<Count* const> column) {
  std::vector<std::int64_t> values;
  std::vector<bool> hidden;
  for (const Count* cell : column) {
    values.push_back(cell->value);
    hidden.push_back(cell->hidden);
  }
  hide_small_cells(values, hidden);
  for (std::size_t i = 0; i < column.size(); ++i) column[i]->hidden = hidden[i];
}

// A joint post's passages are the exits of one side and the entries of the other: what is hidden in one of
// two equal numbers must not be read from the other. True when that hid something.
bool hide_mirrored(std::vector<FiguresRow>& rows) {
  bool changed = false;
  const auto mirror = [&](Count& a, Count& b) {
    if (a.value != b.value || a.hidden == b.hidden) return;
    a.hidden = b.hidden = changed = true;
  };
  for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
    if (rows[i].period != rows[i + 1].period || rows[i].checkpoint != rows[i + 1].checkpoint) continue;
    mirror(rows[i].figures.exits, rows[i + 1].figures.entries);
    mirror(rows[i].figures.entries, rows[i + 1].figures.exits);
  }
  return changed;
}

void hide_columns(FiguresTable& table) {
  for (const Side side : {Side::kA, Side::kB}) {
    for (const auto measure : kMeasures) {
      std::vector<Count*> column;
      for (FiguresRow& row : table.rows) {
        if (row.side == side) column.push_back(&(row.figures.*measure));
      }
      hide_column(column);
    }
  }
}

std::int64_t hidden_in(const Figures& figures) {
  std::int64_t hidden = figures.net().hidden;
  for (const auto measure : kMeasures) hidden += (figures.*measure).hidden;
  return hidden;
}

}  // namespace

FiguresTable make_table(std::span<const movement::Crossings> crossings,
                        std::span<const std::pair<movement::ArticleKey, std::int64_t>> articles,
                        GroupBy group_by, std::optional<std::string_view> checkpoint) {
  FiguresTable table;
  std::map<std::tuple<std::int32_t, std::string_view, Side>, Figures> rows;
  for (const movement::Crossings& counted : crossings) {
    if (checkpoint && counted.checkpoint != *checkpoint) continue;
    table.between_ended.value += counted.cell.between_count;
    table.between_ms += counted.cell.between_ms;
    if (!is_counted(counted.outcome)) continue;
    const std::int32_t period = period_of(counted.day, group_by);
    count(counted, [&](Side side) -> Figures& { return rows[{period, counted.checkpoint, side}]; });
    count(counted, [&](Side side) -> Figures& { return table.totals[index_of(side)]; });
  }
  for (const auto& [key, figures] : rows) {
    const auto& [period, name, side] = key;
    if (figures != Figures{}) table.rows.push_back({period, std::string(name), side, figures});
  }
  std::map<std::string_view, ArticleFigures> by_article;
  for (const auto& [key, times] : articles) {
    if (checkpoint && key.checkpoint != *checkpoint) continue;
    ArticleFigures& figures =
        by_article.try_emplace(key.article, ArticleFigures{key.article, {}, {}}).first->second;
    (key.outcome == Outcome::kRefused ? figures.refused : figures.referred).value += times;
  }
  for (auto& [article, figures] : by_article) table.articles.push_back(std::move(figures));
  std::stable_sort(table.articles.begin(), table.articles.end(), [](const auto& a, const auto& b) {
    return a.refused.value + a.referred.value > b.refused.value + b.referred.value;
  });
  return table;
}

void hide_small_figures(FiguresTable& table) {
  do {
    hide_columns(table);
  } while (hide_mirrored(table.rows));
  for (Figures& totals : table.totals) {
    for (const auto measure : kMeasures) (totals.*measure).hidden = is_small((totals.*measure).value);
  }
  std::vector<Count*> refused;
  std::vector<Count*> referred;
  for (ArticleFigures& article : table.articles) {
    refused.push_back(&article.refused);
    referred.push_back(&article.referred);
  }
  hide_column(refused);
  hide_column(referred);
  table.between_ended.hidden = is_small(table.between_ended.value);
}

std::int64_t FiguresTable::hidden_cells() const {
  std::int64_t hidden = between_ended.hidden;
  for (const FiguresRow& row : rows) hidden += hidden_in(row.figures);
  for (const Figures& of_side : totals) hidden += hidden_in(of_side);
  for (const ArticleFigures& article : articles) hidden += article.refused.hidden + article.referred.hidden;
  return hidden;
}

}  // namespace crossline::api
