#include "crossline/sqlite/checkpointer.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include <sqlite3.h>

namespace crossline::sqlite {

struct Checkpointer::State {
  State(Database own_in, sqlite3* writer_in) : own(std::move(own_in)), writer(writer_in) {}

  // Of SQLite, on the writer's thread, after each commit.
  static int committed(void* self, sqlite3* writer, const char*, int pages) {
    static_cast<State*>(self)->note(pages);
    if (pages >= kMostPages) move(writer);  // most was moved already; a log without rest begins anew
    return SQLITE_OK;
  }

  void note(int pages_now) {
    const std::lock_guard lock(mutex);
    if (pages_now < pages) tried_at = 0;  // the log has begun anew
    pages = pages_now;
    if (pages - tried_at >= kPages) due.notify_one();
  }

  void work() {
    std::unique_lock lock(mutex);
    for (;;) {
      due.wait(lock, [this] { return stopping || pages - tried_at >= kPages; });
      if (stopping) return;
      tried_at = pages;
      lock.unlock();
      move(own.handle());
      lock.lock();
    }
  }

  // Waits for nobody.
  static void move(sqlite3* connection) {
    (void)sqlite3_wal_checkpoint_v2(connection, "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  }

  Database own;
  sqlite3* const writer;
  std::mutex mutex;
  std::condition_variable due;
  int pages = 0;     // in the log, as of the last commit
  int tried_at = 0;  // `pages` at the last attempt
  bool stopping = false;
  std::jthread thread;  // last: it uses the rest
};

Result<std::unique_ptr<Checkpointer>> Checkpointer::start(const std::filesystem::path& path,
                                                          Database& writer) {
  CROSSLINE_TRY(Database own, Database::open(path, {.checkpoint_pages = 0}));
  auto state = std::make_unique<State>(std::move(own), writer.handle());
  sqlite3_wal_hook(writer.handle(), &State::committed, state.get());
  state->thread = std::jthread([raw = state.get()] { raw->work(); });
  return std::unique_ptr<Checkpointer>(new Checkpointer(std::move(state)));
}

Checkpointer::Checkpointer(std::unique_ptr<State> state) : state_(std::move(state)) {}

Checkpointer::~Checkpointer() {
  sqlite3_wal_hook(state_->writer, nullptr, nullptr);
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->due.notify_one();
}

}  // namespace crossline::sqlite
