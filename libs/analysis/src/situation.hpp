// One movement as the solver sees it: every fact known or unknown, with a value.
#pragma once

#include "prover.hpp"
#include "vocabulary_of.hpp"

#include <array>
#include <string>
#include <vector>

namespace crossline::analysis {

// A fact: a truth or an integer (a number, or a position among the vocabulary's names), and whether it is
// known.
struct Var {
  Expr known;
  Expr value;
};

// Presence on one side: days away since the last day of presence (0: present), or never there; and the days
// used within each window of the vocabulary, today counted.
struct StayVars {
  Expr known;
  Expr never;
  Expr absent;
  std::vector<Expr> used;
};

struct CountVars {
  Var today;
  Var this_week;
  Var this_month;
};

struct NoticeVars {
  Expr known;
  Expr given;
  Expr hours_ago;
  Expr objected;
  Expr objected_after;  // hours from the notice to the objection
  Expr ruling;          // in the order of procedure::Notice::Ruling
};

struct GoodsVars {
  Expr amount;
  CountVars earlier;
};

struct ConvoyVars {
  Expr known;
  Expr vehicles;
  Expr persons;
  Expr escorted;
};

struct Situation {
  std::vector<Expr> at;     // by moment: it is this one; exactly one is
  std::vector<Expr> shows;  // by timeline: it holds then
  Var exit;                 // direction
  Var checkpoint;
  Var toward_b;
  Var lives_on_b;
  Var category;
  Var document_kind;
  Var issuer;
  Var days_left;
  Var readable;
  Var age;
  Var sex;
  Expr accompanied_known;
  std::array<Expr, procedure::kRelations> accompanied;
  Var companions;
  Var closed;
  Var alternates;
  Var vehicle;  // mode
  Var weapons;
  Var arms_handed_over;
  std::vector<Var> lists;
  Expr permits_known;
  std::vector<Expr> permits;
  std::array<StayVars, 2> stays;  // on A, on B
  CountVars crossings;
  std::vector<Var> quotas;
  NoticeVars notice;
  Expr goods_known;
  std::vector<GoodsVars> goods;
  ConvoyVars convoy;
  std::vector<Var> declared;

  // Every `known` of this situation; the movement itself (direction, checkpoint, side) is always known.
  [[nodiscard]] std::vector<Expr> all_known() const;
};

// A situation of its own, bounded to what can be: `name` tells its variables apart.
[[nodiscard]] Situation make_situation(Prover& prover, const Vocabulary& vocabulary, const std::string& name);

// What makes somebody ordinary, the most important first: everything known, a document of the category, an
// adult alone with clean records. `editions` say what documents a category has.
[[nodiscard]] std::vector<Expr> ordinary(Prover& prover, const Vocabulary& vocabulary,
                                         const Situation& situation, const procedure::Edition& edition);

// Somebody of this category shows a document of it and lives where it says.
[[nodiscard]] Expr shows_document_of(Prover& prover, const Vocabulary& vocabulary, const Situation& situation,
                                     const procedure::Category& category);

}  // namespace crossline::analysis
