#include "crossline/procedure/edition_book.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace crossline::procedure {
namespace {

std::tuple<UtcMillis, std::uint64_t> place_of(const Edition& edition) {
  return {edition.from(), edition.number()};
}

}  // namespace

void EditionBook::add(Edition edition) {
  if (find(edition.hash()) != nullptr) return;
  const auto place = std::ranges::upper_bound(editions_, place_of(edition), {}, place_of);
  editions_.insert(place, std::move(edition));
}

const Edition* EditionBook::at(UtcMillis instant) const {
  if (editions_.empty()) return nullptr;
  const auto later = std::ranges::upper_bound(editions_, instant, {}, &Edition::from);
  return later == editions_.begin() ? &editions_.front() : &*std::prev(later);
}

const Edition* EditionBook::next_after(UtcMillis instant) const {
  const auto later = std::ranges::upper_bound(editions_, instant, {}, &Edition::from);
  return later == editions_.end() ? nullptr : &*later;
}

const Edition* EditionBook::newest() const {
  const auto newest = std::ranges::max_element(editions_, {}, &Edition::number);
  return newest == editions_.end() ? nullptr : &*newest;
}

const Edition* EditionBook::find(const crypto::Hash& hash) const {
  const auto found = std::ranges::find(editions_, hash, &Edition::hash);
  return found == editions_.end() ? nullptr : &*found;
}

}  // namespace crossline::procedure
