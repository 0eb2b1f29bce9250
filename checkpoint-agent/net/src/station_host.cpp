#include "crossline/agent/station_host.hpp"

#include "crossline/base/bytes.hpp"
#include "crossline/runtime/timeout.hpp"
#include "crossline/wire/link.hpp"

#include <algorithm>

namespace crossline::agent {
namespace {

constexpr std::size_t kMaxQueuedCalls = 1'024;
constexpr std::uint64_t kMinTickMs = 10;

runtime::Task<Result<void>> notified(runtime::WakeUp change) {
  co_await change.wait();
  co_return Result<void>();
}

bool same(const std::vector<Alarm>& a, const std::vector<Alarm>& b) {
  return std::ranges::equal(
      a, b, [](const Alarm& x, const Alarm& y) { return x.code == y.code && x.message == y.message; });
}

}  // namespace

StationHost::StationHost(runtime::Executor executor, std::unique_ptr<Station> station, runtime::LogFn log)
    : executor_(std::move(executor)),
      log_(std::move(log)),
      station_(std::move(station)),
      sooner_(executor_),
      pool_("the station", 1, kMaxQueuedCalls) {}

runtime::WakeUp StationHost::watch() {
  runtime::WakeUp change(executor_);
  const std::lock_guard lock(mutex_);
  watchers_.push_back(change);
  return change;
}

runtime::Task<> StationHost::wait(runtime::WakeUp change, std::uint64_t timeout_ms) {
  // A timeout is an answer, too.
  (void)co_await runtime::with_timeout(notified(std::move(change)), timeout_ms);
}

runtime::Task<> StationHost::keep_time() {
  auto tick = [](Station& station) {
    station.on_time();
    return std::pair(station.next_deadline_ms(), station.steady_ms());
  };
  for (;;) {
    const auto deadline = co_await call(tick);
    if (!deadline) {
      if (deadline.error().code != ErrorCode::kBusy) co_return;  // the station's thread is ending
      // Whoever waits for the server waits until time tells: it must not stop because much is asked at once.
      co_await runtime::sleep_for(kMinTickMs);
      continue;
    }
    const auto [due_ms, now_ms] = *deadline;
    co_await wait(sooner_, due_ms > now_ms + kMinTickMs ? due_ms - now_ms : kMinTickMs);
  }
}

runtime::Task<> StationHost::connected(Outlet outlet) {
  auto note = [this, outlet](Station& station) {
    outlet_ = outlet;
    station.on_connected();
  };
  (void)co_await call(note);
}

runtime::Task<> StationHost::disconnected(std::shared_ptr<runtime::FrameWriter> writer, LinkReason reason,
                                          std::string detail) {
  auto note = [this, writer, reason, detail](Station& station) {
    if (!outlet_ || outlet_->writer != writer) return;
    outlet_.reset();
    station.on_disconnected(reason, detail);
  };
  (void)co_await call(note);
}

runtime::Task<> StationHost::connect_failed(LinkReason reason, std::string detail) {
  auto note = [reason, detail](Station& station) { station.on_disconnected(reason, detail); };
  (void)co_await call(note);
}

runtime::Task<> StationHost::received(wire::ServerFrame frame) {
  auto take = [frame = std::move(frame)](Station& station) mutable { station.on_frame(std::move(frame)); };
  (void)co_await call(take);
}

runtime::Task<std::uint64_t> StationHost::reconnect_delay_ms() {
  auto ask = [](Station& station) { return station.uplink().reconnect_delay_ms(); };
  const auto delay = co_await call(ask);
  co_return delay.value_or(kReconnectMaxMs);
}

void StationHost::hand_on() {
  send(station_->take_effects());
  log_news();
  const std::uint64_t deadline_ms = station_->next_deadline_ms();
  if (deadline_ms < deadline_ms_.exchange(deadline_ms)) sooner_.notify();
  std::vector<runtime::WakeUp> watchers;
  {
    const std::lock_guard lock(mutex_);
    watchers.swap(watchers_);
  }
  for (runtime::WakeUp& watcher : watchers) watcher.notify();
}

void StationHost::send(Effects effects) {
  if (effects.evidence && keep_evidence_) keep_evidence_(*effects.evidence);
  if (outlet_) {
    for (const wire::AgentFrame& frame : effects.frames) {
      const auto queued = outlet_->writer->try_send(to_bytes(as_bytes(wire::encode_agent_frame(frame))));
      if (queued) continue;
      station_->on_disconnected(LinkReason::kUnreachable, queued.error().message);
      effects.close_link = true;
      break;
    }
  }
  if (!effects.close_link || !outlet_) return;
  outlet_->close.notify();
  outlet_.reset();
}

// What changed of the link and the alarms, once.
void StationHost::log_news() {
  const Uplink& uplink = station_->uplink();
  if (uplink.state() != logged_state_ || uplink.detail() != logged_detail_) {
    logged_state_ = uplink.state();
    logged_detail_ = uplink.detail();
    log_(logged_detail_.empty() ? fmt::format("link {}", name_of(logged_state_))
                                : fmt::format("link {}: {}", name_of(logged_state_), logged_detail_));
  }
  const std::vector<Alarm>& alarms = station_->alarms().all();
  if (same(alarms, logged_alarms_)) return;
  for (const Alarm& alarm : alarms) log_(fmt::format("alarm {}: {}", name_of(alarm.code), alarm.message));
  if (alarms.empty()) log_("no alarm any more");
  logged_alarms_ = alarms;
}

}  // namespace crossline::agent
