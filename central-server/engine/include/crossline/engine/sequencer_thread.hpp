// The sequencer on its thread, behind a bounded queue.
#pragma once

#include "crossline/engine/counters.hpp"
#include "crossline/runtime/queue.hpp"
#include "crossline/server/sequencer.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <thread>

namespace crossline::server {

// Takes whatever queued while the last step ran, live traffic before backlog, and makes one step of it. When
// a step fails the thread answers nobody, reports the failure and ends: the process must stop.
class SequencerThread {
 public:
  // Called on the sequencer's thread with the reply, once; must not block. When the thread ends first it is
  // destroyed uncalled.
  using Done = std::function<void(Reply reply)>;
  // Called on the sequencer's thread after the replies; may block, which holds up the next step.
  using CommitFn = std::function<void(const std::shared_ptr<const Committed>& committed)>;
  using FailureFn = std::function<void(const Error& error)>;
  enum class Lane : std::uint8_t { kLive, kBacklog };

  SequencerThread(Sequencer sequencer, Counters& counters, CommitFn on_commit, FailureFn on_failure);
  ~SequencerThread();

  // Waits for room in the lane. Fails only with kUnavailable, when the thread is stopping.
  [[nodiscard]] runtime::Task<Result<void>> push(Request request, Lane lane, Done done);
  // Asks and blocks the calling thread, which is none of ours, for the reply. kBusy when there is no room,
  // kUnavailable when the thread ended before it answered: what was asked may or may not have been done.
  Result<Reply> ask(Request request);

  // Takes no more requests, finishes what is queued and joins. May be called again.
  void stop();

 private:
  struct Job {
    Request request;
    Done done;
  };
  void work();
  bool step(std::vector<Job> jobs);

  Sequencer sequencer_;
  Counters& counters_;
  CommitFn on_commit_;
  FailureFn on_failure_;
  runtime::BoundedQueue<Job> queue_;
  std::thread thread_;
};

}  // namespace crossline::server
