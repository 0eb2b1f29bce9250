// Facts written as JSON: for agreed cases, the command line and the conformance kit.
#pragma once

#include "crossline/base/result.hpp"
#include "crossline/procedure/edition.hpp"
#include "crossline/procedure/facts.hpp"

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::procedure {

// Owns what its Facts point to. Movable: the facts stay valid.
//
// The JSON is one object. A key is a fact; a key left out is unknown. A value is plain (15, "entry", true),
// or "unknown", or a table {"value": 15, "source": "document", "age_s": 60}:
//   at                 "2026-10-01T12:00:00" on the procedure's clock, or with a final Z in UTC
//   direction, checkpoint, post_side, toward_side, side_of_residence, category, sex
//   document_kind, document_issuer, document_days_left, document_readable
//   age, companions
//   accompanied_by     "nobody" or a relation or an array of them
//   closed, alternates, returning
//   lists              {"hold": false, "watch": true}; a list left out is unknown
class FactSheet {
 public:
  FactSheet() = default;
  FactSheet(FactSheet&&) = default;
  FactSheet& operator=(FactSheet&&) = default;

  // kMalformed, naming the key and the nearest known one.
  static Result<FactSheet> parse(std::string_view json);
  // The same over what an agreed case leaves unsaid: an adult of 30 alone, with a readable passport (or
  // else the category's first kind of document) of the category's first issuer, valid for a year, at noon of
  // the first day in force, at the A post of the first checkpoint, entering, with clean records.
  static Result<FactSheet> parse_case(std::string_view json, const Edition& edition);

  // Valid as long as this sheet.
  [[nodiscard]] Facts facts() const;
  // When `at` was given.
  [[nodiscard]] std::optional<UtcMillis> instant(const Edition& edition) const;

 private:
  class Reader;
  struct Moment {
    std::int64_t seconds = 0;
    bool utc = false;
  };

  Result<void> read(std::string_view json);
  std::string_view keep(std::string_view text) { return texts_.emplace_back(text); }

  Facts facts_;
  std::optional<Moment> at_;
  std::deque<std::string> texts_;
  std::vector<ListFact> lists_;
};

}  // namespace crossline::procedure
