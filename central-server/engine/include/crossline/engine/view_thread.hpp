// The views, kept up to date behind the sequencer and saved now and then.
#pragma once

#include "crossline/runtime/task.hpp"
#include "crossline/server/views.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <thread>

namespace crossline::server {

// Two threads: one applies commits as they come, the other saves what changed, so that a slow save never
// holds up the figures. Readers see whole commits.
class ViewThread {
 public:
  using FailureFn = std::function<void(const Error& error)>;
  // A save that fails is logged and is the last one: the views are folded from the ledger at the next start.
  // A commit that cannot be applied is a failure of the ledger's store.
  ViewThread(Views views, ViewStore& store, runtime::LogFn log, FailureFn on_failure);
  ~ViewThread();

  // Blocks while many commits wait.
  void push(std::shared_ptr<const Committed> committed);
  // What `query` makes of the views; any thread, several at once. It must not block.
  template <class Query>
  [[nodiscard]] auto read(Query query) const {
    const std::shared_lock lock(views_mutex_);
    return query(views_);
  }
  // Blocks until everything before `end` is counted; false when the thread ends first.
  [[nodiscard]] bool wait_for(LedgerIndex end);

  // Applies what waits, saves, joins. May be called again.
  void stop();

 private:
  void apply_all();
  void save_all();
  void save();

  mutable std::shared_mutex views_mutex_;
  Views views_;
  ViewStore& store_;
  runtime::LogFn log_;
  FailureFn on_failure_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<const Committed>> waiting_;
  LedgerIndex applied_;
  bool stopping_ = false;
  bool applier_ended_ = false;
  bool save_failed_ = false;
  std::thread applier_;
  std::thread saver_;
};

}  // namespace crossline::server
