#include "crossline/engine/view_thread.hpp"

#include <chrono>
#include <utility>
#include <vector>

namespace crossline::server {
namespace {

constexpr std::size_t kMaxWaitingCommits = 16;
// A start after a crash replays at most about this much of the ledger.
constexpr std::chrono::seconds kSaveInterval{15};

}  // namespace

ViewThread::ViewThread(Views views, ViewStore& store, runtime::LogFn log, FailureFn on_failure)
    : views_(std::move(views)),
      store_(store),
      log_(std::move(log)),
      on_failure_(std::move(on_failure)),
      applied_(views_.as_of().position),
      applier_([this] { apply_all(); }),
      saver_([this] { save_all(); }) {}

ViewThread::~ViewThread() {
  stop();
}

void ViewThread::push(std::shared_ptr<const Committed> committed) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return waiting_.size() < kMaxWaitingCommits || applier_ended_; });
  waiting_.push_back(std::move(committed));
  changed_.notify_all();
}

bool ViewThread::wait_for(LedgerIndex end) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this, end] { return applied_ >= end || applier_ended_; });
  return applied_ >= end;
}

void ViewThread::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (applier_.joinable()) applier_.join();
  if (saver_.joinable()) saver_.join();
}

void ViewThread::apply_all() {
  for (;;) {
    std::shared_ptr<const Committed> next;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return !waiting_.empty() || stopping_; });
      if (waiting_.empty()) break;
      next = std::move(waiting_.front());
      waiting_.pop_front();
    }
    Result<void> applied;
    {
      const std::unique_lock lock(views_mutex_);
      applied = views_.apply(*next);
    }
    if (!applied) {
      on_failure_(applied.error());
      break;
    }
    const std::lock_guard lock(mutex_);
    applied_ = next->end();
    changed_.notify_all();
  }
  const std::lock_guard lock(mutex_);
  applier_ended_ = true;
  changed_.notify_all();
}

void ViewThread::save_all() {
  save();  // what the start replayed: a server that ends soon again and again does not replay it each time
  auto saved_at = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  while (!applier_ended_) {
    changed_.wait_until(lock, saved_at + kSaveInterval, [this] { return applier_ended_; });
    lock.unlock();
    save();
    saved_at = std::chrono::steady_clock::now();
    lock.lock();
  }
  lock.unlock();
  save();
}

void ViewThread::save() {
  if (save_failed_) return;
  LedgerIndex position;
  std::vector<ViewRow> rows;
  {
    const std::unique_lock lock(views_mutex_);
    if (views_.changed_rows() == 0) return;
    position = views_.as_of().position;
    rows = views_.take_rows();
  }
  if (const auto saved = store_.save(position, rows); !saved) {
    save_failed_ = true;
    log_("views are not saved any more and will be rebuilt at the next start: " + saved.error().to_string());
  }
}

}  // namespace crossline::server
