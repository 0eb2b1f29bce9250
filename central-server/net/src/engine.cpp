#include "crossline/server_net/engine.hpp"

#include "crossline/base/assert.hpp"
#include "crossline/base/limits.hpp"
#include "crossline/runtime/system_clock.hpp"

#include <chrono>
#include <deque>
#include <utility>

#include <fmt/format.h>

namespace crossline::server {
namespace {

constexpr std::size_t kMaxCommitsForViews = 64;          // on their way to the views thread
constexpr std::size_t kSaveRows = 50'000;                // changed view rows that are worth a write
constexpr auto kSaveInterval = std::chrono::seconds(2);  // and how long fewer may wait
constexpr auto kReopenInterval = std::chrono::seconds(2);

}  // namespace

// Bounded, thread to thread. The sequencer waits when the views are this far behind.
class Engine::Handover {
 public:
  using Item = std::pair<std::shared_ptr<Run>, std::shared_ptr<const Committed>>;

  void push(Item item) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return items_.size() < kMaxCommitsForViews || closed_; });
    items_.push_back(std::move(item));
    changed_.notify_all();
  }
  // The oldest, or nothing when none came for a while or there will be none.
  std::optional<Item> pop() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kSaveInterval, [this] { return !items_.empty() || closed_; });
    if (items_.empty()) return std::nullopt;
    Item item = std::move(items_.front());
    items_.pop_front();
    changed_.notify_all();
    return item;
  }
  // Waits until the views thread has taken everything.
  void drain() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return items_.empty(); });
  }
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }
  [[nodiscard]] bool finished() const {
    const std::lock_guard lock(mutex_);
    return closed_ && items_.empty();
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Item> items_;
  bool closed_ = false;
};

struct Engine::Life {
  runtime::SystemClock clock;
  std::shared_ptr<Run> run;
  std::optional<Views> views;  // moved to the engine when the life begins
  std::unique_ptr<Sequencer> sequencer;
};

Engine::Run::Run(OpenedStores stores, const LedgerSnapshot& ledger)
    : stores_(std::move(stores)),
      journals_(ledger.journals),
      suspended_(ledger.suspended),
      queue_({{"the queue of live events", limits::kMaxQueuedLiveEvents},
              {"the queue of backlog events", limits::kMaxQueuedBacklogEvents}}),
      hub_(LedgerIndex(ledger.range.size().value())) {}

runtime::Task<Result<void>> Engine::Run::submit(Request request, Replied replied, Lane lane) {
  const std::size_t weight = weight_of(request);
  co_return co_await queue_.push(Item{std::move(request), std::move(replied)}, weight, lane);
}

Result<void> Engine::Run::try_submit(Request request, Replied replied) {
  const std::size_t weight = weight_of(request);
  return queue_.try_push(Item{std::move(request), std::move(replied)}, weight, kLive);
}

Engine::Engine(Options options) : options_(std::move(options)), handover_(std::make_unique<Handover>()) {}

Engine::~Engine() {
  stop();
}

Result<void> Engine::start() {
  CROSSLINE_TRY(first_life_, open_life());
  publish(*first_life_);
  views_thread_ = std::thread([this] { build_views(); });
  sequencer_thread_ = std::thread([this] { sequence(); });
  return {};
}

void Engine::stop() {
  stopping_ = true;
  {
    const std::lock_guard lock(state_mutex_);
    if (run_) run_->queue_.close();
  }
  wake_.notify_all();
  if (sequencer_thread_.joinable()) sequencer_thread_.join();
  handover_->close();
  if (views_thread_.joinable()) views_thread_.join();
}

Result<std::unique_ptr<Engine::Life>> Engine::open_life() {
  auto life = std::make_unique<Life>();
  CROSSLINE_TRY(OpenedStores stores, options_.open_stores());
  CROSSLINE_TRY(Recovered recovered,
                recover(*stores.ledger, *stores.view_rows, [this](std::uint64_t replayed, std::uint64_t of) {
                  options_.log(fmt::format("recovering: {} of {} entries replayed", replayed, of));
                }));
  life->views.emplace(std::move(recovered.views));
  CROSSLINE_TRY(auto signer, options_.ledger_signer());
  CROSSLINE_TRY(auto office, options_.office());
  auto& ledger = *stores.ledger;
  auto& identities = *stores.identities;
  life->run = std::make_shared<Run>(std::move(stores), recovered.line.ledger);
  CROSSLINE_TRY(auto sequencer, Sequencer::open(options_.line, std::move(recovered.line), ledger, identities,
                                                life->clock, std::move(signer), std::move(office)));
  life->sequencer = std::make_unique<Sequencer>(std::move(sequencer));
  const auto* edition = life->sequencer->edition();
  if (edition == nullptr || edition->hash() != crypto::sha256(as_bytes(options_.sealed_edition))) {
    std::vector<Request> requests;
    requests.emplace_back(Adoption{"server", options_.sealed_edition});
    CROSSLINE_TRY(Sequencer::Step adopted, life->sequencer->step(std::move(requests)));
    if (const auto* refusal = std::get_if<Refusal>(&adopted.replies.front()))
      return std::unexpected(refusal->error);
    if (adopted.committed) {
      CROSSLINE_CHECK_OK(life->views->apply(*adopted.committed));
      life->run->hub_.publish({}, adopted.committed->end());
    }
  }
  return life;
}

void Engine::publish(const Life& life) {
  const std::lock_guard lock(state_mutex_);
  run_ = life.run;
  last_run_ = life.run;
  halted_.reset();
  head_ = life.sequencer->head();
  if (life.sequencer->edition() != nullptr) edition_ = *life.sequencer->edition();
  journal_sizes_.clear();
  for (const auto& [agent, journal] : life.sequencer->journals())
    journal_sizes_[agent] = journal.range.size().value();
  const std::lock_guard views_lock(views_mutex_);
  views_.emplace(std::move(*const_cast<Life&>(life).views));
}

void Engine::sequence() {
  std::unique_ptr<Life> life = std::move(first_life_);
  while (!stopping()) {
    if (!life) {
      auto opened = open_life();
      if (opened) {
        life = *std::move(opened);
        publish(*life);
        options_.log("the stores are open again; recording goes on");
      } else {
        halt(std::move(opened).error());
        std::unique_lock lock(state_mutex_);
        wake_.wait_for(lock, kReopenInterval, [this] { return stopping(); });
        continue;
      }
    }
    if (auto failure = sequence_until_failure(*life)) {
      halt(*std::move(failure));
      ++counters_.halts;
      handover_->drain();
      life.reset();
    }
  }
}

std::optional<Error> Engine::sequence_until_failure(Life& life) {
  Run& run = *life.run;
  for (;;) {
    std::vector<Run::Item> items = run.queue_.take(limits::kMaxBatchEvents);
    if (items.empty()) return std::nullopt;  // closed and drained
    std::vector<Request> requests;
    requests.reserve(items.size());
    for (Run::Item& item : items) {
      if (std::holds_alternative<ConsultRequest>(item.request)) ++counters_.consults;
      requests.push_back(std::move(item.request));
    }
    auto step = life.sequencer->step(std::move(requests));
    if (!step) {
      run.over_ = true;
      run.queue_.close();
      const Refusal refusal{step.error(), std::nullopt};
      for (Run::Item& item : items) item.replied(refusal);
      for (Run::Item& item : run.queue_.take_all()) item.replied(refusal);
      run.hub_.close();
      return std::move(step).error();
    }
    CROSSLINE_ASSERT(step->replies.size() == items.size());
    if (step->committed) {
      counters_.events += step->committed->entries().size();
      counters_.batch_events_last = step->committed->entries().size();
      ++counters_.commits;
      const std::lock_guard lock(state_mutex_);
      head_ = step->committed->head();
      for (const Recorded& recorded : step->committed->entries()) {
        journal_sizes_[recorded.entry.agent] = recorded.event.journal_index.value() + 1;
      }
      if (life.sequencer->edition() != nullptr &&
          (!edition_ || edition_->hash() != life.sequencer->edition()->hash()))
        edition_ = *life.sequencer->edition();
    }
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (std::holds_alternative<Refusal>(step->replies[i])) ++counters_.refusals;
      items[i].replied(std::move(step->replies[i]));
    }
    if (step->committed) handover_->push({life.run, std::move(step->committed)});
  }
}

void Engine::halt(Error error) {
  options_.log(fmt::format("nothing can be recorded: {}; trying to recover from disk", error.to_string()));
  const std::lock_guard lock(state_mutex_);
  run_.reset();
  halted_ = std::move(error);
}

void Engine::build_views() {
  auto last_save = std::chrono::steady_clock::now();
  std::shared_ptr<Run> run = last_run();
  for (;;) {
    auto item = handover_->pop();
    if (item) {
      run = item->first;
      apply(run, *item->second);
    }
    const bool finished = handover_->finished();
    const bool many = read_views([](const Views& views) { return views.changed_rows(); }) >= kSaveRows;
    if (finished || many || std::chrono::steady_clock::now() - last_save >= kSaveInterval) {
      save_views(run);
      last_save = std::chrono::steady_clock::now();
    }
    if (finished) return;
  }
}

void Engine::apply(const std::shared_ptr<Run>& run, const Committed& committed) {
  {
    const std::lock_guard lock(views_mutex_);
    // The views of a run that has ended may have been replaced by ones that hold this commit already.
    if (views_->as_of().position == committed.first()) {
      if (auto applied = views_->apply(committed); !applied)
        options_.log(fmt::format("views: {}", applied.error().to_string()));
    }
  }
  views_moved_.notify_all();
  auto chunks = replica_chunks(committed, run->ledger());
  if (chunks) {
    run->hub_.publish(*std::move(chunks), committed.end());
  } else {
    options_.log(fmt::format("replica: {}", chunks.error().to_string()));
    run->hub_.publish({}, committed.end());
  }
}

void Engine::save_views(const std::shared_ptr<Run>& run) {
  std::vector<ViewRow> rows;
  LedgerIndex position;
  {
    const std::lock_guard lock(views_mutex_);
    if (views_->changed_rows() == 0) return;
    rows = views_->take_rows();
    position = views_->as_of().position;
  }
  // What cannot be saved is folded again at the next start.
  if (auto saved = run->stores_.view_rows->save(position, rows); !saved) {
    options_.log(fmt::format("the views were not saved and will be rebuilt: {}", saved.error().to_string()));
    (void)run->stores_.view_rows->clear();
  }
}

std::shared_ptr<Engine::Run> Engine::run() const {
  const std::lock_guard lock(state_mutex_);
  return run_;
}

std::shared_ptr<Engine::Run> Engine::last_run() const {
  const std::lock_guard lock(state_mutex_);
  return last_run_;
}

std::optional<Error> Engine::halted() const {
  const std::lock_guard lock(state_mutex_);
  return halted_;
}

std::optional<wire::SignedHead> Engine::head() const {
  const std::lock_guard lock(state_mutex_);
  return head_;
}

std::map<std::string, std::uint64_t> Engine::journal_sizes() const {
  const std::lock_guard lock(state_mutex_);
  return journal_sizes_;
}

std::optional<procedure::Edition> Engine::edition() const {
  const std::lock_guard lock(state_mutex_);
  return edition_;
}

Result<void> Engine::wait_for_views(LedgerIndex entry, std::uint64_t limit_ms) const {
  std::unique_lock lock(views_mutex_);
  const bool there = views_moved_.wait_for(lock, std::chrono::milliseconds(limit_ms),
                                           [&] { return views_->as_of().position > entry; });
  if (!there)
    return fail(ErrorCode::kTimeout, "the views have not come to entry {} in {} ms", entry.value(), limit_ms);
  return {};
}

}  // namespace crossline::server
