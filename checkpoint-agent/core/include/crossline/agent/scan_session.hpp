// What lies on the desk: one scan, or the scans of one group.
#pragma once

#include "crossline/agent/scan.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace crossline::agent {

// "open": scans are added; "asking"; "decided"; "done"
enum class SessionState : std::uint8_t { kOpen, kAsking, kDecided, kDone };
[[nodiscard]] std::string_view name_of(SessionState state);

// Pure bookkeeping: it records nothing, asks nobody and knows no time; Station does. Repeating what was done
// already changes nothing; a call that does not fit
// is kConflict (kNotFound for a scan or group that is not here) and changes nothing. One thread at a time.
class ScanSession {
 public:
  // The scan on the desk, or the members of the group in the order scanned.
  [[nodiscard]] const std::vector<Scan>& members() const { return members_; }
  // The last scan when it concerns nobody: unreadable or repeated.
  [[nodiscard]] const std::optional<Scan>& aside() const { return aside_; }
  [[nodiscard]] const std::optional<movement::GroupId>& group() const { return group_; }
  [[nodiscard]] SessionState state() const { return state_; }
  [[nodiscard]] const Scan* find(const ScanId& id) const;
  // The worst of all members' verdicts; nothing before all are decided.
  [[nodiscard]] std::optional<movement::Verdict> verdict() const;
  // Somebody is allowed and the officer has not said whether they passed.
  [[nodiscard]] bool awaits_officer() const;

  // Leaves the desk empty; the caller has recorded what had to be.
  void clear() { *this = {}; }
  // From now on scans are gathered into one group. Requires that nobody waits.
  Result<void> begin_group(const movement::GroupId& id);
  Result<void> require_group(const movement::GroupId& id) const;

  // Puts a scan that concerns nobody beside the group, or in place of what is done.
  void put_aside(Scan scan);
  // Adds a scan with a traveller: alone on the desk, or as a member of the open group. A member without
  // `with` comes with the group's first, as their parent.
  Result<void> present(Scan scan);
  // The officer has compared the repaired characters with the document.
  Result<void> confirm_reading(const ScanId& id);
  // One of the fitting categories.
  Result<void> choose_category(const ScanId& id, std::string_view category);
  // The group is complete: names everybody's companions. Every member must be kCollected.
  Result<void> close_group();
  // Everything is known of everybody, and nothing is decided.
  [[nodiscard]] bool is_complete() const;

  // The agent's own assessment of a member, and the question sent to the server about them, if one was.
  void assess(std::size_t member, Assessment local, std::optional<std::uint64_t> consult);
  // The server's answer to one of the questions; false when nobody waits for it.
  bool answer(const wire::ConsultAnswer& answer, const procedure::Edition& edition,
              std::string_view language);
  // Nobody waits for the server any longer: `local` stands for that member.
  void give_up(std::size_t member, Assessment local);
  [[nodiscard]] bool is_waiting() const;

  // Whoever may not cross accompanies nobody: takes them from the companions of those who may, and returns
  // the members who have to be assessed again.
  std::vector<std::size_t> drop_companions_left_behind();

  // All members are decided. Those recorded by then carry it.
  void decided();
  void recorded(std::size_t member, const Recorded& recorded);
  // The officer has acted or taken note of everything.
  void done();
  // The officer has seen what the last scan was about.
  void acknowledge_aside();

 private:
  [[nodiscard]] Scan* find_member(const ScanId& id);
  Result<Scan*> require_member(const ScanId& id);
  void settle(Scan& scan) const;

  std::vector<Scan> members_;
  std::optional<Scan> aside_;
  std::optional<movement::GroupId> group_;
  bool closed_ = false;  // nobody is added any more
  SessionState state_ = SessionState::kOpen;
};

}  // namespace crossline::agent
