// Figures and the procedure: what negotiators read.
#include "crossline/api/operations.hpp"
#include "crossline/api/reading.hpp"
#include "crossline/api/time_text.hpp"
#include "crossline/base/limits.hpp"
#include "figures.hpp"
#include "render.hpp"

#include <algorithm>
#include <set>

namespace crossline::api {
namespace {

constexpr std::int32_t kMaxDays = 1'100;

struct StatisticsRequest {
  std::int32_t from = 0;
  std::int32_t to = 0;  // included
  GroupBy group_by = GroupBy::kDay;
  std::optional<std::string> checkpoint;
  std::optional<std::string> category;
};

std::int32_t required_day(QueryReader& query, std::string_view name) {
  const auto text = query.text(name, movement::kMaxNameBytes);
  const auto day = text ? parse_day(*text) : std::nullopt;
  if (!day) query.wrong(name, "a day is wanted, for example 2026-10-01");
  return day.value_or(0);
}

Answer<StatisticsRequest> read_request(const Call& call) {
  QueryReader query(call.query);
  StatisticsRequest request;
  request.from = required_day(query, "from");
  request.to = required_day(query, "to");
  if (request.to < request.from) query.wrong("to", "is before from");
  if (request.to - request.from > kMaxDays)
    query.wrong("to", fmt::format("is more than {} days after from", kMaxDays));
  if (const auto name = query.text("group_by", movement::kMaxNameBytes)) {
    const auto group_by = group_by_from(*name);
    if (!group_by) query.wrong("group_by", "is none of day, week, month");
    request.group_by = group_by.value_or(GroupBy::kDay);
  }
  request.checkpoint = query.text("checkpoint", movement::kMaxNameBytes);
  request.category = query.text("category", movement::kMaxNameBytes);
  if (const auto problem = query.problem()) return std::unexpected(*problem);
  return request;
}

json count_json(const Count& count) {
  return count.hidden ? json() : json(count.value);
}

json figures_json(const Figures& figures) {
  return {{"entries", count_json(figures.entries)},
          {"exits", count_json(figures.exits)},
          {"net", count_json(figures.net())},
          {"refused", count_json(figures.refused)},
          {"referred", count_json(figures.referred)}};
}

json rows_json(const FiguresTable& table) {
  json rows = json::array();
  for (const FiguresRow& row : table.rows) {
    json made = figures_json(row.figures);
    made["period"] = day_text(row.period);
    made["checkpoint"] = row.checkpoint;
    made["side"] = side_json(row.side);
    rows.push_back(std::move(made));
  }
  return rows;
}

json articles_json(const FiguresTable& table, const std::optional<procedure::Edition>& edition) {
  json articles = json::array();
  for (const ArticleFigures& figures : table.articles) {
    const auto* article = find_article(edition, figures.article);
    articles.push_back({{"id", figures.article},
                        {"text", article == nullptr ? json::object() : text_json(article->text)},
                        {"refused", count_json(figures.refused)},
                        {"referred", count_json(figures.referred)}});
  }
  return articles;
}

json between_json(const FiguresTable& table) {
  const Count& ended = table.between_ended;
  const bool mean_known = !ended.hidden && ended.value > 0;
  return {{"ended", count_json(ended)},
          {"mean_ms", mean_known ? json(table.between_ms / ended.value) : json()}};
}

json categories_json(const std::optional<procedure::Edition>& edition) {
  json categories = json::array();
  if (!edition) return categories;
  for (const auto& category : edition->categories()) {
    categories.push_back({{"name", category.name}, {"text", text_json(category.text)}});
  }
  return categories;
}

Answer<json> checkpoints_json(const Services& services) {
  CROSSLINE_ANSWER_TRY(const LineNow line, services.queries.line_now());
  std::set<std::string> names;
  for (const PostNow& post : line.posts) names.insert(post.post.checkpoint);
  return json(names);
}

}  // namespace

Answer<json> get_statistics(const Services& services, const Call& call) {
  CROSSLINE_ANSWER_TRY(const StatisticsRequest request, read_request(call));
  const auto edition = services.queries.edition();
  CROSSLINE_ANSWER_TRY(const FiguresNow figures,
                       services.queries.figures(request.from, request.to + 1, request.category));
  CROSSLINE_ANSWER_TRY(json checkpoints, checkpoints_json(services));
  FiguresTable table = make_table(figures.crossings, figures.articles, request.group_by, request.checkpoint);
  if (!accounts::may(call.caller.role, accounts::Permission::kSeeSmallFigures)) hide_small_figures(table);
  return json{{"as_of", as_of_json(services, figures.as_of)},
              {"unit", "crossings"},
              {"from", day_text(request.from)},
              {"to", day_text(request.to)},
              {"group_by", name_of(request.group_by)},
              {"checkpoint", request.checkpoint ? json(*request.checkpoint) : json()},
              {"category", request.category ? json(*request.category) : json()},
              {"clock", edition ? edition->procedure().clock : "UTC"},
              {"checkpoints", std::move(checkpoints)},
              {"categories", categories_json(edition)},
              {"rows", rows_json(table)},
              {"totals", {{"A", figures_json(table.totals[0])}, {"B", figures_json(table.totals[1])}}},
              {"articles", articles_json(table, edition)},
              {"between", between_json(table)},
              {"hidden_cells", table.hidden_cells()}};
}

}  // namespace crossline::api
