// The answer of an edition: plain data, without any words; explain() in explain.hpp renders it.
#pragma once

#include "crossline/crypto/sha256.hpp"
#include "crossline/procedure/facts.hpp"
#include "crossline/procedure/verdict.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace crossline::procedure {

// Position of an article in Edition::articles(), of a predicate in Edition::predicates().
using ArticleIndex = std::uint16_t;
using PredicateIndex = std::uint16_t;
inline constexpr std::uint16_t kNoIndex = 0xFFFF;

enum class ClauseKind : std::uint8_t { kAdmit, kRequire, kProhibit, kExempt, kDuty };

[[nodiscard]] std::string_view name_of(ClauseKind kind);

// What the verdict rests on.
enum class Basis : std::uint8_t {
  kClauses,      // at least one article admits; the worst clause decided
  kReturn,       // the person is between and goes back: always allowed
  kNotInForce,   // the instant lies outside [from, until) and no surviving article admits: refused
  kNotAdmitted,  // no article admits (or, when the verdict is refer, whether one does is unknown)
};

[[nodiscard]] std::string_view name_of(Basis basis);

// Why a failed clause does not count against the person.
enum class Relief : std::uint8_t {
  kNone,
  kExempted,    // an article that applies lifts it
  kOverridden,  // a signed override of the article is in effect
  kExpired,     // the edition has expired and the article does not survive that
};

[[nodiscard]] std::string_view name_of(Relief relief);

// One clause, evaluated. Every clause of the edition has one, in article order.
struct ClauseResult {
  ArticleIndex article = 0;
  ClauseKind kind = ClauseKind::kAdmit;
  Truth applies = Truth::kTrue;       // its `applies_to`
  Truth holds = Truth::kTrue;         // admit: it admits; prohibit: what it prohibits is not the case
  Verdict outcome = Verdict::kAllow;  // on its own, before relief: what `otherwise` or `if_unknown` says
  Relief relief = Relief::kNone;
  bool reported = false;                // allowed though unknown, because of `allow_and_report`
  ArticleIndex relieved_by = kNoIndex;  // the exempting article
};

// A fact as a predicate saw it. `number` and `word` mean what the predicate's kind says.
struct Observation {
  bool known = false;
  Source source = Source::kAgent;
  std::int64_t age_ms = 0;
  std::int64_t number = 0;
  std::string_view word;  // into the facts' storage
};

// A predicate that kept a clause from holding. The bound is the predicate itself.
struct Miss {
  std::uint16_t result = 0;  // position in Decision::results
  PredicateIndex predicate = kNoIndex;
  Truth truth = Truth::kFalse;  // kFalse: it does not hold; kUnknown: it cannot be determined
  Observation observed;
};

// Refers to the storage of the Facts it was made from; it must not be used after them. Keep the verdict,
// the cited articles and the edition's hash, or the rendering.
struct Decision {
  Verdict verdict = Verdict::kRefuse;
  Basis basis = Basis::kNotInForce;
  crypto::Hash edition;
  std::vector<ClauseResult> results;
  std::vector<Miss> misses;  // in the order of results; every predicate that failed, not only the first
  // The articles that decided, in article order, each once: those whose clause gave the verdict; when
  // it is allow, the admitting ones; when nothing admits, the nearest admitting ones (fewest misses).
  std::vector<ArticleIndex> cited;
  std::vector<std::uint16_t> duties;  // positions in Procedure::duties: to be recorded before the release
};

}  // namespace crossline::procedure
