// Operands and texts of a procedure: what stands behind a predicate, a name, a date.
#pragma once

#include "reader_base.hpp"
#include "vocabulary.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::procedure {

inline constexpr std::int64_t kMaxSeconds = 253'402'300'799;  // the end of the year 9999

// Reads against what `procedure` has declared so far, and interns predicates into it. Borrows both, which
// outlive it; problems go to `tree`.
class OperandReader {
 public:
  OperandReader(Form form, TreeReader& tree, Procedure& procedure)
      : form_(form), tree_(tree), procedure_(procedure) {}

  // Seconds since 1970-01-01T00:00:00 on the procedure's clock.
  std::int64_t local_time(const Node& node);
  // A few characters for a screen: a unit, a value.
  std::string short_text(const Node& node);
  // A string is English; a table gives one string for each language.
  Text words_of(const Node& node);
  // The member `text` of a declaration; empty without one.
  Text optional_words(const Node& node);
  // A name or several, each known.
  std::vector<std::string> names(const Node& node, NameSpace space);
  std::vector<std::string_view> known_names(NameSpace space);
  template <class T>
  static std::vector<std::string_view> names_in(const std::vector<T>& declared) {
    std::vector<std::string_view> out;
    out.reserve(declared.size());
    for (const T& one : declared) out.push_back(one.name);
    return out;
  }
  // A table of predicates.
  std::vector<PredicateIndex> conditions(const Node& node);

 private:
  Procedure& procedure() { return procedure_; }
  Table::Value simple(const Node& node, Shape shape, NameSpace space, std::int64_t least, std::int64_t most);
  Table table(const Node& node, std::string about, std::span<const Field> fields);
  Table fact_test(const Node& node, const DeclaredKind& kind);
  std::int64_t date(const Node& node);
  std::vector<Predicate> predicates(const Node& node, const Word& word);
  void check_checkpoint_hours(const Node& node, const Names& hours);
  PredicateIndex intern(Predicate predicate);

  Form form_;
  TreeReader& tree_;
  Procedure& procedure_;
};

}  // namespace crossline::procedure
