#include "crossline/procedure/fact_sheet.hpp"

#include "fact_reader.hpp"
#include "strict_json.hpp"
#include "time_units.hpp"

#include <algorithm>

namespace crossline::procedure {
namespace {

constexpr std::int64_t kOrdinaryAge = 30;
constexpr std::int64_t kOrdinaryValidityDays = 365;

}  // namespace

Result<void> FactSheet::read(std::string_view json, const Edition& edition) {
  CROSSLINE_TRY(const Json tree, parse_strict(as_bytes(json)));
  if (!tree.is_object()) return fail(ErrorCode::kMalformed, "facts are one JSON object");
  Reader reader(*this, edition);
  for (const auto& [key, value] : tree.items())
    if (auto read = reader.read(key, value); !read) return std::unexpected(std::move(read.error()).at(key));
  return {};
}

Result<FactSheet> FactSheet::parse(std::string_view json, const Edition& edition) {
  FactSheet sheet;
  CROSSLINE_CHECK_OK(sheet.read(json, edition));
  return sheet;
}

Result<FactSheet> FactSheet::parse_case(std::string_view json, const Edition& edition) {
  FactSheet sheet;
  sheet.assume_ordinary(edition);
  CROSSLINE_TRY(const Json tree, parse_strict(as_bytes(json)));
  CROSSLINE_CHECK_OK(sheet.read(json, edition));
  Facts& facts = sheet.facts_;
  if (!tree.contains("toward_side") && facts.direction.known && facts.post_side.known &&
      facts.post_side.value != PostSide::kJoint) {
    const bool toward_a =
        (facts.post_side.value == PostSide::kA) == (facts.direction.value == Direction::kEntry);
    facts.toward = {toward_a ? Side::kA : Side::kB, Source::kAgent};
  }
  const auto& categories = edition.categories();
  const auto category = facts.category.known
                            ? std::ranges::find(categories, facts.category.value, &Category::name)
                            : categories.end();
  if (category == categories.end()) return sheet;
  const auto& kinds = category->document_kinds;
  if (!tree.contains("document_kind") && !kinds.empty() &&
      std::ranges::find(kinds, "passport") == kinds.end())
    facts.document_kind = {sheet.keep(kinds.front()), Source::kDocument};
  if (!tree.contains("document_issuer") && !category->document_issuers.empty())
    facts.document_issuer = {sheet.keep(category->document_issuers.front()), Source::kDocument};
  if (!tree.contains("side_of_residence") && category->residence)
    facts.side_of_residence = {*category->residence, Source::kDocument};
  return sheet;
}

void FactSheet::assume_ordinary(const Edition& edition) {
  facts_.direction = {Direction::kEntry, Source::kAgent};
  facts_.post_side = {PostSide::kA, Source::kAgent};
  if (!edition.checkpoints().empty())
    facts_.checkpoint = {keep(edition.checkpoints().front().name), Source::kAgent};
  facts_.returning = {false, Source::kReplica};
  facts_.mode = {Mode::kOnFoot, Source::kOfficer};
  facts_.convoy = {Convoy{}, Source::kOfficer};
  facts_.document_kind = {"passport", Source::kDocument};
  facts_.document_days_left = {kOrdinaryValidityDays, Source::kDocument};
  facts_.document_readable = {true, Source::kDocument};
  facts_.age_years = {kOrdinaryAge, Source::kDocument};
  facts_.sex = {Sex::kUnspecified, Source::kDocument};
  facts_.accompanied_by = {RelationSet{}, Source::kOfficer};
  facts_.companions = {0, Source::kOfficer};
  facts_.closed = {false, Source::kReplica};
  facts_.alternates = {true, Source::kReplica};
  for (const List& list : edition.procedure().lists)
    lists_.push_back({keep(list.name), {false, Source::kReplica}});
  facts_.permits = {permits_, Source::kReplica};
  facts_.stays_on_a = {stays_on_a_, Source::kReplica};
  facts_.stays_on_b = {stays_on_b_, Source::kReplica};
  const Fact<std::int64_t> none{0, Source::kReplica};
  facts_.crossings = {.today = none, .this_week = none, .this_month = none};
  for (const Quota& quota : edition.procedure().quotas)
    quotas_.push_back({keep(quota.name), {quota.per_day, Source::kServer}});
  facts_.notice = {Notice{.notified_at = kNeverNotified, .objected_at = {}, .ruled_at = {}}, Source::kServer};
  facts_.goods = {goods_, Source::kOfficer};
  facts_.weapons = {false, Source::kOfficer};
  facts_.arms_handed_over = {false, Source::kOfficer};
  at_ = edition.instant_of(edition.local_day(edition.from()) * kDay_s + kDay_s / 2);
}

Facts FactSheet::facts() const {
  Facts facts = facts_;
  facts.lists = lists_;
  facts.quotas = quotas_;
  facts.declared = declared_;
  facts.overrides = overrides_;
  if (facts.permits.known) facts.permits.value = permits_;
  if (facts.stays_on_a.known) facts.stays_on_a.value = stays_on_a_;
  if (facts.stays_on_b.known) facts.stays_on_b.value = stays_on_b_;
  if (facts.goods.known) facts.goods.value = goods_;
  return facts;
}

}  // namespace crossline::procedure
