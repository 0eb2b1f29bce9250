// station-api.yaml against the code: every operation is there, nothing else is, and every answer is as
// described.
#include "station_api.hpp"

#include "crossline/base/text.hpp"
#include "crossline/crypto/random.hpp"
#include "crossline/runtime/io_threads.hpp"
#include "crossline/runtime/timeout.hpp"
#include "slip_api.hpp"
#include "slip_words.hpp"
#include "tests/support/agent/desk.hpp"
#include "tests/support/net.hpp"
#include "tests/support/openapi/json_schema.hpp"
#include "tests/support/openapi/yaml.hpp"

#include <algorithm>
#include <latch>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace crossline::agent {
namespace {

using nlohmann::json;
using runtime::HttpRequest;
using runtime::HttpResponse;
using testing::adult;
using testing::child;
using testing::Specimen;

constexpr std::string_view kHost = "127.0.0.1:7080";
constexpr std::string_view kPin = "2580";

struct Answer {
  int status = 0;
  json body;
  runtime::HttpHeaders headers;
};

class StationApiTest : public ::testing::Test {
 protected:
  StationApiTest() {
    Settings settings;
    settings.line = "river-line";
    settings.agent = "bridge-a-1";
    settings.post = {"bridge", movement::PostSide::kA};
    settings.ledger_key = testing::Desk::ledger_signer().public_key();
    settings.posts = {
        {"bridge-b-1", {"bridge", movement::PostSide::kB}, testing::Desk::signer_of(3).public_key()}};
    auto station =
        Station::open(std::move(settings), testing::Desk::journal_signer(),
                      {journal_, replica_, clock_, random_}, {testing::desk_edition(), std::nullopt});
    PageSettings page{{}, "enter"};
    EXPECT_TRUE(page.officers.put({"officer-7", hash_pin(kPin, random_).value(), "en", {"staff"}}));
    host_ =
        std::make_unique<StationHost>(io_.executor(), std::move(station).value(), [](std::string_view) {});
    auto router = std::make_shared<runtime::HttpRouter>();
    const auto api =
        std::make_shared<StationApi>(host_.get(), std::make_shared<const PageSettings>(std::move(page)));
    add_station_routes(*router, api);
    add_slip_routes(*router, api);
    routes_ = router->routes();
    add_slip_page(*router, api);
    handler_ = guard_station(router, {std::string(kHost)});
  }

  // What a page of ours sends.
  static HttpRequest request(const std::string& method, const std::string& target,
                             const json& body = nullptr) {
    HttpRequest request;
    request.method = method;
    EXPECT_TRUE(runtime::parse_target(target, request));
    request.headers.add("Host", std::string(kHost));
    request.headers.add("X-Crossline-Station", "1");
    if (!body.is_null()) request.body = body.dump();
    return request;
  }
  Answer send(HttpRequest request) {
    const auto shared = std::make_shared<const HttpRequest>(std::move(request));
    const HttpResponse response = testing::run(io_, handler_(shared));
    return {response.status, json::parse(response.body, nullptr, false), response.headers};
  }
  // Sends it, and holds the answer against its description.
  Answer call(const std::string& method, const std::string& path, const json& body = nullptr) {
    const Answer answer = send(request(method, "/api/v1" + path, body));
    for (const std::string& violation : violations(method, path, answer))
      ADD_FAILURE() << method << ' ' << path << ' ' << answer.status << ": " << violation << '\n'
                    << answer.body.dump(1);
    return answer;
  }
  json expect(int status, const Answer& answer) {
    EXPECT_EQ(answer.status, status) << answer.body.dump(1);
    return answer.body;
  }
  void start_shift() {
    expect(201, call("POST", "/shift",
                     {{"officer", "officer-7"}, {"pin", kPin}, {"direction", "exit"}, {"language", "en"}}));
  }
  json scan(const std::string& text, const json& group = nullptr) {
    json body = {{"text", text}};
    if (!group.is_null()) body["group"] = group;
    return expect(200, call("POST", "/scans", body));
  }
  Answer confirm(const json& scan, const std::string& action) {
    return call("POST", "/scans/" + scan["scan_id"].get<std::string>() + "/confirm", {{"action", action}});
  }

  std::vector<std::string> violations(const std::string& method, const std::string& path,
                                      const Answer& answer) {
    const json* operation = nullptr;
    for (const auto& [pattern, item] : description_["paths"].items()) {
      std::string name = method;
      std::ranges::transform(name, name.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
      if (fits(pattern, path) && item.contains(name)) operation = &item[name];
    }
    if (operation == nullptr) return {"not described"};
    const json& responses = (*operation)["responses"];
    const std::string status = std::to_string(answer.status);
    const json* response = &responses[responses.contains(status) ? status : "default"];
    const testing::SchemaChecker checker(description_);
    if (response->contains("$ref")) response = &checker.at((*response)["$ref"].get<std::string>());
    return checker.violations((*response)["content"].begin().value()["schema"], answer.body);
  }
  static bool fits(std::string_view pattern, std::string_view path) {
    const auto wanted = split(pattern, '/');
    const auto given = split(path, '/');
    return wanted.size() == given.size() &&
           std::ranges::equal(wanted, given, [](std::string_view a, std::string_view b) {
             return a.starts_with('{') || a == b;
           });
  }

  json description_ = testing::read_yaml("checkpoint-agent/app/station-api.yaml");
  testing::MemoryJournalStore journal_;
  testing::MemoryReplicaStore replica_;
  testing::ManualClock clock_{testing::kMonday};
  testing::SeededRandom random_{3};
  runtime::IoThreads io_{1};
  std::unique_ptr<StationHost> host_;
  std::vector<std::string> routes_;
  runtime::HttpHandler handler_;
};

TEST_F(StationApiTest, HasEveryOperationOfTheDescriptionAndNoOther) {
  std::set<std::string> described;
  for (const auto& [path, item] : description_["paths"].items()) {
    for (const auto& [method, operation] : item.items())
      described.insert((method == "get" ? "GET " : "POST ") + ("/api/v1" + path));
  }
  EXPECT_EQ(std::set(routes_.begin(), routes_.end()), described);
}

TEST_F(StationApiTest, ShowsTheStationBeforeAndInAShift) {
  const json before = expect(200, call("GET", "/station"));
  EXPECT_TRUE(before["shift"].is_null());
  EXPECT_EQ(before["officers"][0]["id"], "officer-7");
  start_shift();
  const json in_shift = expect(200, call("GET", "/station"));
  EXPECT_EQ(in_shift["shift"]["officer"], "officer-7");
  EXPECT_TRUE(in_shift["officers"].empty());
  EXPECT_EQ(in_shift["queue"]["count"], 1);
  EXPECT_EQ(in_shift["directions"], json({"exit", "entry"}));
}

TEST_F(StationApiTest, IssuesASlipAndPrintsIt) {
  start_shift();
  const json scanned = scan(adult().scan());
  const json done = expect(200, confirm(scanned, "pass"));
  const std::string index = std::to_string(done["recorded"]["journal_index"].get<int>());
  const json slip = expect(200, call("GET", "/slips/" + index));
  EXPECT_TRUE(slip["text"].get<std::string>().starts_with("SLIP1"));
  EXPECT_EQ(slip["record"]["direction"], "exit");
  expect(409, call("GET", "/slips/0"));
  expect(404, call("GET", "/slips/99"));
  expect(404, call("GET", "/slips/x"));

  for (const SlipWords& words : all_slip_words()) {
    const std::string language(words.language);
    HttpRequest page = request("GET", "/slip/" + index + "?language=" + language);
    const HttpResponse printed =
        testing::run(io_, handler_(std::make_shared<const HttpRequest>(std::move(page))));
    EXPECT_EQ(printed.status, 200);
    for (const std::string_view said : {words.title, words.how, words.contest, words.name})
      EXPECT_NE(printed.body.find(said), std::string::npos) << language;
    EXPECT_NE(printed.body.find("<html lang=\"" + language), std::string::npos);
    for (const SlipWords& other : all_slip_words())
      EXPECT_NE(printed.body.find(fmt::format("href=\"?language={}\"", other.language)), std::string::npos);
    EXPECT_NE(printed.body.find("<svg"), std::string::npos);
    EXPECT_NE(printed.body.find(slip["reference"].get<std::string>()), std::string::npos);
    EXPECT_EQ(printed.body.find("SAMPLE"), std::string::npos);  // nobody's name
  }
}

TEST_F(StationApiTest, ReadsASlipOfAnotherPost) {
  expect(403, call("POST", "/slips", {{"text", "SLIP1"}}));
  start_shift();
  EXPECT_EQ(expect(200, call("POST", "/slips", {{"text", "SLIP1AA"}}))["outcome"], "malformed");
  const auto across = testing::Desk::across();
  across->start_shift(movement::Direction::kEntry);
  across->pass(adult());
  const std::string text = across->station().issue_slip(JournalIndex(1))->text;
  const json reading = expect(200, call("POST", "/slips", {{"text", text}}));
  EXPECT_EQ(reading["outcome"], "learnt");
  EXPECT_EQ(reading["record"]["agent"], "bridge-b-1");
  EXPECT_EQ(expect(200, call("POST", "/slips", {{"text", text}}))["outcome"], "known");
  expect(400, call("POST", "/slips", {{"text", std::string(1'537, 'A')}}));
}

TEST_F(StationApiTest, TakesNothingWithoutAShift) {
  for (const std::string path : {"/shift/end", "/groups"})
    EXPECT_EQ(expect(403, call("POST", path))["code"], "no_shift");
  EXPECT_EQ(expect(403, call("POST", "/scans", {{"text", adult().scan()}}))["code"], "no_shift");
  EXPECT_EQ(expect(403, call("POST", "/undo", {{"journal_index", 0}, {"reason", "none"}}))["code"],
            "no_shift");
  EXPECT_EQ(expect(403, call("GET", "/history/recent"))["code"], "no_shift");
}

TEST_F(StationApiTest, LetsNobodyTryPins) {
  json attempt = {{"officer", "officer-7"}, {"pin", "0000"}, {"direction", "exit"}, {"language", "en"}};
  for (int i = 0; i < 5; ++i) EXPECT_EQ(expect(401, call("POST", "/shift", attempt))["code"], "wrong_pin");
  attempt["pin"] = kPin;
  const json refused = expect(429, call("POST", "/shift", attempt));
  EXPECT_EQ(refused["code"], "too_many_attempts");
  EXPECT_GT(refused["retry_after_ms"], 0);
}

TEST_F(StationApiTest, SaysTheSameOfAnUnknownOfficerAsOfAWrongPin) {
  const json attempt = {{"officer", "nobody"}, {"pin", kPin}, {"direction", "exit"}, {"language", "en"}};
  EXPECT_EQ(expect(401, call("POST", "/shift", attempt))["code"], "wrong_pin");
}

TEST_F(StationApiTest, TakesAPersonThrough) {
  start_shift();
  const json scanned = scan(adult().scan());
  EXPECT_EQ(scanned["step"], "decided");
  EXPECT_EQ(scanned["decision"]["verdict"], "allow");
  EXPECT_EQ(scanned["decision"]["decided"], "offline");
  EXPECT_EQ(scanned["document"]["primary_name"], "SAMPLE");
  EXPECT_EQ(expect(200, call("GET", "/station"))["scan"]["scan_id"], scanned["scan_id"]);
  const json done = expect(200, confirm(scanned, "pass"));
  EXPECT_EQ(done["step"], "done");
  EXPECT_EQ(done["recorded"]["outcome"], "passed");
  EXPECT_EQ(expect(200, confirm(scanned, "pass"))["recorded"], done["recorded"]) << "repeated";
  EXPECT_EQ(expect(409, confirm(scanned, "turn_back"))["code"], "conflict");
  EXPECT_TRUE(expect(200, call("GET", "/station"))["scan"].is_null());
}

TEST_F(StationApiTest, ShowsWhyADocumentCannotBeUsed) {
  start_shift();
  const json nothing = scan("hello");
  EXPECT_EQ(nothing["step"], "unreadable");
  EXPECT_EQ(nothing["fields"][0]["field"], "zone");
  const json acknowledged = expect(200, confirm(nothing, "acknowledge"));
  EXPECT_EQ(acknowledged["step"], "done");
  EXPECT_EQ(acknowledged["fields"][0]["field"], "zone");
  std::string wrong = adult().scan();
  wrong[wrong.find('\n') + 10] = wrong[wrong.find('\n') + 10] == '9' ? '4' : '9';
  const json typed = expect(200, call("POST", "/scans", {{"text", wrong}, {"typed", true}}));
  EXPECT_EQ(typed["step"], "unreadable");
  EXPECT_EQ(typed["fields"][0]["field"], "number");
  EXPECT_EQ(typed["fields"][0]["status"], "wrong_check_digit");
  EXPECT_EQ(expect(200, confirm(typed, "acknowledge"))["step"], "done");
}

TEST_F(StationApiTest, AsksForTheEyeAndForTheCategory) {
  start_shift();
  Specimen from_b = adult();
  from_b.issuer = "XBB";
  std::string text = from_b.scan();
  text[text.find("850304") + 1] = 'S';
  const json read = scan(text);
  EXPECT_EQ(read["step"], "confirm_reading");
  const std::string path = "/scans/" + read["scan_id"].get<std::string>();
  const json choose = expect(200, call("POST", path + "/reading"));
  EXPECT_EQ(choose["step"], "choose_category");
  EXPECT_EQ(choose["fitting_categories"], json({"resident_b", "worker"}));
  EXPECT_EQ(expect(400, call("POST", path + "/category", {{"category", "resident_a"}}))["code"],
            "invalid_argument");
  EXPECT_EQ(expect(200, call("POST", path + "/category", {{"category", "worker"}}))["step"], "decided");
}

TEST_F(StationApiTest, TakesAFamilyThrough) {
  start_shift();
  const json group = expect(201, call("POST", "/groups"));
  const std::string id = group["group_id"];
  const json mother = scan(adult().scan(), {{"group_id", id}});
  EXPECT_EQ(mother["step"], "collected");
  const json son = scan(
      child().scan(), {{"group_id", id}, {"with", {{"scan_id", mother["scan_id"]}, {"relation", "parent"}}}});
  EXPECT_EQ(son["with"]["relation"], "parent");
  EXPECT_EQ(expect(200, call("GET", "/station"))["group"]["members"].size(), 2u);
  const json decided = expect(200, call("POST", "/groups/" + id + "/close"));
  EXPECT_EQ(decided["state"], "decided");
  EXPECT_EQ(decided["verdict"], "allow");
  const json done = expect(200, call("POST", "/groups/" + id + "/confirm", {{"action", "pass"}}));
  EXPECT_EQ(done["members"][1]["recorded"]["outcome"], "passed");
  EXPECT_TRUE(expect(200, call("GET", "/station"))["group"].is_null());
}

TEST_F(StationApiTest, GivesUpAGroup) {
  start_shift();
  const std::string id = expect(201, call("POST", "/groups"))["group_id"];
  scan(adult().scan());
  EXPECT_EQ(expect(409, call("POST", "/groups"))["code"], "conflict");
  expect(200, call("POST", "/groups/" + id + "/cancel"));
  EXPECT_EQ(expect(404, call("POST", "/groups/" + id + "/close"))["code"], "not_found");
}

TEST_F(StationApiTest, LooksBackAndTakesBack) {
  start_shift();
  const json passed = expect(200, confirm(scan(adult().scan()), "pass"));
  scan(child().scan());
  const json entries = expect(200, call("GET", "/history/recent"))["entries"];
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0]["outcome"], "referred");
  EXPECT_EQ(entries[1]["journal_index"], passed["recorded"]["journal_index"]);
  EXPECT_FALSE(entries[1]["sent"]);
  const json undone = expect(
      201, call("POST", "/undo", {{"journal_index", entries[1]["journal_index"]}, {"reason", "wrong lane"}}));
  EXPECT_TRUE(undone["corrected"]);
  EXPECT_TRUE(undone["undo_until"].is_null());
  EXPECT_EQ(expect(409, call("POST", "/undo", {{"journal_index", 1}, {"reason", "again"}}))["code"],
            "conflict");
}

TEST_F(StationApiTest, ShowsAPassageThatIsRepeated) {
  start_shift();
  confirm(scan(adult().scan()), "pass");
  const json again = scan(adult().scan());
  EXPECT_EQ(again["step"], "repeated");
  EXPECT_EQ(again["previous"]["checkpoint"], "bridge");
}

TEST_F(StationApiTest, SwitchesLaneAndLanguage) {
  start_shift();
  EXPECT_EQ(expect(200, call("POST", "/direction", {{"direction", "entry"}}))["shift"]["direction"], "entry");
  EXPECT_EQ(expect(400, call("POST", "/direction", {{"direction", "a_to_b"}}))["code"], "invalid_argument");
  EXPECT_EQ(expect(200, call("POST", "/language", {{"language", "ru"}}))["shift"]["language"], "ru");
  EXPECT_EQ(scan(adult().scan())["decision"]["reasons"][0]["text"], "Жители и работники переходят.");
  EXPECT_EQ(expect(409, call("POST", "/direction", {{"direction", "exit"}}))["code"], "conflict");
  EXPECT_TRUE(expect(200, call("POST", "/shift/end"))["shift"].is_null());
}

TEST_F(StationApiTest, SaysThatNothingCanBeRecorded) {
  start_shift();
  const json scanned = scan(adult().scan());
  journal_.set_full(true);
  EXPECT_EQ(expect(503, confirm(scanned, "pass"))["code"], "storage_full");
  EXPECT_EQ(expect(503, call("POST", "/scans", {{"text", adult().scan()}}))["code"], "storage_full");
  const json station = expect(200, call("GET", "/station"));
  EXPECT_EQ(station["recording"], json({{"ok", false}, {"code", "storage_full"}}));
  EXPECT_EQ(station["alarms"][0]["code"], "recording_stopped");
}

TEST_F(StationApiTest, SaysThatTheJournalIsInDispute) {
  start_shift();
  auto dispute = [](Station& station) {
    station.on_connected();
    station.on_frame(
        wire::LinkError{.code = "forked", .message = "the journal has shown two histories", .retry = false});
    return station.journal().halted().has_value();
  };
  EXPECT_TRUE(testing::run(io_, host_->call(dispute)).value());
  EXPECT_EQ(expect(503, call("POST", "/scans", {{"text", adult().scan()}}))["code"], "forked");
  const json station = expect(200, call("GET", "/station"));
  EXPECT_EQ(station["recording"], json({{"ok", false}, {"code", "forked"}}));
}

TEST_F(StationApiTest, TakesWhatTheOfficerDeclares) {
  start_shift();
  EXPECT_EQ(expect(200, call("GET", "/station"))["asked"]["goods"], json::array());
  const json declared = {{"mode", "vehicle"},
                         {"convoy", {{"vehicles", 2}, {"persons", 9}, {"escorted", true}}},
                         {"goods", json::array()},
                         {"weapons", false}};
  const json scan = expect(200, call("POST", "/scans", {{"text", adult().scan()}, {"declared", declared}}));
  expect(200, confirm(scan, "pass"));
  const auto event = wire::decode_event(as_bytes(journal_.records().back().event)).value();
  const auto& movement = std::get<movement::Movement>(event.body);
  EXPECT_EQ(movement.declared.mode, procedure::Mode::kVehicle);
  EXPECT_EQ(movement.declared.convoy, (movement::DeclaredConvoy{2, 9, true}));
  EXPECT_EQ(movement.declared.goods, std::vector<movement::DeclaredGoods>());
  EXPECT_EQ(movement.declared.weapons, false);
  EXPECT_FALSE(movement.declared.arms_handed_over.has_value());
  const json unknown = {{"goods", {{{"kind", "gold"}, {"amount", 1}}}}};
  EXPECT_EQ(expect(400, call("POST", "/scans", {{"text", adult(2).scan()}, {"declared", unknown}}))["code"],
            "invalid_argument");
}

TEST_F(StationApiTest, RefusesBodiesThatAreNotAsDescribed) {
  start_shift();
  const std::vector<std::pair<std::string, json>> bad = {
      {"/scans", json::object()},
      {"/scans", {{"text", ""}}},
      {"/scans", {{"text", std::string(1'025, 'x')}}},
      {"/scans", {{"text", "x"}, {"more", 1}}},
      {"/scans", {{"text", "x"}, {"group", {{"group_id", "short"}}}}},
      {"/scans", json::array()},
      {"/scans", {{"text", "x"}, {"declared", {{"mode", "boat"}}}}},
      {"/scans", {{"text", "x"}, {"declared", {{"weapons", "none"}}}}},
      {"/scans", {{"text", "x"}, {"declared", {{"goods", {{"kind", "cash"}}}}}}},
      {"/scans", {{"text", "x"}, {"declared", {{"goods", {{{"kind", "cash"}, {"amount", -1}}}}}}}},
      {"/scans", {{"text", "x"}, {"declared", {{"convoy", {{"vehicles", 3}}}}}}},
      {"/scans", {{"text", "x"}, {"declared", {{"facts", {{"manifest", nullptr}}}}}}},
      {"/scans", {{"text", "x"}, {"declared", {{"color", "red"}}}}},
      {"/direction", {{"direction", "up"}}},
      {"/language", {{"language", "English"}}},
      {"/undo", {{"journal_index", -1}, {"reason", "none"}}},
      {"/undo", {{"journal_index", 1}, {"reason", "x"}}}};
  for (const auto& [path, body] : bad) EXPECT_EQ(call("POST", path, body).status, 400) << path << body;
  EXPECT_EQ(expect(404, call("POST", "/scans/0000000000000000/confirm", {{"action", "pass"}}))["code"],
            "not_found");
  EXPECT_EQ(expect(404, call("POST", "/scans/XYZ/reading"))["code"], "not_found");
}

TEST_F(StationApiTest, KeepsPagesOfOthersOut) {
  HttpRequest without_header = request("GET", "/api/v1/station");
  without_header.headers = {};
  without_header.headers.add("Host", std::string(kHost));
  EXPECT_EQ(send(without_header).status, 403);
  HttpRequest rebound = request("GET", "/api/v1/station");
  rebound.headers.set("Host", "attacker.example:7080");
  EXPECT_EQ(send(rebound).status, 421);
  HttpRequest cross = request("POST", "/api/v1/shift/end");
  cross.headers.add("Sec-Fetch-Site", "cross-site");
  EXPECT_EQ(send(cross).status, 403);
  HttpRequest foreign = request("POST", "/api/v1/shift/end");
  foreign.headers.add("Origin", "http://attacker.example");
  EXPECT_EQ(send(foreign).status, 403);
}

TEST_F(StationApiTest, LeadsToThePage) {
  const Answer answer = send(request("GET", "/"));
  EXPECT_EQ(answer.status, 302);
  EXPECT_EQ(answer.headers.find("Location"), "/station.html");
}

// --- the station's thread, of which more is asked than it takes

struct Gate {
  std::latch entered{1};
  std::latch released{1};
};
runtime::Task<> hold_the_station(StationHost* host, std::shared_ptr<Gate> gate) {
  auto hold = [gate](Station&) {
    gate->entered.count_down();
    gate->released.wait();
    return true;
  };
  (void)co_await host->call(hold);
}
runtime::Task<Result<std::uint64_t>> journal_size(StationHost* host) {
  auto ask = [](Station& station) { return station.journal().size().value(); };
  co_return co_await host->call(ask);
}
runtime::Task<> ask_for_nothing(StationHost* host) {
  (void)co_await journal_size(host);
}
runtime::Task<int> wait_a_moment() {
  co_await runtime::sleep_for(20);
  co_return 0;
}

TEST_F(StationApiTest, TimeGoesOnWhenMoreWasAskedThanIsTaken) {
  start_shift();
  const std::uint64_t size = testing::run(io_, journal_size(host_.get())).value();
  clock_.advance(static_cast<std::int64_t>(kQuietJournalMs));  // time to say in the journal that all is well
  const auto gate = std::make_shared<Gate>();
  runtime::TaskGroup tasks(2'000, [](std::string_view line) { ADD_FAILURE() << line; });
  ASSERT_TRUE(tasks.spawn(io_.new_strand(), "occupant", hold_the_station(host_.get(), gate)));
  gate->entered.wait();
  const runtime::Executor strand = io_.new_strand();
  for (int i = 0; i < 1'100; ++i) EXPECT_TRUE(tasks.spawn(strand, "asking", ask_for_nothing(host_.get())));
  (void)testing::run(io_, wait_a_moment());
  EXPECT_EQ(testing::run(io_, journal_size(host_.get())).error().code, ErrorCode::kBusy);
  ASSERT_TRUE(tasks.spawn(strand, "time", host_->keep_time()));
  (void)testing::run(io_, wait_a_moment());
  gate->released.count_down();
  const auto deadline = runtime::Deadline::in_ms(testing::kSoonMs);
  while (testing::run(io_, journal_size(host_.get())).value_or(size) == size && !deadline.passed())
    (void)testing::run(io_, wait_a_moment());
  EXPECT_EQ(testing::run(io_, journal_size(host_.get())).value(), size + 1);
  io_.run(tasks.shutdown());
}

}  // namespace
}  // namespace crossline::agent
