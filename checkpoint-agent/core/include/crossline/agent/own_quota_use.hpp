// What this post let through of the quotas today, read from its own journal.
#pragma once

#include "crossline/agent/journal.hpp"
#include "crossline/movement/quota.hpp"
#include "crossline/procedure/edition.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace crossline::agent {

// Reads what is new in the journal whenever it is asked, and of an earlier day nothing. One thread at a time.
class OwnQuotaUse {
 public:
  // What is left today of what the server leased to `agent` at `post`: a fact for each quota of which
  // something was leased and is left. A lease that is spent, like one that never was, is unknown: what the
  // other posts left is not known here. `others` are decided together with this movement: room has to be left
  // for them too. The facts' names point into `edition`.
  Result<std::vector<procedure::QuotaFact>> left(const Journal& journal, const procedure::Edition& edition,
                                                 const movement::Quotas& leased, const movement::Post& post,
                                                 std::uint32_t agent, std::int32_t day, std::size_t others);

 private:
  struct Use {
    JournalIndex index;
    std::string quota;
  };
  Result<void> find_begin(const Journal& journal, const procedure::Edition& edition);
  Result<void> read_on(const Journal& journal, const procedure::Edition& edition, const movement::Post& post);

  std::int32_t day_ = movement::kNoDay;
  std::vector<Use> uses_;  // on day_, before next_
  JournalIndex next_;
};

}  // namespace crossline::agent
