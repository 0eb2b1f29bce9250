// What the next edition would change: every movement of now is also decided by it, and the differences are
// counted.
#pragma once

#include "crossline/base/strong.hpp"
#include "crossline/base/time.hpp"
#include "crossline/movement/event.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace crossline::server {

struct Recorded;

// How the edition that was next when a movement was recorded would have decided it.
struct Rehearsed {
  crypto::Hash edition;
  movement::Verdict verdict = movement::Verdict::kRefuse;
  std::vector<std::string> articles;
};

// By the verdict of the next edition where it differs from that in force: newly allowed, referred, refused.
using ShadowCounts = std::array<std::int64_t, 3>;

// One movement that would be decided otherwise.
struct ShadowCase {
  LedgerIndex entry;
  UtcMillis at;
  movement::SubjectId subject;
  std::string checkpoint;
  movement::Direction direction = movement::Direction::kExit;
  std::string category;
  movement::Verdict verdict_now = movement::Verdict::kRefuse;
  std::vector<std::string> articles_now;
  movement::Verdict verdict_next = movement::Verdict::kRefuse;
  std::vector<std::string> articles_next;
};

// Since when, how many, and which. Of one edition: another one begins anew. In memory only, so it begins anew
// with the process as well; the ledger holds all that it is made of. One thread at a time; copies are small.
class Shadow {
 public:
  static constexpr std::size_t kMaxCases = 200;       // the newest
  static constexpr std::size_t kMaxArticles = 1'000;  // further ones count in the total only

  // A movement that was recorded; nothing when it was not rehearsed.
  void note(const Recorded& recorded);

  [[nodiscard]] const std::optional<crypto::Hash>& edition() const { return edition_; }
  [[nodiscard]] UtcMillis since() const { return since_; }  // received_at of the first movement
  [[nodiscard]] std::int64_t movements() const { return movements_; }
  [[nodiscard]] const ShadowCounts& total() const { return total_; }
  // Under the articles that decide otherwise: those of the next edition where it is stricter, those in force
  // where it is milder.
  [[nodiscard]] const std::map<std::string, ShadowCounts>& by_article() const { return by_article_; }
  // Newest first.
  [[nodiscard]] const std::deque<ShadowCase>& cases() const { return cases_; }

 private:
  std::optional<crypto::Hash> edition_;
  UtcMillis since_;
  std::int64_t movements_ = 0;
  ShadowCounts total_{};
  std::map<std::string, ShadowCounts> by_article_;
  std::deque<ShadowCase> cases_;
};

}  // namespace crossline::server
