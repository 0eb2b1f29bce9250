#include "station_api.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/movement/event.hpp"
#include "crossline/movement/record_limits.hpp"
#include "crossline/runtime/http_guard.hpp"
#include "crossline/runtime/system_clock.hpp"
#include "request_body.hpp"
#include "station_operation.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <nlohmann/json.hpp>

namespace crossline::agent {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;
using runtime::PathParameters;
using runtime::Task;

using Id = std::array<std::uint8_t, 8>;  // of a scan or a group

constexpr std::size_t kMaxQueuedPins = 4;
constexpr std::uint64_t kLookAgainMs = 1'000;  // should a change be missed all the same

std::string dump(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// Runs `act` on the station's thread and answers with the JSON it returns.
template <class Act>
Task<HttpResponse> answer(Api api, int status, Act act) {
  const Result<std::string> body = co_await api->host->call(act);
  if (!body) co_return problem_of(body.error());
  co_return runtime::json_response(status, *body);
}

// Runs `act`, which names a scan or a group, waits while the server is asked about it, and answers with what
// `look` then sees.
using Look = Result<std::optional<std::string>> (*)(Station& station, const Id& id);
template <class Act>
Task<HttpResponse> answer_when_decided(Api api, Act act, Look look) {
  const Result<Id> id = co_await api->host->call(act);
  if (!id) co_return problem_of(id.error());
  auto peek = [look, found = *id](Station& station) { return look(station, found); };
  for (;;) {
    const runtime::WakeUp change = api->host->watch();
    const Result<std::optional<std::string>> seen = co_await api->host->call(peek);
    if (!seen) co_return problem_of(seen.error());
    if (*seen) co_return runtime::json_response(200, **seen);
    co_await StationHost::wait(change, kLookAgainMs);
  }
}

Result<std::optional<std::string>> look_at_scan(Station& station, const Id& id) {
  const Scan* scan = station.desk().find(id);
  if (scan == nullptr) {
    if (station.journal().halted()) return std::unexpected(*station.journal().halted());
    return fail(ErrorCode::kNotFound, "the scan is no longer on the desk");
  }
  if (scan->step == Step::kAsking) return std::optional<std::string>();
  return std::optional(dump(scan_json(*scan, station)));
}

Result<std::optional<std::string>> look_at_group(Station& station, const Id& id) {
  if (station.desk().group() != id) {
    if (station.journal().halted()) return std::unexpected(*station.journal().halted());
    return fail(ErrorCode::kNotFound, "the group is no longer on the desk");
  }
  if (station.desk().state() == SessionState::kAsking) return std::optional<std::string>();
  return std::optional(dump(group_json(station)));
}

// What a call without an answer of its own shows: the whole station.
template <class Act>
Task<HttpResponse> answer_station(Api api, int status, Act act) {
  auto act_and_show = [act, page = api->page](Station& station) mutable -> Result<std::string> {
    CROSSLINE_CHECK_OK(act(station));
    return dump(station_json(station, *page));
  };
  return answer(api, status, act_and_show);
}

Result<Id> id_of(const PathParameters& parameters, std::string_view name) {
  const auto id = id_from(parameters.at(name));
  if (id) return *id;
  return fail(ErrorCode::kNotFound, "'{}' names nothing on the desk", parameters.at(name));
}

movement::Direction direction_of(RequestBody& body) {
  const std::string name = body.text("direction", 1, movement::kMaxNameBytes);
  const auto direction = movement::direction_from(name);
  if (!direction) body.problem("direction", "is none of exit, entry, a_to_b, b_to_a");
  return direction.value_or(movement::Direction::kExit);
}

std::string language_of(RequestBody& body) {
  std::string language = body.text("language", 2, 2);
  if (!std::ranges::all_of(language, [](char c) { return c >= 'a' && c <= 'z'; }))
    body.problem("language", "is no language, such as en");
  return language;
}

Action action_of(RequestBody& body) {
  const std::string action = body.text("action", 1, movement::kMaxNameBytes);
  if (action == "pass") return Action::kPass;
  if (action == "turn_back") return Action::kTurnBack;
  if (action != "acknowledge") body.problem("action", "is none of pass, turn_back, acknowledge");
  return Action::kAcknowledge;
}

With with_of(RequestBody& body) {
  With with;
  const auto scan = id_from(body.text("scan_id", 16, 16));
  const auto relation = movement::relation_from(body.text("relation", 1, movement::kMaxNameBytes));
  if (!scan) body.problem("scan_id", "names no scan");
  if (!relation) body.problem("relation", "is no relation");
  if (scan) with.scan = *scan;
  if (relation) with.relation = *relation;
  return with;
}

// --- the shift

Task<HttpResponse> get_station(Api api, Request, PathParameters) {
  return answer_station(api, 200, [](Station&) { return Result<void>(); });
}

struct PinAttempt {
  bool right = false;
  std::uint64_t wait_ms = 0;
};

// On the thread of `pins`.
PinAttempt try_pin(StationApi* api, const std::string& officer, const std::string& pin) {
  const std::uint64_t now_ms = runtime::SystemClock().steady_ms();
  if (const std::uint64_t wait_ms = api->gate.wait_ms(now_ms); wait_ms > 0) return {false, wait_ms};
  const OfficerRecord* record = api->page->officers.find(officer);
  const bool right = record != nullptr && verify_pin(pin, record->pin_hash);
  if (right) {
    api->gate.passed();
  } else {
    api->gate.failed(now_ms);
  }
  return {right, 0};
}

HttpResponse too_many_attempts(std::uint64_t wait_ms) {
  auto response = runtime::problem(429, "too_many_attempts", "too many wrong PINs in a row");
  auto body = nlohmann::json::parse(response.body);
  body["retry_after_ms"] = wait_ms;
  response.body = dump(body);
  return response;
}

Task<HttpResponse> start_shift_of(Api api, std::string officer, std::string pin,
                                  movement::Direction direction, std::string language) {
  auto attempt = [raw = api.get(), officer, pin] { return try_pin(raw, officer, pin); };
  const Result<PinAttempt> tried = co_await api->pins.run(attempt);
  if (!tried) co_return problem_of(tried.error());
  if (tried->wait_ms > 0) co_return too_many_attempts(tried->wait_ms);
  if (!tried->right) co_return runtime::problem(401, "wrong_pin", "no such officer, or another PIN");
  auto start = [officer, direction, language](Station& station) {
    return station.start_shift(officer, direction, language);
  };
  co_return co_await answer_station(api, 201, start);
}

Task<HttpResponse> start_shift(Api api, Request request, PathParameters) {
  auto body = RequestBody::parse(request->body);
  if (!body) return refuse(body.error());
  const std::string officer = body->text("officer", 1, movement::kMaxNameBytes);
  const std::string pin = body->text("pin", kMinPinBytes, kMaxPinBytes);
  const movement::Direction direction = direction_of(*body);
  const std::string language = language_of(*body);
  if (const auto read = body->finish(); !read) return refuse(read.error());
  return start_shift_of(api, officer, pin, direction, language);
}

Task<HttpResponse> end_shift(Api api, Request, PathParameters) {
  return answer_station(api, 200, [](Station& station) { return station.end_shift(); });
}

Task<HttpResponse> set_direction(Api api, Request request, PathParameters) {
  auto body = RequestBody::parse(request->body);
  if (!body) return refuse(body.error());
  const movement::Direction direction = direction_of(*body);
  if (const auto read = body->finish(); !read) return refuse(read.error());
  return answer_station(api, 200, [direction](Station& station) { return station.set_direction(direction); });
}

Task<HttpResponse> set_language(Api api, Request request, PathParameters) {
  auto body = RequestBody::parse(request->body);
  if (!body) return refuse(body.error());
  const std::string language = language_of(*body);
  if (const auto read = body->finish(); !read) return refuse(read.error());
  return answer_station(api, 200, [language](Station& station) { return station.set_language(language); });
}

// --- one scan

struct ScanRequest {
  ScanInput input;
  std::optional<Id> group;
};

std::vector<movement::DeclaredGoods> goods_of(RequestBody& body, std::vector<RequestBody> items) {
  std::vector<movement::DeclaredGoods> goods;
  for (RequestBody& item : items) {
    movement::DeclaredGoods one;
    one.kind = item.text("kind", 1, movement::kMaxNameBytes);
    one.unit = item.optional_text("unit", 1, movement::kMaxNameBytes).value_or(std::string());
    one.amount = static_cast<std::int64_t>(item.number("amount"));
    body.merge(item);
    goods.push_back(std::move(one));
  }
  return goods;
}

movement::DeclaredConvoy convoy_of(RequestBody& convoy) {
  static constexpr std::uint64_t kMost = 10'000;
  const auto count = [&convoy](const char* key) {
    const std::uint64_t number = convoy.number(key);
    if (number > kMost) convoy.problem(key, "is more than 10,000");
    return static_cast<std::uint32_t>(std::min(number, kMost));
  };
  const std::uint32_t vehicles = count("vehicles");
  const std::uint32_t persons = count("persons");
  return {vehicles, persons, convoy.flag("escorted", false)};
}

std::vector<std::pair<std::string, DeclarationInput::Value>> facts_of(RequestBody& body,
                                                                      const nlohmann::json& facts) {
  std::vector<std::pair<std::string, DeclarationInput::Value>> out;
  for (const auto& [name, value] : facts.items()) {
    if (value.is_boolean()) {
      out.emplace_back(name, value.get<bool>());
    } else if (value.is_number_integer()) {
      out.emplace_back(name, value.get<std::int64_t>());
    } else if (value.is_string()) {
      out.emplace_back(name, value.get<std::string>());
    } else {
      body.problem("facts", "holds a value that is no truth, whole number or text");
    }
  }
  return out;
}

DeclarationInput declaration_of(RequestBody& body) {
  DeclarationInput declared;
  if (const auto mode = body.optional_text("mode", 1, movement::kMaxNameBytes)) {
    declared.mode = movement::mode_from(*mode);
    if (!declared.mode) body.problem("mode", "is neither on_foot nor vehicle");
  }
  if (auto convoy = body.object("convoy")) {
    declared.convoy = convoy_of(*convoy);
    body.merge(*convoy);
  }
  if (auto items = body.objects("goods", limits::kMaxGoods))
    declared.goods = goods_of(body, *std::move(items));
  declared.weapons = body.optional_flag("weapons");
  declared.arms_handed_over = body.optional_flag("arms_handed_over");
  if (const auto* facts = body.map("facts", limits::kMaxDeclaredFacts))
    declared.facts = facts_of(body, *facts);
  return declared;
}

Result<ScanRequest> scan_request_of(const HttpRequest& request) {
  CROSSLINE_TRY(RequestBody body, RequestBody::parse(request.body));
  ScanRequest scan;
  scan.input.text = body.text("text", 1, limits::kMaxScanBytes);
  scan.input.typed = body.flag("typed", false);
  scan.input.category = body.optional_text("category", 1, movement::kMaxNameBytes).value_or(std::string());
  if (auto group = body.object("group")) {
    scan.group = id_from(group->text("group_id", 16, 16));
    if (!scan.group) group->problem("group_id", "names no group");
    if (auto with = group->object("with")) {
      scan.input.with = with_of(*with);
      group->merge(*with);
    }
    body.merge(*group);
  }
  if (auto declared = body.object("declared")) {
    scan.input.declared = declaration_of(*declared);
    body.merge(*declared);
  }
  CROSSLINE_CHECK_OK(body.finish());
  return scan;
}

Task<HttpResponse> scan(Api api, Request request, PathParameters) {
  auto read = scan_request_of(*request);
  if (!read) return refuse(read.error());
  auto act = [scan = *std::move(read)](Station& station) -> Result<Id> {
    if (scan.group) CROSSLINE_CHECK_OK(station.desk().require_group(*scan.group));
    return station.scan(scan.input);
  };
  return answer_when_decided(api, act, look_at_scan);
}

Task<HttpResponse> confirm_reading(Api api, Request, PathParameters parameters) {
  const auto id = id_of(parameters, "scan_id");
  if (!id) return refuse(id.error());
  auto act = [scan = *id](Station& station) -> Result<Id> {
    CROSSLINE_CHECK_OK(station.confirm_reading(scan));
    return scan;
  };
  return answer_when_decided(api, act, look_at_scan);
}

Task<HttpResponse> choose_category(Api api, Request request, PathParameters parameters) {
  const auto id = id_of(parameters, "scan_id");
  if (!id) return refuse(id.error());
  auto body = RequestBody::parse(request->body);
  if (!body) return refuse(body.error());
  const std::string category = body->text("category", 1, movement::kMaxNameBytes);
  if (const auto read = body->finish(); !read) return refuse(read.error());
  auto act = [scan = *id, category](Station& station) -> Result<Id> {
    CROSSLINE_CHECK_OK(station.choose_category(scan, category));
    return scan;
  };
  return answer_when_decided(api, act, look_at_scan);
}

Task<HttpResponse> confirm_scan(Api api, Request request, PathParameters parameters) {
  const auto id = id_of(parameters, "scan_id");
  if (!id) return refuse(id.error());
  auto body = RequestBody::parse(request->body);
  if (!body) return refuse(body.error());
  const Action action = action_of(*body);
  if (const auto read = body->finish(); !read) return refuse(read.error());
  return answer(api, 200, [scan = *id, action](Station& station) -> Result<std::string> {
    CROSSLINE_CHECK_OK(station.confirm(scan, action));
    return dump(scan_json(*station.desk().find(scan), station));
  });
}

// --- groups

Task<HttpResponse> start_group(Api api, Request, PathParameters) {
  return answer(api, 201, [](Station& station) -> Result<std::string> {
    CROSSLINE_CHECK_OK(station.begin_group());
    return dump(group_json(station));
  });
}

Task<HttpResponse> close_group(Api api, Request, PathParameters parameters) {
  const auto id = id_of(parameters, "group_id");
  if (!id) return refuse(id.error());
  auto act = [group = *id](Station& station) -> Result<Id> {
    CROSSLINE_CHECK_OK(station.close_group(group));
    return group;
  };
  return answer_when_decided(api, act, look_at_group);
}

Task<HttpResponse> confirm_group(Api api, Request request, PathParameters parameters) {
  const auto id = id_of(parameters, "group_id");
  if (!id) return refuse(id.error());
  auto body = RequestBody::parse(request->body);
  if (!body) return refuse(body.error());
  const Action action = action_of(*body);
  if (const auto read = body->finish(); !read) return refuse(read.error());
  return answer(api, 200, [group = *id, action](Station& station) -> Result<std::string> {
    CROSSLINE_CHECK_OK(station.confirm_group(group, action));
    return dump(group_json(station));
  });
}

Task<HttpResponse> cancel_group(Api api, Request, PathParameters parameters) {
  const auto id = id_of(parameters, "group_id");
  if (!id) return refuse(id.error());
  return answer_station(api, 200, [group = *id](Station& station) { return station.cancel_group(group); });
}

// --- looking back

Task<HttpResponse> undo(Api api, Request request, PathParameters) {
  constexpr std::size_t kMinReasonBytes = 3;
  auto body = RequestBody::parse(request->body);
  if (!body) return refuse(body.error());
  const JournalIndex index(body->number("journal_index"));
  const std::string reason = body->text("reason", kMinReasonBytes, movement::kMaxReasonBytes);
  if (const auto read = body->finish(); !read) return refuse(read.error());
  return answer(api, 201, [index, reason](Station& station) -> Result<std::string> {
    CROSSLINE_CHECK_OK(station.undo(index, reason));
    const HistoryEntry* entry = station.history().find(index);
    if (entry == nullptr)
      return fail(ErrorCode::kNotFound, "number {} is taken back, and no longer shown", index.value());
    return dump(history_json(*entry, station));
  });
}

Task<HttpResponse> get_recent(Api api, Request, PathParameters) {
  return answer(api, 200, [](Station& station) -> Result<std::string> {
    if (!station.shift()) return fail(ErrorCode::kForbidden, "no shift has been started");
    nlohmann::json entries = nlohmann::json::array();
    const auto& history = station.history().entries();
    for (auto entry = history.rbegin(); entry != history.rend(); ++entry)
      entries.push_back(history_json(*entry, station));
    return dump({{"entries", std::move(entries)}});
  });
}

}  // namespace

HttpResponse problem_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::kForbidden:
      return runtime::problem(403, "no_shift", error.message);
    case ErrorCode::kStorageFull:
    case ErrorCode::kStorageFailed:
    case ErrorCode::kForked:
      return runtime::problem(503, name_of(error.code), error.message);
    default:
      return runtime::problem(error);
  }
}

StationApi::StationApi(StationHost* host_in, std::shared_ptr<const PageSettings> page_in)
    : host(host_in), page(std::move(page_in)), pins("PINs", 1, kMaxQueuedPins) {}

void add_station_routes(runtime::HttpRouter& router, const std::shared_ptr<StationApi>& api) {
  const auto add = [&](std::string method, std::string_view path, Operation operation) {
    router.add(std::move(method), "/api/v1" + std::string(path), bound(api, operation));
  };
  add("GET", "/station", get_station);
  add("POST", "/shift", start_shift);
  add("POST", "/shift/end", end_shift);
  add("POST", "/direction", set_direction);
  add("POST", "/language", set_language);
  add("POST", "/scans", scan);
  add("POST", "/scans/{scan_id}/reading", confirm_reading);
  add("POST", "/scans/{scan_id}/category", choose_category);
  add("POST", "/scans/{scan_id}/confirm", confirm_scan);
  add("POST", "/groups", start_group);
  add("POST", "/groups/{group_id}/close", close_group);
  add("POST", "/groups/{group_id}/confirm", confirm_group);
  add("POST", "/groups/{group_id}/cancel", cancel_group);
  add("POST", "/undo", undo);
  add("GET", "/history/recent", get_recent);
}

namespace {

Task<HttpResponse> respond(HttpResponse response) {
  co_return response;
}

}  // namespace

runtime::HttpHandler guard_station(std::shared_ptr<const runtime::HttpRouter> router,
                                   std::vector<std::string> hosts) {
  auto guard = std::make_shared<const runtime::SiteGuard>(
      runtime::SiteGuard{.hosts = std::move(hosts), .https = false});
  return [router = std::move(router), guard = std::move(guard)](Request request) -> Task<HttpResponse> {
    if (auto refusal = guard->refusal(*request)) return respond(*std::move(refusal));
    if (request->path.starts_with("/api/") && request->headers.find("X-Crossline-Station") != "1") {
      return respond(runtime::problem(403, "forbidden", "the header X-Crossline-Station is missing"));
    }
    if (request->path == "/") {
      HttpResponse redirect = runtime::text_response(302, "text/plain", "");
      redirect.headers.set("Location", "/station.html");
      return respond(std::move(redirect));
    }
    return router->handle(std::move(request));
  };
}

}  // namespace crossline::agent
