#include "tests/simulation/simulation.hpp"

#include "crossline/crypto/sha256.hpp"
#include "crossline/movement/state_bytes.hpp"
#include "tests/simulation/agent_node.hpp"
#include "tests/simulation/checks.hpp"
#include "tests/simulation/server_node.hpp"
#include "tests/support/sample_edition.hpp"
#include "tools/travellers/travellers.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include <fmt/format.h>

namespace crossline::simulation {
namespace {

constexpr UtcMillis kStart{1'790'000'000'000};  // 2026-09-21, within the test edition
constexpr std::string_view kLine = "test-line";

crypto::Hash seed_for(std::string_view what) {
  return crypto::sha256(as_bytes(what));
}
crypto::PublicKey public_key_of(std::string_view what) {
  return crypto::Signer::from_seed(seed_for(what).bytes)->public_key();
}

std::vector<Enrolled> enrolled_agents() {
  return {{"bridge-a-1", {"bridge", movement::PostSide::kA}, public_key_of("bridge-a-1")},
          {"bridge-b-1", {"bridge", movement::PostSide::kB}, public_key_of("bridge-b-1")},
          {"valley-j-1", {"valley", movement::PostSide::kJoint}, public_key_of("valley-j-1")}};
}

std::vector<std::string> documents_of_a_few_people() {
  using std::chrono::year;
  constexpr std::uint32_t kPeople = 8;
  std::vector<std::string> documents;
  for (const tools::Traveller& traveller : tools::generate_travellers(kPeople, 1, 7, year{2026} / 9 / 21)) {
    for (const tools::TravellerDocument& document : traveller.documents) documents.push_back(document.text);
  }
  return documents;
}

// In every third run exits are counted, and posts without a link live on what was leased to them.
constexpr std::int64_t kExitsPerDay = 24;
std::optional<std::int64_t> exits_per_day(std::uint64_t seed) {
  return seed % 3 == 0 ? std::optional(kExitsPerDay) : std::nullopt;
}
std::string edition_of(std::uint64_t seed, int number, std::string_view from) {
  if (!exits_per_day(seed)) return testing::sealed_edition(number, from);
  return testing::sealed_edition(number, from,
                                 fmt::format(R"toml(
[quota.exits]
per_day   = {}
direction = "exit"
[[article]]
id         = "{}"
text       = "So many leave in a day."
require    = {{ quota = "exits" }}
otherwise  = "refuse"
if_unknown = "refuse"
)toml",
                                             kExitsPerDay, kQuotaArticle));
}

// The second edition has the same rules, and begins amid the faults.
std::vector<std::string> editions_of(const Options& options) {
  const UtcMillis begins = kStart.plus(static_cast<std::int64_t>(options.chaos_ms / 2));
  return {edition_of(options.seed, 1, "2026-09-01T00:00:00"),
          edition_of(options.seed, 2,
                     format_utc(begins).substr(0, std::string_view("YYYY-MM-DDTHH:MM:SS").size()))};
}

class World {
 public:
  explicit World(const Options& options)
      : options_(options),
        dice_(options.seed),
        clock_(timeline_, kStart, 0),
        checks_(std::string(kLine), enrolled_agents(), public_key_of("ledger"), public_key_of("office"),
                exits_per_day(options.seed)),
        server_({std::string(kLine), enrolled_agents(), seed_for("ledger"), seed_for("office"),
                 editions_of(options)},
                timeline_, dice_, clock_),
        documents_(documents_of_a_few_people()) {
    checks_.expect_editions(editions_of(options));
    draw_weather();
    for (const Enrolled& enrolled : enrolled_agents()) add_agent(enrolled);
    server_.ledger().faults.sync_writes(!planted(PlantedBug::kAcknowledgeBeforeSync));
  }

  Outcome run() {
    server_.start();
    for (auto& agent : agents_) agent->start();
    schedule_chaos();
    while (timeline_.now_ms() < options_.chaos_ms && proceed()) {
    }
    calm_down();
    const std::uint64_t end_ms = timeline_.now_ms() + options_.calm_ms;
    while (timeline_.now_ms() < end_ms && !converged() && proceed()) {
    }
    finish();
    return std::move(outcome_);
  }

 private:
  void add_agent(const Enrolled& enrolled) {
    agent::Settings settings;
    settings.line = kLine;
    settings.agent = enrolled.agent;
    settings.post = enrolled.post;
    settings.line_key = seed_for("line").bytes;
    settings.ledger_key = public_key_of("ledger");
    settings.double_scan_ms = 2'000;
    const auto skew_ms = static_cast<std::int64_t>(dice_.between(0, 4'000)) - 2'000;
    agents_.push_back(std::make_unique<AgentNode>(
        AgentNode::Setup{std::move(settings), seed_for(enrolled.agent), editions_of(options_).front(),
                         skew_ms},
        timeline_, dice_, kStart, [this] { return dial(); },
        [this](const std::string& agent, const wire::Answer& answer) {
          checks_.acknowledged(agent, answer);
        }));
  }

  std::shared_ptr<Connection> dial() {
    if (!server_.up() || partitioned_) return nullptr;
    auto connection = std::make_shared<Connection>(timeline_, dice_, weather_);
    server_.accept(connection);
    return connection;
  }

  void draw_weather() {
    weather_.max_delay_ms = dice_.between(1, 60);
    weather_.drop = static_cast<unsigned>(dice_.below(4));
    weather_.repeat = static_cast<unsigned>(dice_.below(5));
    weather_.reorder = static_cast<unsigned>(dice_.below(4));
    weather_.cut = static_cast<unsigned>(dice_.below(3));
  }

  void schedule_chaos() {
    for (auto& agent : agents_) schedule_officer(*agent);
    schedule_fault();
    schedule_office();
  }

  void schedule_officer(AgentNode& agent) {
    timeline_.after(dice_.between(5, 400), [this, &agent] {
      if (calm_) return;
      if (agent.up()) agent.officer_acts(documents_);
      schedule_officer(agent);
    });
  }

  void schedule_office() {
    timeline_.after(dice_.between(300, 2'500), [this] {
      if (calm_) return;
      supervisor_acts();
      schedule_office();
    });
  }

  // Most acts are refused for good reasons, as a day's acts are.
  void supervisor_acts() {
    if (!server_.up()) return;
    const auto party = [this] { return std::string(dice_.percent(50) ? "A" : "B"); };
    const auto& subjects = server_.sequencer().world().subjects();
    const std::uint64_t choice = dice_.below(6);
    if (choice == 0 || subjects.empty()) {
      const auto day = static_cast<std::int32_t>(clock_.now().ms / 86'400'000);
      const auto amount = static_cast<std::int64_t>(dice_.between(1, 5));
      return server_.act(movement::QuotaLease{"exits", agents_[dice_.below(agents_.size())]->name(), day,
                                              amount, party(), "", 0});
    }
    const auto anybody =
        std::next(subjects.begin(), static_cast<std::ptrdiff_t>(dice_.below(subjects.size())));
    const movement::SubjectId& who = anybody->first;
    const UtcMillis later = clock_.now().plus(static_cast<std::int64_t>(dice_.between(1, 20'000)));
    switch (choice) {
      case 1:
        return server_.act(movement::ListChange{"hold", who, dice_.percent(60), party(), ""});
      case 2:
        return server_.act(
            movement::PermitChange{"aid", who, dice_.percent(40), clock_.now(), later, party(), ""});
      case 3:
        return server_.act(movement::OverrideGrant{who, "4(3)", party() + ".supervisor", ""});
      default:
        return server_.act(
            movement::NoticeAct{who, static_cast<movement::NoticeStep>(dice_.below(5)), party(), ""});
    }
  }

  void schedule_fault() {
    timeline_.after(dice_.between(200, 4'000), [this] {
      if (calm_) return;
      inject();
      schedule_fault();
    });
  }

  void inject() {
    AgentNode& agent = *agents_[dice_.below(agents_.size())];
    switch (dice_.below(9)) {
      case 0:
        return crash_server();
      case 1:
        return crash_agent(agent);
      case 2:
        note("cut " + agent.name());
        ++outcome_.cuts;
        return agent.lose_link();
      case 3:
        note("partition");
        partitioned_ = true;
        for (auto& one : agents_) one->lose_link();
        return timeline_.after(dice_.between(500, 8'000), [this] { partitioned_ = false; });
      case 4:
        note("the ledger's next write fails");
        return server_.ledger().faults.fail_next(std::array{testing::WriteFault::kFailsAndIsLost,
                                                            testing::WriteFault::kFailsAndIsKept,
                                                            testing::WriteFault::kFull}[dice_.below(3)]);
      case 5:
        note("the next write of " + agent.name() + " fails");
        return agent.journal().fail_next_append(ErrorCode::kStorageFailed, dice_.percent(50));
      case 6:
        note("the clock of " + agent.name() + " jumps");
        return agent.clock().jump(static_cast<std::int64_t>(dice_.between(0, 7'200'000)) - 3'600'000);
      case 7:
        note("the weather changes");
        return draw_weather();
      default:
        if (options_.tamper && agent.up()) {
          note("somebody writes into the link of " + agent.name());
          agent.tamper();
        }
    }
  }

  void crash_server() {
    if (!server_.up()) return;
    note("the server crashes");
    ++outcome_.server_crashes;
    server_.crash();
    timeline_.after(dice_.between(10, 5'000), [this] {
      if (!server_.up()) server_.start();
    });
  }

  void crash_agent(AgentNode& agent) {
    if (!agent.up()) return;
    note(agent.name() + " crashes");
    ++outcome_.agent_crashes;
    agent.crash();
    timeline_.after(dice_.between(10, 5'000), [&agent] {
      if (!agent.up()) agent.start();
    });
  }

  void calm_down() {
    note("calm");
    calm_ = true;
    partitioned_ = false;
    weather_ = Weather{.max_delay_ms = 5};
    (void)server_.ledger().faults.take();
    for (auto& agent : agents_) agent->journal().set_full(false);
  }

  // One action, and every invariant after it.
  bool proceed() {
    if (!timeline_.step()) return false;
    checks_.follow(server_);
    if (traced_entries_ != checks_.entries()) trace(checks_.root().hex());
    traced_entries_ = checks_.entries();
    trace(fmt::format("{} {} {}", timeline_.now_ms(), checks_.entries(), checks_.acknowledgements()));
    for (auto& agent : agents_) follow_replica(*agent);
    if (server_.broken()) checks_.find("the server: " + server_.broken()->to_string());
    for (auto& agent : agents_) {
      if (agent->broken()) checks_.find(agent->name() + ": " + agent->broken()->to_string());
    }
    return checks_.findings().empty();
  }

  // I4 on a replica, as often as it has caught up with what the naive model has read.
  void follow_replica(AgentNode& agent) {
    if (!has_caught_up(agent) || compared_[agent.name()] == checks_.entries()) return;
    compared_[agent.name()] = checks_.entries();
    for (const auto& [subject, person] : checks_.people())
      checks_.compare_replica(agent.name(), subject, agent.station().state_of(subject));
  }

  // Everything its journal holds is in the ledger and known to be there, and its replica holds the whole of
  // it.
  [[nodiscard]] bool has_caught_up(AgentNode& agent) {
    return agent.up() && !agent.station().journal().halted() && agent.station().journal().unsent() == 0 &&
           agent.station().replica().position().value() == checks_.entries();
  }

  // I6
  [[nodiscard]] bool converged() {
    return server_.up() &&
           std::ranges::all_of(agents_, [this](auto& agent) { return has_caught_up(*agent); });
  }

  void finish() {
    checks_.finish(server_);
    outcome_.virtual_ms = timeline_.now_ms();
    outcome_.entries = checks_.entries();
    outcome_.acknowledgements = checks_.acknowledgements();
    for (auto& agent : agents_) outcome_.scans += agent->scans();
    if (checks_.findings().empty() && !converged())
      checks_.find("I6: no convergence after the last fault: " + what_is_missing());
    if (checks_.findings().empty()) compare_replicas();
    if (checks_.findings().empty()) compare_leases();
    outcome_.findings = checks_.findings();
    outcome_.trace = trace_.finish().hex();
  }

  [[nodiscard]] std::string what_is_missing() {
    if (!server_.up()) return "the server is down";
    std::string missing;
    for (auto& agent : agents_) {
      if (!agent->up()) {
        missing += fmt::format("{} is down; ", agent->name());
        continue;
      }
      missing += fmt::format("{}: link {} ({}), {} unsent, replica at {} of {}{}; ", agent->name(),
                             name_of(agent->station().uplink().state()), agent->station().uplink().detail(),
                             agent->station().journal().unsent(),
                             agent->station().replica().position().value(), checks_.entries(),
                             agent->station().journal().halted()
                                 ? ", halted: " + agent->station().journal().halted()->message
                                 : "");
    }
    return missing;
  }

  void compare_leases() {
    for (const auto& [quota, days] : server_.sequencer().world().line().quotas.all()) {
      for (const auto& [day, state] : days) {
        for (auto& agent : agents_) {
          const std::uint32_t tag = movement::agent_tag(agent->name());
          const auto* known = agent->station().replica().line().quotas.find(quota, day);
          const std::int64_t leased = known == nullptr ? 0 : known->leased_to(tag);
          if (leased != state.leased_to(tag))
            checks_.find(fmt::format("I5: {} holds a lease of {}, the server says {}", agent->name(), leased,
                                     state.leased_to(tag)));
        }
      }
    }
  }

  // Not only the statuses: stays, crossings, goods, permits, lists and words, to the last byte.
  void compare_replicas() {
    const crypto::Hash newest = server_.sequencer().editions().newest()->hash();
    for (auto& agent : agents_) {
      if (agent->station().editions().newest()->hash() != newest)
        checks_.find("I6: " + agent->name() + " does not hold the newest edition");
    }
    const movement::World& world = server_.sequencer().world();
    for (const auto& [subject, state] : world.subjects()) {
      movement::SubjectState of_server = state;
      of_server.last_entry.reset();  // replicas are not told of attempts and look-ups
      const std::string expected = movement::encode_state(of_server, world.names());
      for (auto& agent : agents_) {
        const auto known = agent->station().state_of(subject);
        if (!known) {
          checks_.find(agent->name() + ": " + known.error().to_string());
        } else if (movement::encode_state(*known, agent->station().replica().names()) != expected) {
          checks_.find(fmt::format("I4: {} has another record than the server: {} where the server says {}",
                                   agent->name(), words_for(known->now), words_for(state.now)));
        }
      }
    }
  }

  void note(const std::string& what) {
    if (options_.print) fmt::print("{:>8} ms  {}\n", timeline_.now_ms(), what);
    trace(what);
  }
  void trace(const std::string& line) { trace_.update(as_bytes(line)).update(as_bytes("\n")); }

  Options options_;
  Timeline timeline_;
  Dice dice_;
  NodeClock clock_;
  Weather weather_;
  Checks checks_;
  ServerNode server_;
  std::vector<std::unique_ptr<AgentNode>> agents_;
  std::vector<std::string> documents_;
  crypto::Sha256 trace_;
  std::uint64_t traced_entries_ = 0;
  std::map<std::string, std::uint64_t> compared_;  // by agent: how many entries, when last compared
  Outcome outcome_;
  bool partitioned_ = false;
  bool calm_ = false;
};

}  // namespace

Outcome simulate(const Options& options) {
  return World(options).run();
}

}  // namespace crossline::simulation
