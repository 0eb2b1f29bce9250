// What all questions about one edition share: the world, one movement in it, and its verdict.
#pragma once

#include "crossline/analysis/analysis.hpp"
#include "person.hpp"

#include <functional>
#include <string>
#include <vector>

namespace crossline::analysis {

// A situation of a witness and what the formulas say of it.
struct Scene {
  const Situation& situation;
  const Rules& rules;
  Words where;
};

class Examiner {
 public:
  Examiner(const procedure::Edition& edition, const Budget& budget, const Watch& watch);

  // Adds what was found; a question that stayed open says so.
  void find(Question question, Standing standing, std::string subject, Words text);
  void open(Question question, std::string subject, Words text);
  // The same with the person who shows it, replayed in every scene; a disagreement is reported instead.
  void show(Question question, Standing standing, std::string subject, Words text, const Expr& condition,
            const std::vector<Scene>& scenes);
  void show(Question question, Standing standing, std::string subject, Words text, const z3::model& model,
            const std::vector<Scene>& scenes);

  // Asks; when it is possible, `found` is called, when the solver gives up, the finding is open.
  void ask(Question question, const std::string& subject, const Words& text, const Expr& condition,
           const std::function<void()>& found);

  // "article 4(3), require".
  [[nodiscard]] Words clause_in_words(const ClauseRule& rule) const;
  [[nodiscard]] const std::string& id_of(const ClauseRule& rule) const;

  const procedure::Edition& edition;
  const Budget& budget;
  Prover prover;
  Vocabulary vocabulary;
  Situation base;
  Rules rules;
  std::vector<Expr> preferences;
  std::vector<Finding> findings;
};

// The questions that need a second movement (interplay.cpp).
void ask_offline(Examiner& examiner);
void ask_stranded(Examiner& examiner);
void ask_mirror(Examiner& examiner);
void ask_one_party(Examiner& examiner);

}  // namespace crossline::analysis
