#include "crossline/engine/view_thread.hpp"

#include <chrono>
#include <utility>
#include <vector>

namespace crossline::server {
namespace {

constexpr std::size_t kMaxWaitingCommits = 16;
// Commits gather for a moment, unless somebody waits or this many did: waking for each of them takes more
// time than to apply it, and takes it from those who record.
constexpr std::chrono::milliseconds kGatherTime{5};
constexpr std::size_t kGatheredCommits = kMaxWaitingCommits / 2;
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
  applied_some_.wait(lock, [this] { return waiting_.size() < kMaxWaitingCommits || applier_ended_; });
  waiting_.push_back(std::move(committed));
  if (waiting_.size() == 1 || is_due()) due_.notify_one();
}

bool ViewThread::wait_for(LedgerIndex end) {
  std::unique_lock lock(mutex_);
  ++askers_;
  due_.notify_one();
  applied_some_.wait(lock, [this, end] { return applied_ >= end || applier_ended_; });
  --askers_;
  return applied_ >= end;
}

void ViewThread::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  due_.notify_one();
  if (applier_.joinable()) applier_.join();
  if (saver_.joinable()) saver_.join();
}

bool ViewThread::is_due() const {
  return stopping_ || askers_ > 0 || waiting_.size() >= kGatheredCommits;
}

void ViewThread::apply_all() {
  std::unique_lock lock(mutex_);
  for (;;) {
    due_.wait(lock, [this] { return !waiting_.empty() || stopping_; });
    if (waiting_.empty()) break;
    due_.wait_for(lock, kGatherTime, [this] { return is_due(); });
    auto gathered = std::exchange(waiting_, {});
    applied_some_.notify_all();
    lock.unlock();
    const auto applied = apply(gathered);
    lock.lock();
    if (!applied) break;
    applied_ = gathered.back()->end();
    applied_some_.notify_all();
  }
  applier_ended_ = true;
  applied_some_.notify_all();
  ended_.notify_one();
}

Result<void> ViewThread::apply(const std::deque<std::shared_ptr<const Committed>>& commits) {
  Result<void> applied;
  for (const auto& committed : commits) {
    const std::unique_lock lock(views_mutex_);
    applied = views_.apply(*committed);
    if (!applied) break;
  }
  if (!applied) on_failure_(applied.error());
  return applied;
}

void ViewThread::save_all() {
  save();  // what the start replayed: a server that ends soon again and again does not replay it each time
  auto saved_at = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  while (!applier_ended_) {
    ended_.wait_until(lock, saved_at + kSaveInterval, [this] { return applier_ended_; });
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
