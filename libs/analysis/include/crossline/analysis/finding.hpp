// What an analysis says about an edition, with the persons that show it.
#pragma once

#include "crossline/procedure/verdict.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::analysis {

// A text in the languages of this program.
struct Words {
  std::string en;
  std::string ru;
  [[nodiscard]] const std::string& in(std::string_view language) const { return language == "ru" ? ru : en; }
};

// A decision of the shipping evaluator over the facts of a witness.
struct Play {
  Words where;        // "online", "edition 2"
  std::string facts;  // what `crossline procedure explain --facts` takes
  procedure::Verdict verdict{};
  std::vector<std::string> because;  // the articles that decided
};

// A person and a moment that show a finding. Each was decided by the shipping evaluator before it is handed
// out; one that it decides otherwise than the solver said becomes Standing::kDisagreement and is not shown.
struct Witness {
  Words person;  // "category: residents of side A; age: 15; accompanied by: nobody"
  std::vector<Play> plays;
};

// The questions that an analysis asks, in its order.
enum class Question : std::uint8_t {
  kClauses,     // a clause that is dead, shadowed by others, or always lifted
  kCategories,  // a category of whom nobody may ever pass
  kGaps,        // somebody whom no article speaks of; a declaration that no article uses
  kOffline,     // what a post stops only while it is offline, and what it lets pass only then
  kStranded,    // somebody who may enter and then at no minute leave
  kMirror,      // the same person of the other side, treated differently
  kOneParty,    // what one party changes alone; nobody loosens alone
  kCases,       // a clause that no agreed case touches
  kBeyond,      // of a comparison: what changed and the solver does not look at
};
inline constexpr std::size_t kQuestions = 9;
[[nodiscard]] std::string_view name_of(Question question);  // "clauses", "one_party"

enum class Standing : std::uint8_t {
  kFault,         // the parties should not sign this
  kRemark,        // they should know it
  kNotProven,     // the solver gave up at the bound: neither shown nor excluded
  kDisagreement,  // solver and evaluator differ: a defect of this program, never of the edition
};
[[nodiscard]] std::string_view name_of(Standing standing);  // "fault", "not_proven"

struct Finding {
  Question question{};
  Standing standing{};
  std::string subject;  // the article, category, list or declaration; empty for the whole
  Words text;
  std::optional<Witness> witness;
};

// Bounds of the solver. Deterministic: the same question gives the same answer on every machine.
struct Budget {
  unsigned steps_per_question = 20'000'000;  // Z3's resource units (`rlimit`)
  std::size_t questions = 100'000;           // of one analysis or comparison; all beyond stay open
  std::size_t refinements = 200;             // attempts to let a stranded person leave, each another minute
};

// Called with what is done and how much there is; `of` may grow.
using Watch = std::function<void(std::size_t done, std::size_t of)>;

}  // namespace crossline::analysis
