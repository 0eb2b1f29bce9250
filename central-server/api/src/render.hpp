// The JSON of what several operations answer with. Schemas of the same names are in openapi.yaml.
#pragma once

#include "crossline/api/operations.hpp"
#include "crossline/base/time.hpp"
#include "crossline/procedure/model.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace crossline::api {

using nlohmann::json;

// Null when there is none.
[[nodiscard]] json instant_json(std::optional<UtcMillis> instant);
template <class T>
[[nodiscard]] json nullable(const std::optional<T>& value) {
  return value ? json(*value) : json();
}

[[nodiscard]] json tree_head_json(std::string_view origin, const merkle::TreeHead& head);
// `at` is now while the ledger is empty.
[[nodiscard]] json as_of_json(const Services& services, const AsOf& as_of);
[[nodiscard]] json text_json(const procedure::Text& text);
[[nodiscard]] json side_json(movement::Side side);
[[nodiscard]] json subject_status_json(const SubjectReport& person);
[[nodiscard]] json identity_json(const wire::Identity& identity);
// The reference to an edition: number, hash, when it is in force.
[[nodiscard]] json edition_ref_json(const procedure::Edition& edition, UtcMillis now);

// A verdict with the agreed words of its articles, as far as the edition in force has them.
[[nodiscard]] json judgement_json(movement::Verdict verdict, std::span<const std::string> articles,
                                  const std::optional<procedure::Edition>& edition);
// Null when there is no such article.
[[nodiscard]] const procedure::Article* find_article(const std::optional<procedure::Edition>& edition,
                                                     std::string_view id);

}  // namespace crossline::api
