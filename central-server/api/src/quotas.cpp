// What is left today of the quotas of the edition in force, and which posts hold leases of them.
#include "crossline/api/operations.hpp"
#include "crossline/api/reading.hpp"
#include "crossline/api/time_text.hpp"
#include "render.hpp"
#include "small_cells.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

namespace crossline::api {
namespace {

constexpr std::int64_t kLocalDay_s = 86'400;

// What today's figures of a quota are shown to: those who may not see individuals are told nothing about few.
struct QuotaReader {
  bool sees_small = false;

  // Used, leased and not used yet, left for anybody: they add up to the quota, which everybody knows.
  [[nodiscard]] std::array<json, 3> figures(const procedure::Quota& quota,
                                            const movement::QuotaDay& day) const {
    const auto used = static_cast<std::int64_t>(day.used.size());
    const std::int64_t unleased = day.unleased(quota.per_day);
    const std::int64_t leased = quota.per_day - used - unleased;
    const std::array cells{used, leased, std::max<std::int64_t>(0, unleased)};
    std::vector<bool> hidden(cells.size(), false);
    if (!sees_small) hide_small_cells(cells, hidden);
    std::array<json, 3> shown;
    for (std::size_t i = 0; i < cells.size(); ++i) shown[i] = hidden[i] ? json() : json(cells[i]);
    return shown;
  }

  // One post's lease. Its figures are those of few people, and the amount holds what the post had spent
  // before.
  [[nodiscard]] json lease(const PostNow& post, const movement::QuotaDay& day) const {
    const std::uint32_t tag = movement::agent_tag(post.agent);
    const std::int64_t amount = day.leased_to(tag);
    const std::int64_t used = day.used_by(tag);
    const auto shown = [this](std::int64_t figure) { return sees_small ? json(figure) : json(); };
    return {{"checkpoint", post.post.checkpoint},
            {"side", movement::name_of(post.post.side)},
            {"agent", post.agent},
            {"amount", shown(amount)},
            {"used", shown(used)},
            {"left", shown(std::max<std::int64_t>(0, amount - used))}};
  }
};

json quota_json(const procedure::Quota& quota, const movement::QuotaDay& day, std::span<const PostNow> posts,
                const QuotaReader& reader) {
  const auto [used, leased, left] = reader.figures(quota, day);
  json leases = json::array();
  for (const PostNow& post : posts) {
    if (day.leased_to(movement::agent_tag(post.agent)) > 0) leases.push_back(reader.lease(post, day));
  }
  return {{"name", quota.name},
          {"text", text_json(quota.text)},
          {"checkpoints", quota.checkpoints},
          {"directions", quota.directions},
          {"categories", quota.categories},
          {"per_day", quota.per_day},
          {"used", used},
          {"leased", leased},
          {"left", left},
          {"leases", std::move(leases)}};
}

}  // namespace

Answer<json> get_quotas(const Services& services, const Call& call) {
  QueryReader query(call.query);
  if (const auto problem = query.problem()) return std::unexpected(*problem);
  const UtcMillis now = services.clock.now();
  const auto edition = services.queries.edition();
  const auto day = static_cast<std::int32_t>(edition ? edition->local_day(now) : 0);
  CROSSLINE_ANSWER_TRY(const QuotasNow on_record, services.queries.quotas(day));
  json answer = {{"as_of", as_of_json(services, on_record.as_of)},
                 {"edition", edition ? edition_ref_json(*edition, now) : json()},
                 {"day", edition ? json(day_text(day)) : json()},
                 {"day_ends", edition ? instant_json(edition->instant_of((day + 1) * kLocalDay_s)) : json()},
                 {"quotas", json::array()}};
  if (!edition) return answer;
  CROSSLINE_ANSWER_TRY(const LineNow line, services.queries.line_now());
  const QuotaReader reader{accounts::may(call.caller.role, accounts::Permission::kSeeSmallFigures)};
  for (const procedure::Quota& quota : edition->procedure().quotas) {
    const auto known = on_record.days.find(quota.name);
    const movement::QuotaDay today = known == on_record.days.end() ? movement::QuotaDay() : known->second;
    answer["quotas"].push_back(quota_json(quota, today, line.posts, reader));
  }
  return answer;
}

}  // namespace crossline::api
