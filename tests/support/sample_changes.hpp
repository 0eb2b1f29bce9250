// Changes of a person's record as a replica is told of them.
#pragma once

#include "crossline/movement/record_change.hpp"

#include <string>
#include <utility>

namespace crossline::testing {

inline movement::RecordChange passage_of(const crypto::SubjectId& subject, movement::Post post,
                                         movement::Direction direction, movement::MovementKey key,
                                         std::int32_t day = 0) {
  return {subject, key, LedgerIndex(), movement::Passage{std::move(post), direction, day, {}}};
}

inline movement::RecordChange listing_of(const crypto::SubjectId& subject, std::string list,
                                         bool removed = false) {
  return {subject, {}, LedgerIndex(), movement::Listing{std::move(list), removed}};
}

}  // namespace crossline::testing
