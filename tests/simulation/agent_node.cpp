#include "tests/simulation/agent_node.hpp"

#include "crossline/crypto/sha256.hpp"
#include "crossline/wire/event_codec.hpp"

#include <utility>

namespace crossline::simulation {
namespace {

constexpr std::uint64_t kConnectMs = 3;

std::uint64_t seed_of(const crypto::Hash& hash) {
  return load_u64_be(hash.bytes.data());
}

}  // namespace

AgentNode::AgentNode(Setup setup, Timeline& timeline, Dice& dice, UtcMillis start, Dial dial, Observe observe)
    : setup_(std::move(setup)),
      timeline_(timeline),
      dice_(dice),
      clock_(timeline, start, setup_.skew_ms),
      random_(seed_of(setup_.journal_seed)),
      dial_(std::move(dial)),
      observe_(std::move(observe)) {}

void AgentNode::start() {
  ++run_;
  auto settings = setup_.settings;
  settings.boot_id = run_;
  auto opened =
      agent::Station::open(std::move(settings), *crypto::Signer::from_seed(setup_.journal_seed.bytes),
                           {journal_, replica_, clock_, random_}, {setup_.sealed, std::nullopt});
  if (!opened) {
    if (!broken_) broken_ = std::move(opened).error();
    return;
  }
  station_ = *std::move(opened);
  const auto first = station_->settings().post.side == movement::PostSide::kJoint
                         ? movement::Direction::kAToB
                         : movement::Direction::kExit;
  check(station_->start_shift("officer-1", first, "en"));
  dial();
  pump();
}

void AgentNode::crash() {
  ++run_;
  station_.reset();
  if (connection_) connection_->cut();
  connection_.reset();
  dialling_ = false;
  timer_ = UINT64_MAX;
  journal_.crash();
  replica_.crash();
}

void AgentNode::lose_link() {
  if (connection_) connection_->cut();
}

void AgentNode::dial() {
  if (std::exchange(dialling_, true)) return;
  timeline_.after(kConnectMs, [this, run = run_] {
    if (run != run_) return;
    dialling_ = false;
    connection_ = dial_();
    if (!connection_) {
      station_->on_disconnected(agent::LinkReason::kUnreachable, "no answer");
      return pump();
    }
    auto* mine = connection_.get();
    connection_->agent_end().receive = [this, run, mine](std::string bytes) {
      if (run != run_ || connection_.get() != mine) return;
      auto frame = wire::decode_server_frame(as_bytes(bytes));
      if (!frame) {
        if (!broken_) broken_ = std::move(frame).error();
        return;
      }
      const auto* answer = std::get_if<wire::Answer>(&*frame);
      if (answer != nullptr) observe_(name(), *answer);
      station_->on_frame(*std::move(frame));
      pump();
    };
    connection_->agent_end().closed = [this, run, mine] {
      if (run != run_ || connection_.get() != mine) return;
      connection_.reset();
      station_->on_disconnected(agent::LinkReason::kUnreachable, "cut");
      pump();
    };
    station_->on_connected();
    pump();
  });
}

void AgentNode::pump() {
  agent::Effects effects = station_->take_effects();
  if (connection_) {
    for (const wire::AgentFrame& frame : effects.frames)
      connection_->to_server(wire::encode_agent_frame(frame));
    if (effects.close_link) {
      connection_->cut();
      connection_.reset();
    }
  }
  schedule_timer();
  if (!connection_ && !dialling_) {
    dialling_ = true;
    timeline_.after(station_->uplink().reconnect_delay_ms(), [this, run = run_] {
      if (run != run_) return;
      dialling_ = false;
      dial();
    });
  }
}

void AgentNode::schedule_timer() {
  const std::uint64_t due = station_->next_deadline_ms();
  if (due == UINT64_MAX || timer_ <= std::max(due, timeline_.now_ms())) return;
  timer_ = std::max(due, timeline_.now_ms() + 1);
  timeline_.at(timer_, [this, run = run_, due = timer_] {
    if (run != run_ || due != timer_) return;
    timer_ = UINT64_MAX;
    station_->on_time();
    pump();
  });
}

void AgentNode::officer_acts(const std::vector<std::string>& documents) {
  const std::uint64_t choice = dice_.below(100);
  const bool joint = station_->settings().post.side == movement::PostSide::kJoint;
  const auto now = station_->shift() ? station_->shift()->direction : movement::Direction::kExit;
  if (choice < 50) {
    ++scans_;
    (void)station_->scan(
        {.text = documents[dice_.below(documents.size())], .typed = false, .category = "", .with = {}});
  } else if (choice < 90) {
    act_on_desk();
  } else if (choice < 96) {
    // Refused while somebody waits at the desk, which is as it should be.
    if (joint) {
      (void)station_->set_direction(now == movement::Direction::kAToB ? movement::Direction::kBToA
                                                                      : movement::Direction::kAToB);
    } else {
      (void)station_->set_direction(now == movement::Direction::kExit ? movement::Direction::kEntry
                                                                      : movement::Direction::kExit);
    }
  } else if (const auto size = station_->journal().size().value(); size > 0) {
    (void)station_->undo(JournalIndex(size - 1 - dice_.below(std::min<std::uint64_t>(size, 4))),
                         "wrong lane");
  }
  pump();
}

void AgentNode::act_on_desk() {
  if (station_->desk().aside()) {
    (void)station_->confirm(station_->desk().aside()->id, agent::Action::kAcknowledge);
    return;
  }
  if (station_->desk().members().empty()) return;
  const agent::Scan& scan = station_->desk().members().front();
  const agent::ScanId id = scan.id;
  if (scan.step == agent::Step::kConfirmReading) (void)station_->confirm_reading(id);
  if (scan.step == agent::Step::kChooseCategory)
    (void)station_->choose_category(id, scan.traveller->categories.front());
  if (scan.step != agent::Step::kDecided) return;
  if (!scan.is_allowed()) {
    (void)station_->confirm(id, agent::Action::kAcknowledge);
  } else {
    (void)station_->confirm(id, dice_.percent(85) ? agent::Action::kPass : agent::Action::kTurnBack);
  }
}

void AgentNode::tamper() {
  if (!connection_ || !station_->journal().head()) return;
  movement::Event forged;
  forged.agent = name();
  forged.journal_index = JournalIndex(station_->journal().size().value());
  forged.recorded_at = clock_.now();
  movement::Movement body;
  body.subject.bytes.fill(0xee);
  body.direction = movement::Direction::kExit;
  body.verdict = movement::Verdict::kAllow;
  forged.body = body;
  wire::Submit submit{forged.journal_index, {wire::encode_event(forged)}, {}, {}};
  random_.fill(submit.head_signature.bytes);
  connection_->to_server(wire::encode_agent_frame(submit));
}

void AgentNode::check(const Result<void>& result) {
  if (!result && result.error().kind() != ErrorKind::kFatal && !broken_) broken_ = result.error();
}

}  // namespace crossline::simulation
