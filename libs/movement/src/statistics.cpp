#include "crossline/movement/statistics.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace crossline::movement {
namespace {

constexpr std::array<std::string_view, 6> kBandNames{"0-4", "5-11", "12-17", "18-59", "60+", "unknown"};

std::uint64_t mix(std::uint64_t value) {
  value ^= value >> 33;
  value *= 0xff51afd7ed558ccdULL;
  value ^= value >> 33;
  return value;
}

}  // namespace

AgeBand age_band(std::optional<std::uint16_t> age_years) {
  if (!age_years) return AgeBand::kUnknown;
  if (*age_years < 5) return AgeBand::k0To4;
  if (*age_years < 12) return AgeBand::k5To11;
  if (*age_years < 18) return AgeBand::k12To17;
  return *age_years < 60 ? AgeBand::k18To59 : AgeBand::k60AndOver;
}

std::string_view name_of(AgeBand band) {
  return kBandNames[std::to_underlying(band)];
}

std::size_t StatisticsCube::PackedHash::operator()(const Packed& packed) const noexcept {
  const std::uint64_t names =
      (std::uint64_t{packed.checkpoint} << 32) | (std::uint64_t{packed.category} << 16) | packed.issuer;
  const std::uint64_t enums = (std::uint64_t{packed.post} << 40) | (std::uint64_t{packed.direction} << 32) |
                              (std::uint64_t{packed.outcome} << 24) | (std::uint64_t{packed.verdict} << 16) |
                              (std::uint64_t{packed.sex} << 8) | packed.age;
  return mix(mix(static_cast<std::uint32_t>(packed.day) ^ names) ^ enums);
}

StatisticsCube::Packed StatisticsCube::pack(const CubeKey& key) {
  return {.day = key.day,
          .checkpoint = names_.intern(key.checkpoint).value(),
          .category = names_.intern(key.category).value(),
          .issuer = names_.intern(key.issuer).value(),
          .post = std::to_underlying(key.post),
          .direction = std::to_underlying(key.direction),
          .outcome = std::to_underlying(key.outcome),
          .verdict = std::to_underlying(key.verdict),
          .sex = std::to_underlying(key.sex),
          .age = std::to_underlying(key.age)};
}

CubeKey StatisticsCube::unpack(const Packed& packed) const {
  return {.day = packed.day,
          .checkpoint = names_.name(NameId(packed.checkpoint)),
          .post = static_cast<PostSide>(packed.post),
          .direction = static_cast<Direction>(packed.direction),
          .outcome = static_cast<Outcome>(packed.outcome),
          .verdict = static_cast<Verdict>(packed.verdict),
          .category = names_.name(NameId(packed.category)),
          .sex = static_cast<Sex>(packed.sex),
          .age = static_cast<AgeBand>(packed.age),
          .issuer = names_.name(NameId(packed.issuer))};
}

ArticleKey StatisticsCube::unpack(const PackedArticle& packed) const {
  return {packed.day, names_.name(NameId(packed.checkpoint)), names_.name(NameId(packed.article)),
          static_cast<Outcome>(packed.outcome)};
}

void StatisticsCube::add(std::int32_t day, const Post& post, const Movement& movement,
                         std::optional<std::int64_t> between_ms, int times) {
  const Packed key{.day = day,
                   .checkpoint = names_.intern(post.checkpoint).value(),
                   .category = names_.intern(movement.category).value(),
                   .issuer = names_.intern(movement.document_issuer).value(),
                   .post = std::to_underlying(post.side),
                   .direction = std::to_underlying(movement.direction),
                   .outcome = std::to_underlying(movement.outcome),
                   .verdict = std::to_underlying(movement.verdict),
                   .sex = std::to_underlying(movement.sex),
                   .age = std::to_underlying(age_band(movement.age_years))};
  CubeCell& cell = cells_[key];
  cell.movements += times;
  if (between_ms) {
    cell.between_count += times;
    cell.between_ms += times * *between_ms;
  }
  total_ += times;
  changed_cells_.insert(key);
  if (movement.outcome != Outcome::kRefused && movement.outcome != Outcome::kReferred) return;
  for (const std::string& article : movement.articles) {
    const PackedArticle article_key{day, key.checkpoint, names_.intern(article).value(), key.outcome};
    changed_articles_[article_key] = articles_[article_key] += times;
  }
}

std::vector<std::pair<CubeKey, CubeCell>> StatisticsCube::cells(std::int32_t from_day,
                                                                std::int32_t until_day) const {
  std::vector<std::pair<CubeKey, CubeCell>> found;
  for (const auto& [packed, cell] : cells_) {
    if (packed.day >= from_day && packed.day < until_day && cell.movements != 0)
      found.emplace_back(unpack(packed), cell);
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return found;
}

std::vector<Crossings> StatisticsCube::crossings(std::int32_t from_day, std::int32_t until_day,
                                                 std::optional<std::string_view> category) const {
  const auto wanted = category ? names_.find(*category) : std::nullopt;
  if (category && !wanted) return {};
  std::map<std::tuple<std::int32_t, std::string_view, std::uint8_t, std::uint8_t, std::uint8_t>, CubeCell>
      sums;
  for (const auto& [packed, cell] : cells_) {
    if (packed.day < from_day || packed.day >= until_day || cell.movements == 0) continue;
    if (wanted && packed.category != wanted->value()) continue;
    CubeCell& sum = sums[{packed.day, names_.name(NameId(packed.checkpoint)), packed.post, packed.direction,
                          packed.outcome}];
    sum.movements += cell.movements;
    sum.between_count += cell.between_count;
    sum.between_ms += cell.between_ms;
  }
  std::vector<Crossings> found;
  for (const auto& [key, cell] : sums) {
    const auto& [day, checkpoint, post, direction, outcome] = key;
    found.push_back({day, std::string(checkpoint), static_cast<PostSide>(post),
                     static_cast<Direction>(direction), static_cast<Outcome>(outcome), cell});
  }
  return found;
}

std::vector<std::pair<ArticleKey, std::int64_t>> StatisticsCube::articles(std::int32_t from_day,
                                                                          std::int32_t until_day) const {
  std::vector<std::pair<ArticleKey, std::int64_t>> found;
  for (const auto& [packed, count] : articles_) {
    if (packed.day >= from_day && packed.day < until_day && count != 0)
      found.emplace_back(unpack(packed), count);
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  return found;
}

StatisticsCube::Changes StatisticsCube::take_changes() {
  Changes changes;
  changes.cells.reserve(changed_cells_.size());
  for (const Packed& packed : changed_cells_) changes.cells.emplace_back(unpack(packed), cells_.at(packed));
  for (const auto& [packed, count] : changed_articles_) changes.articles.emplace_back(unpack(packed), count);
  changed_cells_.clear();
  changed_articles_.clear();
  return changes;
}

void StatisticsCube::restore(const CubeKey& key, const CubeCell& cell) {
  CubeCell& place = cells_[pack(key)];
  total_ += cell.movements - place.movements;
  place = cell;
}

void StatisticsCube::restore(const ArticleKey& key, std::int64_t count) {
  articles_[{key.day, names_.intern(key.checkpoint).value(), names_.intern(key.article).value(),
             std::to_underlying(key.outcome)}] = count;
}

bool operator==(const StatisticsCube& a, const StatisticsCube& b) {
  constexpr std::int32_t kFirst = INT32_MIN;
  constexpr std::int32_t kLast = INT32_MAX;
  return a.cells(kFirst, kLast) == b.cells(kFirst, kLast) &&
         a.articles(kFirst, kLast) == b.articles(kFirst, kLast);
}

std::vector<bool> cells_to_hide(std::span<const std::int64_t> cells) {
  std::vector<bool> hidden(cells.size(), false);
  std::size_t count = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    hidden[i] = cells[i] >= 1 && cells[i] <= kSmallCell;
    if (hidden[i]) ++count;
  }
  if (count != 1) return hidden;
  std::optional<std::size_t> next;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (hidden[i]) continue;
    const bool better =
        !next || (cells[*next] == 0 && cells[i] != 0) || (cells[i] != 0 && cells[i] < cells[*next]);
    if (better) next = i;
  }
  if (next) hidden[*next] = true;
  return hidden;
}

}  // namespace crossline::movement
