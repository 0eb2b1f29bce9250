// Articles and agreed cases of a procedure.
#pragma once

#include "operand_reader.hpp"

namespace crossline::procedure {

// Reads after the declarations, into the same procedure. Borrows all three, which outlive it.
class ArticleReader {
 public:
  ArticleReader(TreeReader& tree, OperandReader& operands, Procedure& procedure)
      : tree_(tree), operands_(operands), procedure_(procedure) {}

  void read_articles(const Node& root);
  void read_cases(const Node& root);

 private:
  Procedure& procedure() { return procedure_; }
  void read_article(const Node& node);
  static bool demands(const Article& article);
  void read_marks(const Node& node, Article& article);
  OverrideTerms read_override(const Node& node);
  void check_exemptions(const Node& node, const Article& article);
  void read_outcomes(const Node& node, Article& article);
  void read_expectation(const Node& node, Case& example);

  TreeReader& tree_;
  OperandReader& operands_;
  Procedure& procedure_;
};

}  // namespace crossline::procedure
