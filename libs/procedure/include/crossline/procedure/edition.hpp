// An edition of the procedure, compiled for deciding.
#pragma once

#include "crossline/base/bytes.hpp"
#include "crossline/base/result.hpp"
#include "crossline/base/time.hpp"
#include "crossline/crypto/sha256.hpp"
#include "crossline/procedure/decision.hpp"
#include "crossline/procedure/facts.hpp"
#include "crossline/procedure/model.hpp"

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace crossline::procedure {

struct CompiledProcedure;  // compiled.hpp

// Whether a document of this kind and issuer may belong to the category.
[[nodiscard]] bool fits(const Category& category, std::string_view document_kind,
                        std::string_view document_issuer);

// Immutable; every member is const and may be called from any thread. Copies share one compiled form.
class Edition {
 public:
  // Loads a sealed procedure. kMalformed unless `sealed` is exactly the canonical form of a valid
  // procedure (no unknown or duplicate key, sorted, integers only, within the limits); the message names
  // the place. Signatures are the caller's matter.
  static Result<Edition> load(ByteView sealed);

  [[nodiscard]] const crypto::Hash& hash() const;  // SHA-256 of the sealed bytes
  [[nodiscard]] std::string_view name() const;     // "river-line"
  [[nodiscard]] std::uint64_t number() const;
  [[nodiscard]] UtcMillis from() const;  // in force in [from, until)
  [[nodiscard]] UtcMillis until() const;
  [[nodiscard]] bool in_force(UtcMillis instant) const { return from() <= instant && instant < until(); }
  [[nodiscard]] const std::vector<std::string>& languages() const;
  [[nodiscard]] const std::vector<Article>& articles() const;
  [[nodiscard]] const std::vector<Predicate>& predicates() const;
  [[nodiscard]] const std::vector<Category>& categories() const;
  // The categories that a document of this kind and issuer may belong to, in the edition's order. Where
  // several fit, the officer chooses.
  [[nodiscard]] std::vector<std::string_view> categories_of(std::string_view document_kind,
                                                            std::string_view document_issuer) const;
  [[nodiscard]] const std::vector<Checkpoint>& checkpoints() const;
  [[nodiscard]] const std::vector<Case>& cases() const;
  // The whole procedure as data, for tools that show, compare or analyse it.
  [[nodiscard]] const Procedure& procedure() const;
  // Days since 1970-01-01 of the procedure's own clock at `instant`.
  [[nodiscard]] std::int64_t local_day(UtcMillis instant) const;
  // The first instant at which that clock shows `local_s` (seconds since 1970-01-01T00:00:00).
  [[nodiscard]] UtcMillis instant_of(std::int64_t local_s) const;

  // Decides; never fails, never allocates text, reads no clock. The verdict is
  //   allow, basis kReturn, when the person is known to be returning, whatever the clauses say;
  //   refuse, basis kNotInForce, before `from`; after `until` only articles that survive count, and when none
  //   of
  //     them admits it is this again;
  //   refuse, basis kNotAdmitted, when no article admits;
  //   otherwise the worst outcome of all clauses that have no relief.
  // An override relieves an article when it is in effect (granted_at <= instant, for valid_minutes), at least
  // `persons` of its signers hold one of the named roles, and among them they hold as many different ones of
  // these roles as there are persons or roles, whichever is less.
  [[nodiscard]] Decision decide(const Facts& facts, UtcMillis instant) const;
  // The same into `decision`, whose vectors keep their capacity: no allocation in a steady loop.
  void decide(const Facts& facts, UtcMillis instant, Decision& decision) const;

 private:
  explicit Edition(std::shared_ptr<const CompiledProcedure> compiled) : compiled_(std::move(compiled)) {}
  std::shared_ptr<const CompiledProcedure> compiled_;
};

// That `edition` declares no checkpoint of that name, with the nearest one or all that it declares; empty
// when it does, and when it declares none at all: then it speaks of no checkpoint.
[[nodiscard]] std::string undeclared_checkpoint(const Edition& edition, std::string_view name);

}  // namespace crossline::procedure
