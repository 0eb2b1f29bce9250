// The one thread on which a Station lives, and the way to it for everybody else.
#pragma once

#include "crossline/agent/station.hpp"
#include "crossline/runtime/blocking_pool.hpp"
#include "crossline/runtime/channel.hpp"
#include "crossline/runtime/frame_stream.hpp"
#include "crossline/runtime/task.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace crossline::agent {

// Where what the station says goes while the link is connected.
struct Outlet {
  std::shared_ptr<runtime::FrameWriter> writer;
  runtime::WakeUp close;  // notified when the connection is of no further use
};

// Runs every call on the station's thread, where it may wait for the disk, and right after it, on that
// thread, hands its effects on: frames to the outlet, alarms to the log, news to those who watch. So nothing
// is lost when a caller goes away in the middle. Any coroutine of `executor` calls; must outlive them all.
class StationHost {
 public:
  StationHost(runtime::Executor executor, std::unique_ptr<Station> station, runtime::LogFn log);
  StationHost(const StationHost&) = delete;
  StationHost& operator=(const StationHost&) = delete;

  // What `call(station)` returns, as a Result. `call` is copied and owns all it touches; it must have a name,
  // see "temporaries" in task.hpp. Errors as BlockingPool::run.
  template <class Call>
  [[nodiscard]] auto call(Call& call) {
    auto job = [this, call]() mutable {
      const After after{this};
      return call(*station_);
    };
    return pool_.run(job);
  }
  template <class Call>
  void call(const Call&& temporary) = delete;

  // What to do with evidence against the server; called on the station's thread, where it may wait for the
  // disk. Set before the link is kept.
  void on_evidence(std::function<void(const merkle::Misbehaviour&)> keep) {
    keep_evidence_ = std::move(keep);
  }

  // Notified once after the next call. Take it before looking, and no change is missed.
  [[nodiscard]] runtime::WakeUp watch();
  // Waits for a notification, at most this long.
  [[nodiscard]] static runtime::Task<> wait(runtime::WakeUp change, std::uint64_t timeout_ms);

  // Calls Station::on_time() whenever it is due, until cancelled.
  [[nodiscard]] runtime::Task<> keep_time();

  // The link's side.
  [[nodiscard]] runtime::Task<> connected(Outlet outlet);
  // Nothing when the station has closed that connection itself.
  [[nodiscard]] runtime::Task<> disconnected(std::shared_ptr<runtime::FrameWriter> writer, LinkReason reason,
                                             std::string detail);
  [[nodiscard]] runtime::Task<> connect_failed(LinkReason reason, std::string detail);
  [[nodiscard]] runtime::Task<> received(wire::ServerFrame frame);
  [[nodiscard]] runtime::Task<std::uint64_t> reconnect_delay_ms();

 private:
  struct After {
    StationHost* host;
    ~After() { host->hand_on(); }
  };
  void hand_on();
  void send(Effects effects);
  void log_news();

  runtime::Executor executor_;
  runtime::LogFn log_;
  std::unique_ptr<Station> station_;  // from here to `logged_alarms_`: the station's thread alone
  std::optional<Outlet> outlet_;
  LinkState logged_state_ = LinkState::kDown;
  std::string logged_detail_;
  std::vector<Alarm> logged_alarms_;
  std::function<void(const merkle::Misbehaviour&)> keep_evidence_;
  runtime::WakeUp sooner_;                      // the next deadline has come nearer
  std::atomic<std::uint64_t> deadline_ms_ = 0;  // steady, that keep_time() waits for
  std::mutex mutex_;
  std::vector<runtime::WakeUp> watchers_;  // guarded by mutex_
  runtime::BlockingPool pool_;             // last: its thread ends before what it touches
};

}  // namespace crossline::agent
