#include "crossline/agent/own_quota_use.hpp"

#include "crossline/wire/event_codec.hpp"

#include <algorithm>
#include <variant>

namespace crossline::agent {
namespace {

constexpr std::uint64_t kReadEvents = 500;  // at a time

}  // namespace

Result<std::vector<procedure::QuotaFact>> OwnQuotaUse::left(const Journal& journal,
                                                            const procedure::Edition& edition,
                                                            const movement::Quotas& leased,
                                                            const movement::Post& post, std::uint32_t agent,
                                                            std::int32_t day, std::size_t others) {
  std::vector<procedure::QuotaFact> facts;
  for (const procedure::Quota& quota : edition.procedure().quotas) {
    const movement::QuotaDay* today = leased.find(quota.name, day);
    const std::int64_t lease = today == nullptr ? 0 : today->leased_to(agent);
    if (lease == 0) continue;
    const bool begins = day != day_ || journal.size().value() < next_.value();
    day_ = day;
    if (begins) CROSSLINE_CHECK_OK(find_begin(journal, edition));
    CROSSLINE_CHECK_OK(read_on(journal, edition, post));
    const std::int64_t left =
        lease - std::ranges::count(uses_, quota.name, &Use::quota) - static_cast<std::int64_t>(others);
    if (left > 0) facts.push_back({quota.name, {left, procedure::Source::kAgent}});
  }
  return facts;
}

// Walks back to the first event of the day.
Result<void> OwnQuotaUse::find_begin(const Journal& journal, const procedure::Edition& edition) {
  uses_.clear();
  next_ = JournalIndex(0);
  for (std::uint64_t end = journal.size().value(); end > 0;) {
    const std::uint64_t first = end - std::min(end, kReadEvents);
    CROSSLINE_TRY(const auto records, journal.read(JournalIndex(first), end - first));
    for (std::uint64_t i = records.size(); i-- > 0;) {
      CROSSLINE_TRY(const movement::Event event, wire::decode_event(as_bytes(records[i].event)));
      if (edition.local_day(event.recorded_at) >= day_) continue;
      next_ = JournalIndex(first + i + 1);
      return {};
    }
    end = first;
  }
  return {};
}

Result<void> OwnQuotaUse::read_on(const Journal& journal, const procedure::Edition& edition,
                                  const movement::Post& post) {
  while (next_.value() < journal.size().value()) {
    CROSSLINE_TRY(const auto records, journal.read(next_, kReadEvents));
    for (const JournalRecord& record : records) {
      CROSSLINE_TRY(const movement::Event event, wire::decode_event(as_bytes(record.event)));
      if (const auto* correction = std::get_if<movement::Correction>(&event.body)) {
        std::erase_if(uses_, [&](const Use& use) { return use.index == correction->journal_index; });
      }
      const auto* movement = std::get_if<movement::Movement>(&event.body);
      if (movement != nullptr && movement->outcome == movement::Outcome::kPassed) {
        for (const procedure::Quota& quota : edition.procedure().quotas) {
          if (movement::counts(quota, post, movement->direction, movement->category))
            uses_.push_back({next_, quota.name});
        }
      }
      next_ = next_.next();
    }
  }
  return {};
}

}  // namespace crossline::agent
