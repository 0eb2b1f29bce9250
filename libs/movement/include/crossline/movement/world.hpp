// The state of the whole line as a fold of the ledger. The server's sequencer owns one, an auditor builds another from
// the same entries, and the two are equal.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "crossline/movement/event.hpp"
#include "crossline/movement/fold.hpp"
#include "crossline/movement/state.hpp"

namespace crossline::movement {

// What one event did.
struct Applied {
  UtcMillis occurred_at;
  std::optional<SubjectId> subject;     // whom it concerns
  std::optional<LedgerIndex> previous;  // that subject's previous entry
  std::optional<Verdict> verdict;       // for movements: the fold's own
  std::vector<std::string> articles;
  bool conflict = false;  // what was done differs from the fold's verdict, or the records contradict each other
  bool late = false;      // took its place before a movement already known, or came too late to count
  std::optional<std::int64_t> between_ms;  // how long the person stood between the posts, when this entry ended it
};

// Not thread-safe: one thread owns it. Everything in it is rebuilt by applying the ledger from entry 0.
class World {
 public:
  World();

  // Whose clock counts: the agent's own, but never before its previous event and never after `received_at`.
  [[nodiscard]] UtcMillis occurred_at(std::string_view agent, UtcMillis recorded_at, UtcMillis received_at) const;

  // Decides (movements) and applies `event`, which takes ledger position `index`. Total: whatever a well-formed event
  // says has a defined effect. `post` is that of the agent; an office journal without a post passes an empty one.
  Applied apply(const procedure::Edition& edition, const Event& event, const Post& post, UtcMillis received_at, LedgerIndex index);

  // How a proposed movement at `at` would be decided; changes nothing.
  [[nodiscard]] Verdicts consult(const procedure::Edition& edition, const Movement& movement, const Post& post, UtcMillis at) const;

  // Nothing when the subject was never heard of.
  [[nodiscard]] const SubjectState* find(const SubjectId& subject) const;
  [[nodiscard]] const std::unordered_map<SubjectId, SubjectState>& subjects() const { return subjects_; }
  [[nodiscard]] const LineState& line() const { return line_; }
  [[nodiscard]] const Names& names() const { return names_; }

 private:
  void apply_body(const procedure::Edition& edition, const Movement& body, const Event& event, const Post& post, LedgerIndex index, Applied& applied);
  void apply_body(const Correction& body, const Event& event, LedgerIndex index, Applied& applied);
  void apply_body(const ListChange& body, LedgerIndex index, Applied& applied);
  void apply_body(const Resolution& body, LedgerIndex index, Applied& applied);
  SubjectState& touch(const SubjectId& subject, LedgerIndex index, Applied& applied);

  Names names_;
  LineState line_;
  std::unordered_map<SubjectId, SubjectState> subjects_;
  struct AgentClock {
    std::uint32_t tag = 0;
    UtcMillis last;
  };
  std::unordered_map<std::string, AgentClock> agents_;
};

}  // namespace crossline::movement
