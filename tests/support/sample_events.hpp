// One well-formed event of each kind, for tests of codecs and stores. No person is meant.
#pragma once

#include "crossline/movement/event.hpp"

#include <string>
#include <vector>

namespace crossline::testing {

inline crypto::SubjectId subject(std::uint8_t seed) {
  crypto::SubjectId id;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) id.bytes[i] = static_cast<std::uint8_t>(seed + i);
  return id;
}

inline movement::Movement sample_movement() {
  movement::Movement made;
  made.subject = subject(1);
  made.direction = movement::Direction::kExit;
  made.outcome = movement::Outcome::kPassed;
  made.category = "resident_a";
  made.sex = movement::Sex::kFemale;
  made.age_years = 15;
  made.document_kind = "passport";
  made.document_issuer = "XAA";
  made.document_valid_days = -3;
  made.companions = {{subject(9), movement::Relation::kParent}};
  made.commitment = crypto::Hash{};
  made.commitment->bytes.fill(7);
  made.group = movement::GroupId{1, 2, 3, 4, 5, 6, 7, 8};
  made.declared.mode = procedure::Mode::kVehicle;
  made.declared.convoy = movement::DeclaredConvoy{9, 30, true};
  made.declared.goods = std::vector<movement::DeclaredGoods>{{"cash", "EUR", 260}, {"cigarettes", "", 40}};
  made.declared.weapons = false;
  made.declared.arms_handed_over = true;
  made.declared.facts = {{"manifest", 1, ""}, {"purpose", 0, "aid"}, {"since", -3, ""}};
  made.verdict = movement::Verdict::kAllow;
  made.articles = {"3(1)", "4(3)"};
  made.local_verdict = movement::Verdict::kRefer;
  made.decided_offline = true;
  made.edition = 3;
  return made;
}

// The same as a post asks about it, before anything is decided.
inline movement::Movement asked_movement() {
  movement::Movement asked = sample_movement();
  asked.outcome = {};
  asked.verdict = movement::Verdict::kRefuse;
  asked.articles.clear();
  asked.commitment.reset();
  asked.local_verdict.reset();
  asked.decided_offline = false;
  return asked;
}

inline movement::Event event_of(movement::Body body) {
  movement::Event event;
  event.agent = "bridge-a-1";
  event.journal_index = JournalIndex(41);
  event.recorded_at = {1'790'000'000'123};
  event.steady_ms = 86'400'000;
  event.boot_id = 0x1122334455667788;
  event.beacon.size = TreeSize(1000);
  event.beacon.root.bytes.fill(5);
  event.officer = "officer-7";
  event.body = std::move(body);
  return event;
}

// The bytes of a slip whose signature nobody made.
inline std::string sample_slip() {
  std::string bytes("\x01\x0ariver-line", 12);
  bytes.append(64, 's');
  bytes.append(1, '\0');
  return bytes + "an event";
}

inline std::vector<movement::Event> sample_events() {
  using namespace movement;
  Lookup lookup{.subject = subject(3),
                .purpose = "missing person",
                .case_number = "C-17",
                .role = "supervisor",
                .party = "A",
                .found = true};
  return {event_of(sample_movement()),
          event_of(Correction{JournalIndex(40), subject(1), "wrong lane"}),
          event_of(Closure{"bridge", false, {1000}, {2000}, "shelling", "B"}),
          event_of(ListChange{"hold", subject(2), true, "A", "C-18"}),
          event_of(Shift{true, Direction::kEntry}),
          event_of(JournalHeartbeat{12}),
          event_of(lookup),
          event_of(Lookup{.subject = {},
                          .purpose = "p",
                          .case_number = "",
                          .role = "supervisor",
                          .party = "B",
                          .found = false}),
          event_of(Resolution{subject(4), Side::kB, Side::kA, "both records seen"}),
          event_of(EditionAdopted{3, crypto::Hash{}}),
          event_of(SlipSeen{sample_slip()}),
          event_of(PermitChange{"humanitarian", subject(5), false, {1000}, {2000}, "A", "C-19"}),
          event_of(PermitChange{"humanitarian", subject(5), true, {}, {}, "A", "C-20"}),
          event_of(OverrideGrant{subject(6), "4(3)", "A.shift_lead", "the aunt is known here"}),
          event_of(QuotaLease{"patients", "bridge-a-1", 20'000, 12, "A", "the clinic", 3}),
          event_of(NoticeAct{subject(7), NoticeStep::kObjected, "B", "C-21"})};
}

}  // namespace crossline::testing
