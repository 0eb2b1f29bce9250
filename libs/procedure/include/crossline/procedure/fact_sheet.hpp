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
//   document_kind, document_issuer, document_days_left, document_readable; kinds are the language's, an
//                      issuer is one to three capital letters
//   age, companions
//   accompanied_by     "nobody" or a relation or an array of them
//   closed, alternates, returning, weapons, arms_handed_over
//   mode               "on_foot", "vehicle"
//   lists              {"hold": false, "watch": true}; a list left out is unknown
//   permits            [{"kind": "humanitarian", "from": T, "until": T}]
//   stays_on_a, stays_on_b   [[T, T], [T, "present"]]: entered and left
//   crossings          {"today": 1, "this_week": 4, "this_month": 9}, this one not counted
//   quotas             {"patients": 12}: what is left today
//   notice             "none", or {"notified_at": T, "objected_at": T, "ruling": "pending" | "approved" |
//   "rejected"} goods              {"cash": 400} or {"cash": {"amount": 400, "unit": "EUR", "today": 0,
//   "this_week": 0, "this_month": 0}};
//                      a kind left out is not carried
//   convoy             {"vehicles": 3, "persons": 12, "escorted": true}
//   facts              {"arms_certificate": true}: what the procedure declares; a date is "2026-10-01"
//   overrides          [{"article": "4(3)", "granted_at": T, "signers": ["A.shift_lead", "B.shift_lead"]}]
// A time T is written as `at` is. Names of lists, permits, quotas, goods and articles are those of the
// edition; so are those of a category and a checkpoint, but for other_category() and other_checkpoint()
// (other_names.hpp), and the roles of signers, but for "A.other", which no override asks for.
class FactSheet {
 public:
  FactSheet() = default;
  FactSheet(FactSheet&&) noexcept = default;
  FactSheet& operator=(FactSheet&&) noexcept = default;

  // For decisions of `edition`, whose clock and declarations the facts use. kMalformed, naming the key and
  // the nearest known one.
  static Result<FactSheet> parse(std::string_view json, const Edition& edition);
  // The same over what an agreed case leaves unsaid: an adult of 30 alone, with a readable passport (or
  // else the category's first kind of document) of the category's first issuer, valid for a year, at noon of
  // the first day in force, at the A post of the first checkpoint, entering, with clean records.
  static Result<FactSheet> parse_case(std::string_view json, const Edition& edition);

  // Valid as long as this sheet.
  [[nodiscard]] Facts facts() const;
  // When `at` was given.
  [[nodiscard]] std::optional<UtcMillis> instant() const { return at_; }

 private:
  class Reader;

  Result<void> read(std::string_view json, const Edition& edition);
  void assume_ordinary(const Edition& edition);
  std::string_view keep(std::string_view text) { return texts_.emplace_back(text); }

  Facts facts_;
  std::optional<UtcMillis> at_;
  std::deque<std::string> texts_;
  std::vector<ListFact> lists_;
  std::vector<Permit> permits_;
  std::vector<Stay> stays_on_a_;
  std::vector<Stay> stays_on_b_;
  std::vector<QuotaFact> quotas_;
  std::vector<Goods> goods_;
  std::vector<DeclaredFact> declared_;
  std::vector<Override> overrides_;
  std::deque<std::vector<std::string_view>> signers_;
};

}  // namespace crossline::procedure
