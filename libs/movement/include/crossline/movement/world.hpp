// The state of the whole line as a fold of the ledger. The server's sequencer owns one, an auditor builds
// another from the same entries, and the two are equal.
#pragma once

#include "crossline/movement/event.hpp"
#include "crossline/movement/fold.hpp"
#include "crossline/movement/state.hpp"
#include "crossline/movement/subject_table.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace crossline::movement {

// What one event did.
struct Applied {
  UtcMillis occurred_at;
  std::optional<SubjectId> subject;     // whom it concerns
  std::optional<LedgerIndex> previous;  // that subject's previous entry
  std::optional<Verdict> verdict;       // for movements: the fold's own
  std::vector<std::string> articles;    // cited for it
  // The fold's verdict is not the post's, or the records contradict each other, or more was leased than there
  // was room for.
  bool conflict = false;
  bool late = false;  // took its place before a movement already known, or came too late to count
  std::optional<LedgerIndex> corrected;  // the entry of the movement that this one took back
  std::optional<std::int64_t>
      between_ms;  // how long the person stood between the posts, when this entry ended it
};

// Not thread-safe: one thread owns it. Everything in it is rebuilt by applying the ledger from entry 0.
class World {
 public:
  // A subject's state as a snapshot keeps it, names written out: ids mean nothing outside a World.
  struct AgentClock {
    std::string agent;
    UtcMillis last;
  };

  World();

  // Whose clock counts: the agent's own, but never before its previous event and never after `received_at`.
  [[nodiscard]] UtcMillis occurred_at(std::string_view agent, UtcMillis recorded_at,
                                      UtcMillis received_at) const;

  // Decides (movements) and applies `event`, which takes ledger position `index`. Total: whatever a
  // well-formed event says has a defined effect. `post` is that of the agent; null for an office, which has
  // none.
  Applied apply(const procedure::Edition& edition, const Event& event, const Post* post,
                UtcMillis received_at, LedgerIndex index);

  // How a movement that `agent` proposes at `at` would be decided; changes nothing. Valid until the next call
  // of consult or apply.
  struct Consulted {
    Verdict verdict = Verdict::kRefuse;
    std::vector<std::string> articles;
    Status status = Status::kUnknown;  // the person's, before the movement
  };
  // `agent` asks: what is leased to it is its own, what is leased to others is not.
  [[nodiscard]] Consulted consult(const procedure::Edition& edition, std::string_view agent,
                                  const Movement& movement, const Post& post, UtcMillis at);
  // The same by an edition that is still to come, as if it had begun (procedure/rehearsal.hpp).
  [[nodiscard]] Consulted rehearse(const procedure::Edition& edition, std::string_view agent,
                                   const Movement& movement, const Post& post, UtcMillis at);

  // Null when the subject was never heard of. Valid until the next apply.
  [[nodiscard]] const SubjectState* find(const SubjectId& subject) const;
  [[nodiscard]] const SubjectTable& subjects() const { return subjects_; }
  [[nodiscard]] const LineState& line() const { return line_; }
  [[nodiscard]] const Names& names() const { return names_; }

  // Restoring from a snapshot instead of from entry 0: the inverse of reading subjects(), line(), names() and
  // clocks().
  Names& restore_names() { return names_; }
  void restore_subject(const SubjectId& subject, SubjectState state) {
    subjects_[subject] = std::move(state);
  }
  void restore_line(LineState line) { line_ = std::move(line); }
  void restore_clock(std::string_view agent, UtcMillis last);
  [[nodiscard]] std::vector<AgentClock> clocks() const;

 private:
  [[nodiscard]] Consulted ask(const procedure::Edition& edition, std::string_view agent,
                              const Movement& movement, const Post& post, UtcMillis at, bool rehearses);
  struct Context;  // one event being applied
  void apply_body(const Movement& body, Context& context);
  void apply_body(const Correction& body, Context& context);
  void apply_body(const Closure& body, Context& context);
  void apply_body(const ListChange& body, Context& context);
  void apply_body(const Lookup& body, Context& context);
  void apply_body(const Resolution& body, Context& context);
  void apply_body(const Shift&, Context&) {}
  void apply_body(const JournalHeartbeat&, Context&) {}
  void apply_body(const EditionAdopted&, Context&) {}
  void apply_body(const SlipSeen&, Context&) {}  // the other post's own event will come, and counts then
  void apply_body(const PermitChange& body, Context& context);
  void apply_body(const OverrideGrant& body, Context& context);
  void apply_body(const QuotaLease& body, Context& context);
  void apply_body(const NoticeAct& body, Context& context);
  // What is left of the edition's quotas for the agent on the local day; valid until the next call.
  [[nodiscard]] std::span<const procedure::QuotaFact> quotas_for(const procedure::Edition& edition,
                                                                 std::uint32_t agent, std::int32_t day);
  SubjectState& touch(const SubjectId& subject, Context& context);

  struct Clock {
    std::uint32_t tag = 0;
    UtcMillis last{INT64_MIN};  // of the agent's last event
    [[nodiscard]] UtcMillis occurred_at(UtcMillis recorded_at, UtcMillis received_at) const {
      return std::min(std::max(recorded_at, last), received_at);
    }
  };
  Clock& clock_of(std::string_view agent);
  struct NameHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>{}(name); }
  };

  Names names_;
  LineState line_;
  SubjectTable subjects_;
  std::unordered_map<std::string, Clock, NameHash, std::equal_to<>> clocks_;
  Decider decider_;
  std::vector<procedure::QuotaFact> quota_facts_;
};

}  // namespace crossline::movement
