#include "crossline/agent/own_quota_use.hpp"

#include "crossline/wire/event_codec.hpp"

#include <algorithm>
#include <variant>

namespace crossline::agent {
namespace {

constexpr std::uint64_t kReadEvents = 500;  // at a time

std::int32_t day_of(const procedure::EditionBook& editions, UtcMillis instant) {
  return static_cast<std::int32_t>(editions.at(instant)->local_day(instant));
}

}  // namespace

Result<std::vector<procedure::QuotaFact>> OwnQuotaUse::left(const Journal& journal,
                                                            const procedure::EditionBook& editions,
                                                            const movement::Quotas& leased,
                                                            const movement::Post& post, std::uint32_t agent,
                                                            UtcMillis now, std::size_t others) {
  const std::int32_t day = day_of(editions, now);
  std::vector<procedure::QuotaFact> facts;
  for (const procedure::Quota& quota : editions.at(now)->procedure().quotas) {
    const movement::QuotaDay* today = leased.find(quota.name, day);
    const std::int64_t lease = today == nullptr ? 0 : today->leased_to(agent);
    if (lease == 0) continue;
    if (day != day_ || editions.editions().size() != editions_) {
      day_ = day;
      editions_ = editions.editions().size();
      CROSSLINE_CHECK_OK(find_begin(journal, editions));
    }
    CROSSLINE_CHECK_OK(read_on(journal, editions, post));
    const std::int64_t left =
        lease - std::ranges::count(uses_, quota.name, &Use::quota) - static_cast<std::int64_t>(others);
    if (left > 0) facts.push_back({quota.name, {left, procedure::Source::kAgent}});
  }
  return facts;
}

// Walks back to the first event of the day.
Result<void> OwnQuotaUse::find_begin(const Journal& journal, const procedure::EditionBook& editions) {
  uses_.clear();
  next_ = JournalIndex(0);
  for (std::uint64_t end = journal.size().value(); end > 0;) {
    const std::uint64_t first = end - std::min(end, kReadEvents);
    CROSSLINE_TRY(const auto records, journal.read(JournalIndex(first), end - first));
    for (std::uint64_t i = records.size(); i-- > 0;) {
      CROSSLINE_TRY(const movement::Event event, wire::decode_event(as_bytes(records[i].event)));
      if (day_of(editions, event.recorded_at) >= day_) continue;
      next_ = JournalIndex(first + i + 1);
      return {};
    }
    end = first;
  }
  return {};
}

Result<void> OwnQuotaUse::read_on(const Journal& journal, const procedure::EditionBook& editions,
                                  const movement::Post& post) {
  while (next_.value() < journal.size().value()) {
    CROSSLINE_TRY(const auto records, journal.read(next_, kReadEvents));
    for (const JournalRecord& record : records) {
      CROSSLINE_TRY(const movement::Event event, wire::decode_event(as_bytes(record.event)));
      if (const auto* correction = std::get_if<movement::Correction>(&event.body))
        std::erase_if(uses_, [&](const Use& use) { return use.index == correction->journal_index; });
      const auto* movement = std::get_if<movement::Movement>(&event.body);
      if (movement != nullptr && movement->outcome == movement::Outcome::kPassed) {
        for (const procedure::Quota& quota : editions.at(event.recorded_at)->procedure().quotas) {
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
