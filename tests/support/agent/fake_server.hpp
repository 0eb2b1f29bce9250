// The server's end of one agent's link, without a procedure: it checks what a server must check, takes
// everything that is in order into a ledger, and says what a test tells it to say. It outlives connections,
// as a server does.
#pragma once

#include "crossline/base/assert.hpp"
#include "crossline/crypto/commitment.hpp"
#include "crossline/crypto/ed25519.hpp"
#include "crossline/merkle/proof.hpp"
#include "crossline/merkle/tree.hpp"
#include "crossline/merkle/tree_head.hpp"
#include "crossline/wire/event_codec.hpp"
#include "crossline/wire/ledger_proofs.hpp"
#include "crossline/wire/link.hpp"

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace crossline::testing {

class FakeServer {
 public:
  FakeServer(std::string line, const crypto::PublicKey& journal_key, crypto::Signer ledger_key)
      : line_(std::move(line)), journal_key_(journal_key), ledger_key_(std::move(ledger_key)) {}

  // The answers to one frame, at once.
  std::vector<wire::ServerFrame> receive(const wire::AgentFrame& frame) {
    return std::visit([this](const auto& body) { return on(body); }, frame);
  }

  [[nodiscard]] wire::SignedHead head() const {
    const merkle::TreeHead head{ledger_.size(), ledger_.root()};
    return {head, merkle::sign_tree_head(merkle::ledger_origin(line_), head, ledger_key_)};
  }
  // What it says to an agent that has seen another ledger of `seen` entries.
  [[nodiscard]] wire::LedgerDispute dispute(TreeSize seen) const {
    wire::LedgerDispute said{.ledger = head()};
    if (seen >= ledger_.size()) return said;
    said.root = ledger_.root_at(seen);
    said.consistency = merkle::consistency_proof(ledger_, seen, ledger_.size()).value();
    return said;
  }
  [[nodiscard]] wire::LedgerReply reply_to(const wire::LedgerQuestion& asked) const {
    return {asked, head(), proofs_from(asked)};
  }
  // Entries of other agents.
  void grow(std::size_t entries) {
    for (; entries > 0; --entries) ledger_.append(merkle::leaf_hash(as_bytes("another's")));
  }
  // Another history from now on, of the same size: every entry but the first `common` is another one.
  void fork(std::size_t common) {
    const auto size = static_cast<std::size_t>(ledger_.size().value());
    merkle::MemoryTree other;
    for (std::size_t i = 0; i < size; ++i)
      other.append(i < common ? ledger_.subtree(0, i).value()
                              : merkle::leaf_hash(as_bytes("of the other history")));
    ledger_ = std::move(other);
  }
  // Says that the last events never came, and stands by the ledger that holds them.
  void disown(std::size_t events) {
    events_.resize(events_.size() - events);
    journal_ = {};
    for (const std::string& event : events_) journal_.append(merkle::leaf_hash(as_bytes(event)));
  }
  // The disk of yesterday: the last events and the ledger's growth since are gone, and others came after.
  void forget(std::size_t events, std::size_t others = 0) {
    events_.resize(events_.size() - events);
    ledger_ = {};
    grow(events_.size() + others);
    journal_ = {};
    for (const std::string& event : events_) journal_.append(merkle::leaf_hash(as_bytes(event)));
  }

  // Of every consult; without a verdict none is answered.
  std::optional<movement::Verdict> verdict = movement::Verdict::kAllow;
  std::vector<std::string> articles{"3(1)"};
  bool silent = false;            // takes events and does not answer
  bool withholds_proofs = false;  // in heartbeats

  [[nodiscard]] const std::vector<std::string>& events() const { return events_; }
  [[nodiscard]] movement::Event event(std::size_t index) const {
    return wire::decode_event(as_bytes(events_.at(index))).value();
  }
  [[nodiscard]] const std::vector<wire::Identity>& identities() const { return identities_; }
  [[nodiscard]] std::size_t submissions() const { return submissions_; }
  [[nodiscard]] std::size_t consults() const { return consults_; }
  [[nodiscard]] const std::vector<wire::Heartbeat>& heartbeats() const { return heartbeats_; }
  // What the agent did wrong; empty when nothing.
  [[nodiscard]] const std::vector<std::string>& complaints() const { return complaints_; }

 private:
  using Frames = std::vector<wire::ServerFrame>;

  Frames on(const wire::Hello& hello) {
    if (hello.journal && hello.journal->head.size == journal_.size() &&
        hello.journal->head.root != journal_.root())
      complain("hello with another journal");
    wire::Welcome welcome{.protocol = wire::kProtocol,
                          .next_index = JournalIndex(events_.size()),
                          .clock = {},
                          .ledger = std::nullopt,
                          .edition = std::nullopt};
    if (ledger_.size().value() > 0) welcome.ledger = head();
    welcome.proofs = proofs_from({hello.ledger.size, hello.ledger_proven});
    return {welcome};
  }

  Frames on(const wire::Submit& submit) {
    ++submissions_;
    if (submit.first_index.value() != events_.size()) {
      complain("a gap or a needless resend");
      return {};
    }
    for (const std::string& event : submit.events) take(event);
    const merkle::TreeHead journal{journal_.size(), journal_.root()};
    const auto verifier = crypto::Verifier::make(journal_key_);
    const std::string agent = event(events_.size() - 1).agent;
    if (!merkle::verify_tree_head(merkle::journal_origin(line_, agent), journal, submit.head_signature,
                                  *verifier))
      complain("a journal head that is not signed");
    for (const wire::IdentityAttachment& attached : submit.identities) check(submit, attached);
    if (silent) return {};
    wire::Answer answer{.first_index = submit.first_index, .events = {}, .ledger = head()};
    for (std::size_t i = submit.first_index.value(); i < events_.size(); ++i) {
      answer.events.push_back(
          {.verdict = std::nullopt, .articles = {}, .ledger_index = placed_[i], .conflict = false});
    }
    return {answer};
  }

  Frames on(const wire::Consult& consult) {
    ++consults_;
    if (!verdict) return {};
    return {wire::ConsultAnswer{.id = consult.id,
                                .verdict = *verdict,
                                .articles = articles,
                                .status = movement::Status::kUnknown,
                                .edition = 1}};
  }

  Frames on(const wire::Heartbeat& heartbeat) {
    heartbeats_.push_back(heartbeat);
    if (silent) return {};
    wire::Heartbeat said;
    if (const auto& asked = heartbeat.ledger_question;
        asked && ledger_.size().value() > 0 && !withholds_proofs)
      said.ledger_reply = reply_to(*asked);
    return {said};
  }

  [[nodiscard]] wire::LedgerProofs proofs_from(const wire::LedgerQuestion& asked) const {
    return wire::ledger_proofs(ledger_, asked, ledger_.size()).value();
  }

  void take(const std::string& event) {
    if (!wire::decode_event(as_bytes(event))) complain("an event that is none");
    placed_.resize(events_.size());
    placed_.push_back(LedgerIndex(ledger_.size().value()));
    events_.push_back(event);
    journal_.append(merkle::leaf_hash(as_bytes(event)));
    ledger_.append(merkle::leaf_hash(as_bytes(event)));
  }

  void check(const wire::Submit& submit, const wire::IdentityAttachment& attached) {
    const auto event = wire::decode_event(as_bytes(submit.events.at(attached.offset)));
    const auto* movement = std::get_if<movement::Movement>(&event->body);
    if (movement == nullptr ||
        movement->commitment != crypto::commit(attached.opening, as_bytes(attached.identity)))
      complain("an identity that the event does not commit to");
    identities_.push_back(wire::decode_identity(as_bytes(attached.identity)).value());
  }

  void complain(std::string what) { complaints_.push_back(std::move(what)); }

  std::string line_;
  crypto::PublicKey journal_key_;
  crypto::Signer ledger_key_;
  merkle::CompactRange journal_;
  merkle::MemoryTree ledger_;
  std::vector<std::string> events_;
  std::vector<LedgerIndex> placed_;
  std::vector<wire::Identity> identities_;
  std::vector<wire::Heartbeat> heartbeats_;
  std::vector<std::string> complaints_;
  std::size_t submissions_ = 0;
  std::size_t consults_ = 0;
};

}  // namespace crossline::testing
