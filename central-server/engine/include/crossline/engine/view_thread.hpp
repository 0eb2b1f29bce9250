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

// Two threads: one applies commits, a few milliseconds' worth at once, the other saves what changed, so that
// a slow save never holds up the figures. Readers see whole commits.
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
  // Whether what waits should be applied without gathering more.
  [[nodiscard]] bool is_due() const;
  void apply_all();
  Result<void> apply(const std::deque<std::shared_ptr<const Committed>>& commits);
  void save_all();
  void save();

  mutable std::shared_mutex views_mutex_;
  Views views_;
  ViewStore& store_;
  runtime::LogFn log_;
  FailureFn on_failure_;

  std::mutex mutex_;
  std::condition_variable due_;           // for the applier
  std::condition_variable applied_some_;  // for who waits for it
  std::condition_variable ended_;         // for the saver
  std::deque<std::shared_ptr<const Committed>> waiting_;
  LedgerIndex applied_;
  std::size_t askers_ = 0;  // in wait_for()
  bool stopping_ = false;
  bool applier_ended_ = false;
  bool save_failed_ = false;
  std::thread applier_;
  std::thread saver_;
};

}  // namespace crossline::server
