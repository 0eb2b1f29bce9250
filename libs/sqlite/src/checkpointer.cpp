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
    // A log without rest begins anew.
    if (static_cast<State*>(self)->note(pages)) (void)move(writer);
    return SQLITE_OK;
  }

  // Whether the writer should move the rest.
  bool note(int pages_now) {
    const std::lock_guard lock(mutex);
    if (pages_now < pages) tried_at = moved = 0;  // the log has begun anew
    pages = pages_now;
    if (pages - tried_at >= kPages) due.notify_one();
    return pages >= kMostPages || (moved > 0 && pages - moved <= kRestPages);
  }

  void work() {
    std::unique_lock lock(mutex);
    for (;;) {
      due.wait(lock, [this] { return stopping || pages - tried_at >= kPages; });
      if (stopping) return;
      const int trying_at = tried_at = pages;
      lock.unlock();
      const int now_moved = move(own.handle());
      lock.lock();
      if (tried_at == trying_at) moved = now_moved;  // else the log has begun anew meanwhile
    }
  }

  // Waits for nobody. Returns how many pages of the log have been moved so far.
  static int move(sqlite3* connection) {
    int in_log = 0;
    int moved = 0;
    const int result =
        sqlite3_wal_checkpoint_v2(connection, "main", SQLITE_CHECKPOINT_PASSIVE, &in_log, &moved);
    return result == SQLITE_OK ? moved : 0;
  }

  Database own;
  sqlite3* const writer;
  std::mutex mutex;
  std::condition_variable due;
  int pages = 0;     // in the log, as of the last commit
  int tried_at = 0;  // `pages` at the last attempt
  int moved = 0;     // of them, as of the last attempt
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
