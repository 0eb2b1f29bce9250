#include "tests/simulation/checks.hpp"

#include "crossline/merkle/tree_head.hpp"
#include "crossline/server/office.hpp"
#include "crossline/wire/event_codec.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace crossline::simulation {

std::string words_for(const movement::Presence& presence) {
  std::string words(name_of(presence.status));
  if (presence.status == movement::Status::kBetween)
    words += presence.came_from == movement::Side::kA ? " from A" : " from B";
  return presence.unmatched ? words + " unmatched" : words;
}

Checks::Checks(std::string line, std::vector<Enrolled> agents, crypto::PublicKey ledger_key,
               crypto::PublicKey office_key, std::optional<std::int64_t> exits_per_day)
    : line_(std::move(line)),
      agents_(std::move(agents)),
      ledger_verifier_(*crypto::Verifier::make(ledger_key)),
      exits_per_day_(exits_per_day) {
  for (const Enrolled& enrolled : agents_)
    verifiers_.emplace(enrolled.agent, *crypto::Verifier::make(enrolled.journal_key));
  verifiers_.emplace(std::string(server::kOfficeAgent), *crypto::Verifier::make(office_key));
}

void Checks::find(std::string what) {
  constexpr std::size_t kMaxFindings = 20;
  if (findings_.size() < kMaxFindings) findings_.push_back(std::move(what));
}

void Checks::acknowledged(const std::string& agent, const wire::Answer& answer) {
  for (std::size_t i = 0; i < answer.events.size(); ++i) {
    const std::uint64_t index = answer.first_index.value() + i;
    const auto [place, first] = acks_.emplace(std::pair(agent, index), answer.events[i]);
    if (first) unseen_acks_.push_back(place->first);
    if (!first && place->second != answer.events[i])
      find(fmt::format("I1: {} event {} was answered twice, differently", agent, index));
  }
  if (!merkle::verify_tree_head(merkle::ledger_origin(line_), answer.ledger.head, answer.ledger.signature,
                                ledger_verifier_)) {
    find(fmt::format("I3: the head in an answer to {} is not the ledger's", agent));
  }
}

void Checks::follow(ServerNode& server) {
  for (;;) {
    const auto entries = server.ledger().read(LedgerIndex(range_.size().value()), 256);
    if (!entries) return find("the ledger cannot be read: " + entries.error().message);
    if (entries->empty()) break;
    for (const std::string& bytes : *entries) take(range_.size().value(), bytes);
  }
  for (const auto& event : std::exchange(unseen_acks_, {})) check_acknowledgement(event);
  if (server.up()) {
    if (const auto& head = server.sequencer().head();
        head && (head->head.size != range_.size() || head->head.root != range_.root())) {
      find(fmt::format("I3: the server's head is of {} entries, the ledger holds {}", head->head.size.value(),
                       range_.size().value()));
    }
    compare(server.sequencer().world());
  }
}

void Checks::take(std::uint64_t index, const std::string& bytes) {
  range_.append(merkle::leaf_hash(as_bytes(bytes)));
  const auto entry = wire::decode_ledger_entry(as_bytes(bytes));
  const auto event = entry ? wire::decode_event(as_bytes(entry->event))
                           : Result<movement::Event>(std::unexpected(entry.error()));
  if (!event) return find(fmt::format("I3: entry {} does not decode: {}", index, event.error().message));
  if (event->agent != entry->agent)
    find(fmt::format("I3: entry {} is of {} and says {}", index, entry->agent, event->agent));

  Journal& journal = journals_[entry->agent];
  if (!places_.emplace(std::pair(entry->agent, event->journal_index.value()), index).second) {
    find(fmt::format("I2: {} event {} is in the ledger twice", entry->agent, event->journal_index.value()));
    return;
  }
  if (event->journal_index.value() != journal.range.size().value()) {
    find(fmt::format("I3: {} event {} follows {}", entry->agent, event->journal_index.value(),
                     journal.range.size().value()));
  }
  journal.range.append(merkle::leaf_hash(as_bytes(entry->event)));
  ++journal.unsigned_events;
  if (entry->head_signature) {
    const merkle::TreeHead head{journal.range.size(), journal.range.root()};
    if (!merkle::verify_tree_head(merkle::journal_origin(line_, entry->agent), head, *entry->head_signature,
                                  verifiers_.at(entry->agent))) {
      find(fmt::format("I3: the head of {} after event {} is not signed by it", entry->agent,
                       event->journal_index.value()));
    }
    journal.unsigned_events = 0;
  }
  check_edition(index, *entry, *event);
  check_time(*entry, *event, journal);
  if (entry->received_at.ms < last_received_ms_)
    find(fmt::format("I3: entry {} was received before the one before it", index));
  last_received_ms_ = entry->received_at.ms;
  take_movement(*entry, *event, post_of(entry->agent));
  if (exits_per_day_) take_exit(*entry, *event);
}

void Checks::take_exit(const wire::LedgerEntry& entry, const movement::Event& event) {
  if (const auto* lease = std::get_if<movement::QuotaLease>(&event.body); lease && !entry.conflict) {
    leased_ += lease->amount;
    if (leased_ > *exits_per_day_) find(fmt::format("I5: {} leased of {}", leased_, *exits_per_day_));
  }
  if (const auto* correction = std::get_if<movement::Correction>(&event.body))
    exits_.erase({entry.agent, correction->journal_index.value()});
  const auto* movement = std::get_if<movement::Movement>(&event.body);
  const bool is_exit = movement != nullptr && movement->outcome == movement::Outcome::kPassed &&
                       movement->direction != movement::Direction::kEntry;
  if (!is_exit) return;
  if (!entry.conflict) exits_.insert({entry.agent, event.journal_index.value()});
  if (static_cast<std::int64_t>(exits_.size()) > *exits_per_day_) {
    find(fmt::format("I5: {} exits of {} a day and no difference on record", exits_.size(), *exits_per_day_));
  }
  const bool refused_by_quota = std::ranges::find(entry.articles, kQuotaArticle) != entry.articles.end();
  if (movement->decided_offline && movement->verdict == movement::Verdict::kAllow && refused_by_quota)
    find(fmt::format("I5: {} event {} was let through on a lease and refused afterwards", entry.agent,
                     event.journal_index.value()));
}

void Checks::expect_editions(const std::vector<std::string>& sealed) {
  for (const std::string& one : sealed) {
    const auto edition = procedure::Edition::load(as_bytes(one));
    begins_ms_[edition->hash()] = edition->from().ms;
  }
}

void Checks::check_edition(std::uint64_t index, const wire::LedgerEntry& entry,
                           const movement::Event& event) {
  if (const auto* adopted = std::get_if<movement::EditionAdopted>(&event.body))
    adopted_[begins_ms_.at(adopted->hash)] = adopted->hash;
  if (!entry.verdict) return;
  auto later = adopted_.upper_bound(entry.occurred_at.ms);
  if (later != adopted_.begin()) --later;
  if (later == adopted_.end() || later->second != entry.edition)
    find(fmt::format("I7: entry {} of {} was decided by another edition than that of its time", index,
                     entry.occurred_at.ms));
}

void Checks::check_time(const wire::LedgerEntry& entry, const movement::Event& event, Journal& journal) {
  const std::int64_t expected =
      std::min(std::max(event.recorded_at.ms, journal.last_occurred_ms), entry.received_at.ms);
  if (entry.occurred_at.ms != expected) {
    find(fmt::format("I4: {} event {} occurred at {} by the ledger, {} by its own record", entry.agent,
                     event.journal_index.value(), entry.occurred_at.ms, expected));
  }
  journal.last_occurred_ms = expected;
}

void Checks::take_movement(const wire::LedgerEntry& entry, const movement::Event& event,
                           const std::string& post) {
  if (const auto* movement = std::get_if<movement::Movement>(&event.body)) {
    auto& person = people_[movement->subject];
    if (movement->outcome != movement::Outcome::kPassed) return;
    person.moved({entry.occurred_at.ms, entry.agent, event.journal_index.value(), post,
                  std::string(name_of(movement->direction))});
  } else if (const auto* correction = std::get_if<movement::Correction>(&event.body)) {
    people_[correction->subject].took_back(entry.agent, correction->journal_index.value());
  }
}

std::string Checks::naive_status(const movement::SubjectId& subject) const {
  const auto person = people_.find(subject);
  if (person == people_.end()) return "unknown";
  return person->second.status([](const std::string& agent, std::uint64_t index) {
    return movement::movement_tie(movement::agent_tag(agent), JournalIndex(index));
  });
}

void Checks::compare(const movement::World& world) {
  for (const auto& [subject, person] : people_) {
    const movement::SubjectState* state = world.find(subject);
    if (state == nullptr) {
      find("I4: the server does not know a subject of its ledger");
      continue;
    }
    const std::string naive = naive_status(subject);
    if (words_for(state->now) != naive)
      find(fmt::format("I4: the server says {}, the naive model {}", words_for(state->now), naive));
    compare_counts(*state, person);
  }
}

void Checks::compare_counts(const movement::SubjectState& state, const testing::NaivePerson& person) {
  constexpr movement::MovementKey kEnd{{INT64_MAX}, UINT64_MAX};
  movement::History history;
  if (!state.history_before(kEnd, history)) return find("I4: the end of time lies before what is settled");
  for (const auto direction : {procedure::Direction::kExit, procedure::Direction::kEntry}) {
    for (const auto side : {movement::Side::kA, movement::Side::kB}) {
      const std::int64_t counted = history.tally({direction, side}).sums.today;
      const std::int64_t naive =
          person.times_on_last_day(std::string(name_of(direction)), std::string(name_of(side)));
      if (counted != naive)
        find(fmt::format("I4: the server counts {} times {} at {} in a day, the naive model {}", counted,
                         name_of(direction), name_of(side), naive));
    }
  }
}

void Checks::finish(ServerNode& server) {
  follow(server);
  for (const auto& [agent, journal] : journals_) {
    if (journal.unsigned_events > 0)
      find(fmt::format("I3: the last {} events of {} are covered by no signature", journal.unsigned_events,
                       agent));
  }
  for (const auto& [event, answer] : acks_) check_acknowledgement(event);
}

void Checks::check_acknowledgement(const EventPlace& event) {
  const std::uint64_t told = acks_.at(event).ledger_index.value();
  const auto place = places_.find(event);
  if (place == places_.end()) {
    find(fmt::format("I1: {} event {} was acknowledged and is not in the ledger", event.first, event.second));
  } else if (place->second != told) {
    find(fmt::format("I1: {} event {} was acknowledged at {} and stands at {}", event.first, event.second,
                     told, place->second));
  }
}

void Checks::compare_replica(const std::string& agent, const movement::SubjectId& subject,
                             const Result<movement::SubjectState>& known) {
  const std::string naive = naive_status(subject);
  if (!known) return find(fmt::format("I4: {}: {}", agent, known.error().to_string()));
  if (words_for(known->now) != naive)
    find(fmt::format("I4: the replica of {} says {}, the naive model {}", agent, words_for(known->now),
                     naive));
}

std::string Checks::post_of(const std::string& agent) const {
  for (const Enrolled& enrolled : agents_) {
    if (enrolled.agent == agent) return std::string(name_of(enrolled.post.side));
  }
  return "";
}

}  // namespace crossline::simulation
