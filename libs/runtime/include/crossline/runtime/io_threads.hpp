// The threads that run coroutines.
#pragma once

#include "crossline/runtime/task.hpp"

#include <cstddef>
#include <memory>

namespace crossline::runtime {

// An I/O context run by `threads` threads. Ignores SIGPIPE for the process: a closed peer is an error value.
// The destructor stops the context and joins; everything that runs on it must have been shut down before.
class IoThreads {
 public:
  explicit IoThreads(std::size_t threads);
  ~IoThreads();
  IoThreads(const IoThreads&) = delete;
  IoThreads& operator=(const IoThreads&) = delete;

  // The whole context: coroutines of one strand each should be made with new_strand().
  [[nodiscard]] Executor executor() const;
  [[nodiscard]] Executor new_strand() const;

  // Runs `task` on a new strand and blocks the calling thread, not one of ours, until it ends. An exception
  // of the task comes out of here. This is how main() enters the world of coroutines.
  void run(Task<> task);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A strand on the same context as `executor`.
[[nodiscard]] Executor make_strand_of(const Executor& executor);

}  // namespace crossline::runtime
