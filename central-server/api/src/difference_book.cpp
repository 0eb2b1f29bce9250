#include "crossline/api/difference_book.hpp"

#include "crossline/analysis/difference.hpp"

namespace crossline::api {
namespace {

// Of one difference: what the command line would answer after minutes is "not proven" here.
constexpr analysis::Budget kBudget{.steps_per_question = 1'000'000, .questions = 4'000};

}  // namespace

Result<std::string> DifferenceBook::difference(const procedure::Edition& before,
                                               const procedure::Edition& after) {
  const Key key{before.hash(), after.hash()};
  {
    const std::lock_guard lock(kept_mutex_);
    if (const auto known = kept_.find(key); known != kept_.end()) return known->second;
  }
  const std::unique_lock working(working_, std::try_to_lock);
  if (!working) return fail(ErrorCode::kBusy, "another difference is being worked out");
  CROSSLINE_TRY(const auto difference, analysis::compare(before, after, kBudget, {}));
  std::string text = analysis::to_json(before, after, difference);
  const std::lock_guard lock(kept_mutex_);
  if (kept_.size() >= kMaxKept) kept_.erase(kept_.begin());
  return kept_.insert_or_assign(key, std::move(text)).first->second;
}

}  // namespace crossline::api
