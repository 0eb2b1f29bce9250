#include "slip_api.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/base/text.hpp"
#include "request_body.hpp"
#include "slip_page.hpp"
#include "station_operation.hpp"

#include <utility>
#include <variant>

#include <nlohmann/json.hpp>

namespace crossline::agent {
namespace {

using nlohmann::json;
using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::PathParameters;
using runtime::Task;

json movement_json(const movement::Event& event, const movement::Post& post) {
  const auto* movement = std::get_if<movement::Movement>(&event.body);
  return {{"agent", event.agent},
          {"journal_index", event.journal_index.value()},
          {"checkpoint", post.checkpoint},
          {"side", movement::name_of(post.side)},
          {"direction", movement == nullptr ? json() : json(movement::name_of(movement->direction))},
          {"recorded_at", format_utc(event.recorded_at)}};
}

json reading_json(const SlipReading& reading) {
  return {{"outcome", name_of(reading.outcome)},
          {"detail", reading.detail},
          {"reference", reading.proof ? json(reading.reference) : json()},
          {"record", reading.proof ? movement_json(reading.proof->event, *reading.post) : json()}};
}

Result<JournalIndex> index_of(const PathParameters& parameters) {
  const auto index = parse_u64(parameters.at("journal_index"));
  if (!index) return fail(ErrorCode::kNotFound, "'{}' is no record's number", parameters.at("journal_index"));
  return JournalIndex(*index);
}

Task<HttpResponse> take_slip_text(Api api, std::string text) {
  auto act = [text](Station& station) -> Result<std::string> {
    CROSSLINE_TRY(const SlipReading reading, station.take_slip(text));
    return reading_json(reading).dump();
  };
  const Result<std::string> body = co_await api->host->call(act);
  if (!body) co_return problem_of(body.error());
  co_return runtime::json_response(200, *body);
}

Task<HttpResponse> take_slip(Api api, Request request, PathParameters) {
  auto body = RequestBody::parse(request->body);
  if (!body) return refuse(body.error());
  std::string text = body->text("text", 1, limits::kMaxSlipScanBytes);
  if (const auto read = body->finish(); !read) return refuse(read.error());
  return take_slip_text(api, std::move(text));
}

Task<HttpResponse> get_slip(Api api, Request, PathParameters parameters) {
  const auto index = index_of(parameters);
  if (!index) co_return problem_of(index.error());
  auto act = [at = *index](Station& station) -> Result<std::string> {
    CROSSLINE_TRY(const Station::IssuedSlip slip, station.issue_slip(at));
    return json{{"text", slip.text},
                {"reference", slip.reference},
                {"record", movement_json(slip.event, station.settings().post)}}
        .dump();
  };
  const Result<std::string> body = co_await api->host->call(act);
  if (!body) co_return problem_of(body.error());
  co_return runtime::json_response(200, *body);
}

Task<HttpResponse> print_slip(Api api, Request request, PathParameters parameters) {
  const auto index = index_of(parameters);
  if (!index) co_return problem_of(index.error());
  const std::string language(request->parameter("language").value_or("en"));
  auto act = [at = *index, language](Station& station) -> Result<std::string> {
    CROSSLINE_TRY(const Station::IssuedSlip slip, station.issue_slip(at));
    return slip_page(slip, station.settings(), language);
  };
  const Result<std::string> page = co_await api->host->call(act);
  if (!page) co_return problem_of(page.error());
  HttpResponse response = runtime::text_response(200, "text/html; charset=utf-8", *page);
  response.headers.set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
  response.headers.set("Cache-Control", "no-store");
  co_return response;
}

}  // namespace

void add_slip_routes(runtime::HttpRouter& router, const std::shared_ptr<StationApi>& api) {
  router.add("POST", "/api/v1/slips", bound(api, take_slip));
  router.add("GET", "/api/v1/slips/{journal_index}", bound(api, get_slip));
}

void add_slip_page(runtime::HttpRouter& router, const std::shared_ptr<StationApi>& api) {
  router.add("GET", "/slip/{journal_index}", bound(api, print_slip));
}

}  // namespace crossline::agent
