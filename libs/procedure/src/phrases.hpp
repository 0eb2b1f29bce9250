// The words in which predicates, facts and verdicts are told to people.
#pragma once

#include "crossline/procedure/decision.hpp"
#include "crossline/procedure/model.hpp"

#include <string>
#include <string_view>

namespace crossline::procedure {

enum class Language : std::uint8_t { kEnglish, kRussian };

// "ru" is Russian, everything else English.
[[nodiscard]] Language language_from(std::string_view code);

// Tells about one procedure in one language.
class Phrases {
 public:
  Phrases(const Procedure& procedure, std::string_view language_code);

  // "the person is under 16 years old": what the predicate says, and the opposite.
  [[nodiscard]] std::string condition(const Predicate& predicate) const;
  [[nodiscard]] std::string opposite(const Predicate& predicate) const;
  // "the person is 15 years old" or "the age is not known".
  [[nodiscard]] std::string observed(const Predicate& predicate, const Observation& observation) const;
  // "Refer to the duty officer." and the like, for the head of an explanation.
  [[nodiscard]] std::string headline(const Decision& decision) const;
  // "It passes if {}."
  [[nodiscard]] std::string passes_if(std::string_view conditions) const;
  [[nodiscard]] std::string_view conjunction() const;  // " and "
  [[nodiscard]] std::string_view alternative() const;  // " or "
  // A name of the language or of the procedure in words: "entry", "Residents of side A".
  [[nodiscard]] std::string word(PredicateKind kind, std::string_view name) const;

 private:
  [[nodiscard]] std::string filled(std::string_view pattern, const Predicate& predicate,
                                   const Observation* observation) const;
  [[nodiscard]] std::string bound(const Predicate& predicate) const;
  [[nodiscard]] std::string translated(std::string_view name) const;
  [[nodiscard]] std::string member(const Predicate& predicate, std::string_view key,
                                   const Table::Value& value) const;
  [[nodiscard]] std::string fields(const Predicate& predicate, const Table& table) const;
  [[nodiscard]] std::string seen(const Predicate& predicate, const Observation& observation) const;

  const Procedure& procedure_;
  std::string language_code_;
  Language language_;
};

}  // namespace crossline::procedure
