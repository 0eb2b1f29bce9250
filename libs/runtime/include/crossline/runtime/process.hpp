// The process and its manager: signals as awaitable values, and systemd's notification socket.
#pragma once

#include "crossline/runtime/task.hpp"

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace crossline::runtime {

// Catches the given signals from construction on; they are kept until asked for.
class Signals {
 public:
  Signals(Executor executor, std::vector<int> numbers);
  ~Signals();
  // The next signal's number, for example SIGTERM.
  [[nodiscard]] Task<int> next();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// To the service manager; nothing happens when there is none (NOTIFY_SOCKET unset).
void notify_ready();
void notify_stopping();
void notify_status(std::string_view status);  // one line, for `systemctl status`
// A start that goes on: the manager waits at least this long from now before it ends it.
void notify_starting(std::uint64_t wait_ms);

}  // namespace crossline::runtime
