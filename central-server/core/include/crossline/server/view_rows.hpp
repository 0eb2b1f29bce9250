// Views as rows of the view store, and back. Keys sort as what they stand for.
#pragma once

#include "crossline/merkle/tree_head.hpp"
#include "crossline/movement/statistics.hpp"
#include "crossline/movement/world.hpp"
#include "crossline/server/editions.hpp"
#include "crossline/server/notice_book.hpp"
#include "crossline/server/ports.hpp"
#include "crossline/wire/ledger_codec.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace crossline::server {

// Names are written out: ids mean nothing outside the World they come from.
[[nodiscard]] ViewRow subject_row(const movement::SubjectId& subject, const movement::SubjectState& state,
                                  const movement::Names& names);
[[nodiscard]] ViewRow clock_row(const std::string& agent, UtcMillis last);
// A closure in force since the entry `index`; a lifted one has no row.
[[nodiscard]] ViewRow closure_row(LedgerIndex index, const movement::Closure& closure);
[[nodiscard]] ViewRow closure_gone(LedgerIndex index);
// A local day of a quota with its leases, and a part of its uses. A day has the place of the one
// limits::kQuotaDays before it, which nobody counts any more; so there are never more rows than places.
[[nodiscard]] ViewRow quota_row(std::string_view quota, std::int32_t day, const movement::QuotaDay& state);
[[nodiscard]] ViewRow quota_uses_row(std::string_view quota, std::int32_t day,
                                     const movement::QuotaPart& part, std::span<const std::uint64_t> ties);
[[nodiscard]] ViewRow quota_uses_gone(std::string_view quota, std::int32_t day,
                                      const movement::QuotaPart& part);
// A notice that stands; one that was withdrawn has no row.
[[nodiscard]] ViewRow notice_row(const StandingNotice& notice);
[[nodiscard]] ViewRow notice_gone(const movement::SubjectId& subject);
[[nodiscard]] ViewRow cell_row(const movement::CubeKey& key, const movement::CubeCell& cell);
[[nodiscard]] ViewRow article_row(const movement::ArticleKey& key, std::int64_t count);
[[nodiscard]] ViewRow disagreement_row(LedgerIndex index, const movement::SubjectId& subject);
[[nodiscard]] ViewRow disagreement_gone(LedgerIndex index);
// An adopted edition.
[[nodiscard]] ViewRow edition_row(const AdoptedEdition& adopted);

// Of the ledger that the rows are of, where they end: other ledgers have other persons.
[[nodiscard]] ViewRow head_row(const merkle::TreeHead& head);

// The inverses; kCorruptData for bytes that none of the above wrote. Rows of a kind only.
Result<movement::SubjectId> restore_subject(const ViewRow& row, movement::World& world);
Result<void> restore_clock(const ViewRow& row, movement::World& world);
Result<std::pair<LedgerIndex, movement::Closure>> closure_from(const ViewRow& row);
Result<void> restore_quota(const ViewRow& row, movement::Quotas& quotas);
Result<StandingNotice> notice_from(const ViewRow& row);
// After its day; also a part that is gone.
Result<void> restore_quota_uses(const ViewRow& row, movement::Quotas& quotas);
Result<void> restore_cell(const ViewRow& row, movement::StatisticsCube& cube);
Result<void> restore_article(const ViewRow& row, movement::StatisticsCube& cube);
Result<std::pair<LedgerIndex, movement::SubjectId>> disagreement_from(const ViewRow& row);
Result<AdoptedEdition> edition_from(const ViewRow& row);
Result<merkle::TreeHead> head_from(const ViewRow& row);

// A subject's state as ledger entries show it.
[[nodiscard]] wire::StateAfter state_after(const movement::SubjectState& state, const movement::Names& names);

}  // namespace crossline::server
