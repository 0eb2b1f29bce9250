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

  // What an honest server makes of these events. The two sample editions are known, the first is adopted.
  static PlantedLedger of(const std::vector<Step>& steps) {
    PlantedLedger made;
    for (const std::string& sealed : {sealed_edition(), second_edition()})
      made.editions[crypto::sha256(as_bytes(sealed))] = sealed;
    procedure::EditionBook book;
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
};

// A morning at the bridge: the office adopts the edition, people leave A and are admitted to B. What was
// recorded is at hand as steps, so that a test can take some away, alter them or put others between.
class BridgeMorning {
 public:
  SigningAgent at_a = bridge_a();
  SigningAgent at_b = bridge_b();
  std::vector<Step> steps;
  UtcMillis now = kDayBegins;

  BridgeMorning() { adopt(); }

  // The office adopts the sample edition.
  void adopt() {
    const crypto::Hash hash = crypto::sha256(as_bytes(sealed_edition()));
    office(movement::EditionAdopted{1, hash});
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
  [[nodiscard]] PlantedLedger ledger() const { return PlantedLedger::of(steps); }

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
