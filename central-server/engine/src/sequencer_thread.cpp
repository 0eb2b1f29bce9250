#include "crossline/engine/sequencer_thread.hpp"

#include "crossline/base/limits.hpp"

#include <chrono>
#include <future>
#include <utility>
#include <vector>

namespace crossline::server {

SequencerThread::SequencerThread(Sequencer sequencer, Counters& counters, CommitFn on_commit,
                                 FailureFn on_failure)
    : sequencer_(std::move(sequencer)),
      counters_(counters),
      on_commit_(std::move(on_commit)),
      on_failure_(std::move(on_failure)),
      queue_({{"the queue of live events", limits::kMaxQueuedLiveEvents},
              {"the queue of backlog", limits::kMaxQueuedBacklogEvents}}),
      thread_([this] { work(); }) {}

SequencerThread::~SequencerThread() {
  stop();
}

runtime::Task<Result<void>> SequencerThread::push(Request request, Lane lane, Done done) {
  const std::size_t weight = weight_of(request);
  Job job{std::move(request), std::move(done)};
  co_return co_await queue_.push(std::move(job), weight, static_cast<std::size_t>(lane));
}

Result<Reply> SequencerThread::ask(Request request) {
  auto promise = std::make_shared<std::promise<Reply>>();
  std::future<Reply> reply = promise->get_future();
  const std::size_t weight = weight_of(request);
  Job job{std::move(request),
          [promise = std::move(promise)](Reply given) { promise->set_value(std::move(given)); }};
  CROSSLINE_CHECK_OK(queue_.try_push(std::move(job), weight));
  try {
    return reply.get();
  } catch (const std::future_error&) {  // the thread ended, and the promise with it
    return fail(ErrorCode::kUnavailable, "the server is stopping");
  }
}

void SequencerThread::stop() {
  queue_.close();
  if (thread_.joinable()) thread_.join();
}

void SequencerThread::work() {
  for (;;) {
    std::vector<Job> jobs = queue_.take(limits::kMaxBatchEvents);
    if (jobs.empty() || !step(std::move(jobs))) break;
  }
  // Whoever still waits learns that nobody will answer.
  queue_.close();
  while (!queue_.take_all().empty()) {
  }
}

bool SequencerThread::step(std::vector<Job> jobs) {
  const auto begun = std::chrono::steady_clock::now();
  std::vector<Request> requests;
  requests.reserve(jobs.size());
  for (Job& job : jobs) requests.push_back(std::move(job.request));
  auto stepped = sequencer_.step(std::move(requests));
  if (!stepped) {
    on_failure_(stepped.error());
    return false;
  }
  if (stepped->committed) {
    const auto took = std::chrono::steady_clock::now() - begun;
    counters_.commits += 1;
    counters_.events_recorded += stepped->committed->entries().size();
    counters_.commit_us +=
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(took).count());
  }
  for (std::size_t i = 0; i < jobs.size(); ++i) jobs[i].done(std::move(stepped->replies[i]));
  if (stepped->committed) on_commit_(stepped->committed);
  return true;
}

}  // namespace crossline::server
