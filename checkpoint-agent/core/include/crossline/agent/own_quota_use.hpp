// What this post let through of the quotas today, read from its own journal.
#pragma once

#include "crossline/agent/journal.hpp"
#include "crossline/movement/quota.hpp"
#include "crossline/procedure/edition_book.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace crossline::agent {

// Reads what is new in the journal whenever it is asked, and of an earlier day nothing. One thread at a time.
class OwnQuotaUse {
 public:
  // What is left at `now` of what the server leased to `agent` at `post` for today, when `others` are decided
  // together with whoever asks: a fact for each quota of the edition of `now` of which something was leased
  // and is left. A lease that is spent, like one that never was, is unknown: what the other posts left is not
  // known here. Every movement is counted by the edition of its own time. The facts' names point into
  // `editions`, which may not be empty.
  Result<std::vector<procedure::QuotaFact>> left(const Journal& journal,
                                                 const procedure::EditionBook& editions,
                                                 const movement::Quotas& leased, const movement::Post& post,
                                                 std::uint32_t agent, UtcMillis now, std::size_t others);

 private:
  struct Use {
    JournalIndex index;
    std::string quota;
  };
  Result<void> find_begin(const Journal& journal, const procedure::EditionBook& editions);
  Result<void> read_on(const Journal& journal, const procedure::EditionBook& editions,
                       const movement::Post& post);

  std::int32_t day_ = movement::kNoDay;
  std::size_t editions_ = 0;  // in the book by which uses_ were counted
  std::vector<Use> uses_;     // on day_, before next_
  JournalIndex next_;
};

}  // namespace crossline::agent
