// The server's core on in-memory stores, for tests that speak to it in submissions and replies.
#pragma once

#include "crossline/server/agent_journal.hpp"
#include "crossline/server/editions.hpp"
#include "crossline/server/recovery.hpp"
#include "crossline/server/sequencer.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/sample_edition.hpp"
#include "tests/support/server/memory_identity_store.hpp"
#include "tests/support/server/memory_ledger_store.hpp"
#include "tests/support/server/memory_view_store.hpp"
#include "tests/support/server/signing_agent.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace crossline::testing {

inline crypto::Signer signer_of(std::uint8_t seed) {
  return crypto::Signer::from_seed(Bytes(32, seed)).value();
}

class ServerCore {
 public:
  MemoryLedgerStore ledger;
  MemoryIdentityStore identities;
  MemoryViewStore view_store;
  ManualClock clock;

  // Starts on empty stores, with edition 1 adopted unless told otherwise.
  explicit ServerCore(bool adopt = true) {
    start();
    if (adopt) this->adopt(sealed_edition());
  }
  // Starts on empty stores and adopts only what these keys signed.
  explicit ServerCore(adoption::KeySet procedure_keys) : keys(std::move(procedure_keys)) { start(); }

  std::optional<adoption::KeySet> keys;
  std::vector<std::string> said;  // of the last start

  // The process ends and another one begins on what the disk kept.
  void restart() {
    sequencer.reset();
    views.reset();
    journals_.clear();
    ledger.crash();
    identities.crash();
    view_store.crash();
    start();
  }
  void start() {
    said.clear();
    auto recovered =
        server::recover(ledger, view_store, [this](std::string_view line) { said.emplace_back(line); });
    ASSERT_TRUE(recovered.has_value()) << recovered.error().to_string();
    replayed_from = recovered->replayed_from;
    views.emplace(std::move(recovered->views));
    std::optional<adoption::Chain> chain;
    if (keys) {
      auto verified = server::adopted_chain(*keys, recovered->line.editions, ledger);
      ASSERT_TRUE(verified.has_value()) << verified.error().to_string();
      chain = *std::move(verified);
    }
    auto opened =
        server::Sequencer::open(kLine, std::move(recovered->line), ledger, identities, clock, signer_of(1),
                                server::Office(kLine, signer_of(2), 99), std::move(chain));
    ASSERT_TRUE(opened.has_value()) << opened.error().to_string();
    sequencer = std::make_unique<server::Sequencer>(*std::move(opened));
  }

  // What the server follows of the agent's journal on its present connection.
  server::AgentJournal& journal_of(const SigningAgent& agent) {
    const auto found = journals_.find(agent.name());
    if (found != journals_.end()) return found->second;
    const auto known = sequencer->journals().find(agent.name());
    return journals_
        .try_emplace(agent.name(), kLine, agent.name(), agent.post(),
                     crypto::Verifier::make(agent.public_key()).value(),
                     known == sequencer->journals().end() ? std::nullopt : std::optional(known->second))
        .first->second;
  }
  server::Checked<server::VerifiedSubmission> verify(const SigningAgent& agent, wire::Submit submit) {
    auto verified = journal_of(agent).verify(std::move(submit), clock.now());
    if (verified) journal_of(agent).advance(*verified);
    return verified;
  }

  // One step with all requests; views follow.
  Result<std::vector<server::Reply>> step(std::vector<server::Request> requests) {
    CROSSLINE_TRY(auto stepped, sequencer->step(std::move(requests)));
    if (stepped.committed) CROSSLINE_CHECK_OK(views->apply(*stepped.committed));
    last_commit = stepped.committed;
    return std::move(stepped.replies);
  }
  // One step with one request, which must not fail for the store's sake.
  server::Reply ask(server::Request request) {
    std::vector<server::Request> one;
    one.push_back(std::move(request));
    auto replies = step(std::move(one));
    EXPECT_TRUE(replies.has_value());
    return std::move(replies->front());
  }
  // Verifies, sequences and expects an answer.
  wire::Answer submit(const SigningAgent& agent, wire::Submit submit) {
    auto verified = verify(agent, std::move(submit));
    EXPECT_TRUE(verified.has_value()) << verified.error().error.to_string();
    if (!verified) return {};
    const server::Reply reply = ask(*std::move(verified));
    const auto* answer = std::get_if<wire::Answer>(&reply);
    EXPECT_NE(answer, nullptr);
    return answer == nullptr ? wire::Answer{} : *answer;
  }
  // Sends everything the ledger does not have yet.
  wire::Answer submit_new(const SigningAgent& agent) {
    return submit(agent, agent.submit(journal_of(agent).next().value()));
  }
  server::Reply adopt(std::string sealed) {
    return ask(server::Adoption{"a.administrator", std::move(sealed)});
  }
  server::Reply adopt_signed(std::string envelope) {
    return ask(server::Adoption{.officer = "a.administrator", .sealed = {}, .envelope = std::move(envelope)});
  }
  void save_views() {
    const auto rows = views->take_rows();
    ASSERT_TRUE(view_store.save(views->as_of().position, rows));
  }

  std::unique_ptr<server::Sequencer> sequencer;
  std::optional<server::Views> views;
  std::shared_ptr<const server::Committed> last_commit;
  LedgerIndex replayed_from;

 private:
  std::map<std::string, server::AgentJournal> journals_;
};

// The error of a refusal; a failed test and kInvalidArgument when it is something else.
inline Error error_of(const server::Reply& reply) {
  const auto* refusal = std::get_if<server::Refusal>(&reply);
  EXPECT_NE(refusal, nullptr);
  return refusal == nullptr ? Error{} : refusal->error;
}

}  // namespace crossline::testing
