// A ledger written by a server that an auditor cannot trust: honest by default, altered by a test.
#pragma once

#include "crossline/audit/auditor.hpp"
#include "crossline/enrolment/registry.hpp"
#include "crossline/server/batch.hpp"
#include "crossline/wire/event_codec.hpp"
#include "crossline/wire/ledger_codec.hpp"
#include "tests/support/sample_edition.hpp"
#include "tests/support/server/signing_agent.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace crossline::testing {

inline crypto::Signer seeded_signer(std::uint8_t seed) {
  return crypto::Signer::from_seed(Bytes(32, seed)).value();
}
inline constexpr std::uint8_t kLedgerSeed = 1;
inline constexpr std::uint8_t kOfficeSeed = 2;
inline constexpr UtcMillis kDayBegins{1'790'668'800'000};  // 2026-09-29T08:00:00Z

// The registry in which these agents are enrolled.
inline enrolment::Registry registry_of(const std::vector<const SigningAgent*>& agents) {
  const auto key = [](std::string name, const crypto::PublicKey& of) {
    return merkle::NoteVerifierKey::make(std::move(name), merkle::NoteKeyType::kEd25519, of);
  };
  enrolment::Registry registry(
      {.line = std::string(kLine),
       .ledger_key = key(merkle::ledger_origin(kLine), seeded_signer(kLedgerSeed).public_key()),
       .office_key =
           key(merkle::journal_origin(kLine, enrolment::kOffice), seeded_signer(kOfficeSeed).public_key())});
  for (const SigningAgent* agent : agents) {
    const std::string side(name_of(agent->post().side));
    const auto enrolled =
        registry.enrol({.post = {std::string(kLine), agent->post().checkpoint, side, agent->name()},
                        .party = side == "joint" ? "G" : side,
                        .certificate = crypto::sha256(as_bytes(agent->name())),
                        .journal_key = key(merkle::journal_origin(kLine, agent->name()), agent->public_key()),
                        .enrolled = {0},
                        .revocation = std::nullopt});
    if (!enrolled) throw std::runtime_error(enrolled.error().to_string());
  }
  return registry;
}

// One event on its way into the ledger.
struct Step {
  std::string event;
  std::string agent;
  std::optional<movement::Post> post;
  std::optional<crypto::Signature> signature;  // of the journal's head after it
  UtcMillis received_at;
};

class PlantedLedger final : public audit::LedgerSource {
 public:
  std::vector<std::string> entries;
  std::map<crypto::Hash, std::string> editions;
  std::map<crypto::Hash, std::string> envelopes;

  // What an honest server makes of these events. The sample editions and `more` are known. What comes before
  // the first adoption is decided by the first sample.
  static PlantedLedger of(const std::vector<Step>& steps, const std::vector<std::string>& more = {}) {
    PlantedLedger made;
    const auto know = [&made](const std::string& sealed) {
      made.editions[crypto::sha256(as_bytes(sealed))] = sealed;
    };
    know(sealed_edition());
    know(second_edition());
    for (const std::string& sealed : more) know(sealed);
    procedure::EditionBook book;
    if (steps.empty() || !is_adoption(steps.front()))
      book.add(procedure::Edition::load(as_bytes(sealed_edition())).value());
    movement::World world;
    for (const Step& step : steps) {
      auto event = wire::decode_event(as_bytes(step.event));
      if (!event) throw std::runtime_error(event.error().to_string());
      if (const auto* adopted = std::get_if<movement::EditionAdopted>(&event->body))
        book.add(procedure::Edition::load(as_bytes(made.editions.at(adopted->hash))).value());
      auto recorded = server::fold(world, book, {step.event, *std::move(event)}, step.post, step.received_at,
                                   LedgerIndex(made.entries.size()));
      recorded.entry.agent = step.agent;
      recorded.entry.head_signature = step.signature;
      made.entries.push_back(wire::encode_ledger_entry(recorded.entry));
    }
    return made;
  }

  // Changes what one entry says.
  void edit(std::size_t index, const std::function<void(wire::LedgerEntry&)>& change) {
    wire::LedgerEntry entry = wire::decode_ledger_entry(as_bytes(entries.at(index))).value();
    change(entry);
    entries[index] = wire::encode_ledger_entry(entry);
  }

  // The head of the first `size` entries as they are now, signed with the ledger's key.
  [[nodiscard]] wire::SignedHead head(std::size_t size) const {
    merkle::CompactRange range;
    for (std::size_t i = 0; i < size; ++i) range.append(merkle::leaf_hash(as_bytes(entries[i])));
    const merkle::TreeHead head{range.size(), range.root()};
    return {head, merkle::sign_tree_head(merkle::ledger_origin(kLine), head, seeded_signer(kLedgerSeed))};
  }
  [[nodiscard]] wire::SignedHead head() const { return head(entries.size()); }

  Result<std::vector<std::string>> read(LedgerIndex first, std::size_t count) override {
    const std::size_t begin = std::min<std::size_t>(first.value(), entries.size());
    const std::size_t end = std::min(begin + count, entries.size());
    return std::vector<std::string>(entries.begin() + static_cast<std::ptrdiff_t>(begin),
                                    entries.begin() + static_cast<std::ptrdiff_t>(end));
  }
  Result<std::optional<std::string>> edition(const crypto::Hash& hash) override {
    const auto found = editions.find(hash);
    return found == editions.end() ? std::nullopt : std::optional(found->second);
  }
  Result<std::optional<std::string>> edition_envelope(const crypto::Hash& hash) override {
    const auto found = envelopes.find(hash);
    return found == envelopes.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  static bool is_adoption(const Step& step) {
    const auto event = wire::decode_event(as_bytes(step.event));
    return event && std::holds_alternative<movement::EditionAdopted>(event->body);
  }
};

// A morning at the bridge: the office adopts the edition, people leave A and are admitted to B. What was
// recorded is at hand as steps, so that a test can take some away, alter them or put others between.
class BridgeMorning {
 public:
  SigningAgent at_a = bridge_a();
  SigningAgent at_b = bridge_b();
  std::vector<Step> steps;
  UtcMillis now = kDayBegins;

  // The office begins by adopting an edition, the sample unless told otherwise.
  explicit BridgeMorning(const std::string& first = sealed_edition()) { adopt(1, first); }

  void adopt(std::uint32_t number, const std::string& sealed) {
    office(movement::EditionAdopted{number, crypto::sha256(as_bytes(sealed))});
  }
  void office(movement::Body body) {
    const movement::Event event{.agent = std::string(enrolment::kOffice),
                                .journal_index = JournalIndex(office_.size().value()),
                                .recorded_at = tick(),
                                .steady_ms = 1,
                                .boot_id = 9,
                                .beacon = {},
                                .officer = "a.administrator",
                                .body = std::move(body)};
    const std::string bytes = wire::encode_event(event);
    office_.append(merkle::leaf_hash(as_bytes(bytes)));
    const auto signature =
        merkle::sign_tree_head(merkle::journal_origin(kLine, enrolment::kOffice),
                               {office_.size(), office_.root()}, seeded_signer(kOfficeSeed));
    steps.push_back({bytes, std::string(enrolment::kOffice), std::nullopt, signature, now});
  }
  // The agent records and sends; the step's position is returned.
  std::size_t record(SigningAgent& agent, movement::Body body) {
    agent.record(std::move(body), tick());
    return send(agent, 1);
  }
  // The last `count` events of the agent as one submission: one signature, on the last.
  std::size_t send(const SigningAgent& agent, std::size_t count) {
    const wire::Submit submit = agent.submit(agent.size() - count, count);
    for (const std::string& bytes : submit.events)
      steps.push_back({bytes, agent.name(), agent.post(), std::nullopt, now});
    steps.back().signature = submit.head_signature;
    return steps.size() - 1;
  }
  // The traveller leaves A and is admitted to B.
  void cross(std::uint32_t number) {
    record(at_a, passing(traveller(number), movement::Direction::kExit));
    record(at_b, passing(traveller(number), movement::Direction::kEntry));
  }
  UtcMillis tick() { return now = now.plus(1'000); }

  [[nodiscard]] enrolment::Registry registry() const { return registry_of({&at_a, &at_b}); }
  [[nodiscard]] PlantedLedger ledger(const std::vector<std::string>& more = {}) const {
    return PlantedLedger::of(steps, more);
  }

 private:
  merkle::CompactRange office_;
};

// The whole ledger audited, against its own newest head.
inline audit::Report audit_of(PlantedLedger& ledger, const enrolment::Registry& registry,
                              audit::Options options = {}) {
  audit::Auditor auditor(registry, ledger, options);
  auditor.expect(ledger.head());
  if (auto done = auditor.advance(TreeSize(ledger.entries.size())); !done)
    throw std::runtime_error(done.error().to_string());
  return auditor.report();
}

}  // namespace crossline::testing
