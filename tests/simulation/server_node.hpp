// The server of the simulation: the real cores (AgentJournal, Sequencer, Views, recovery, replica) on fake
// disks, without threads or sockets. What central-server/net does with coroutines, this does with callbacks.
#pragma once

#include "crossline/server/agent_journal.hpp"
#include "crossline/server/recovery.hpp"
#include "crossline/server/replica.hpp"
#include "crossline/server/sequencer.hpp"
#include "tests/simulation/dice.hpp"
#include "tests/simulation/network.hpp"
#include "tests/simulation/timeline.hpp"
#include "tests/support/server/memory_identity_store.hpp"
#include "tests/support/server/memory_ledger_store.hpp"
#include "tests/support/server/memory_view_store.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace crossline::simulation {

// An agent as the registry knows it.
struct Enrolled {
  std::string agent;
  movement::Post post;
  crypto::PublicKey journal_key;
};

class ServerNode {
 public:
  struct Setup {
    std::string line;
    std::vector<Enrolled> agents;
    crypto::Hash ledger_seed;  // of the ledger's key
    crypto::Hash office_seed;
    std::vector<std::string> editions;  // to adopt, sealed, in their order
  };
  ServerNode(Setup setup, Timeline& timeline, Dice& dice, const Clock& clock);

  void start();
  // Loses what was not synced, every connection and everything in memory.
  void crash();
  [[nodiscard]] bool up() const { return sequencer_ != nullptr; }
  void accept(const std::shared_ptr<Connection>& connection);

  // An act of the office, as a supervisor's browser would cause it.
  void act(movement::Body body);

  [[nodiscard]] const server::Sequencer& sequencer() const { return *sequencer_; }
  [[nodiscard]] testing::MemoryLedgerStore& ledger() { return ledger_; }
  [[nodiscard]] const std::optional<Error>& broken() const { return broken_; }
  [[nodiscard]] std::uint64_t commits() const { return commits_; }
  [[nodiscard]] std::uint64_t refusals() const { return refusals_; }

 private:
  struct Session {
    std::shared_ptr<Connection> connection;
    std::string agent;
    std::optional<server::AgentJournal> journal;  // after the hello
    movement::Post post;
    LedgerIndex replica_cursor;
    std::optional<server::ReplicaReader> replica;  // once it was needed
  };
  struct Waiting {
    server::Request request;
    std::weak_ptr<Session> session;  // whom to answer; none for the office
  };

  void receive(const std::shared_ptr<Session>& session, const std::string& frame);
  void greet(const std::shared_ptr<Session>& session, const wire::Hello& hello);
  void submit(const std::shared_ptr<Session>& session, wire::Submit submit);
  void refuse(const std::shared_ptr<Session>& session, server::Refusal refusal);
  void enqueue(server::Request request, const std::shared_ptr<Session>& session);
  void step();
  void answer(const Waiting& waiting, server::Reply reply);
  void feed(const std::shared_ptr<Session>& session);
  void send(const std::shared_ptr<Session>& session, const wire::ServerFrame& frame);
  wire::LedgerProofs proofs_from(const wire::LedgerQuestion& asked, TreeSize size);
  void fail(Error error);

  Setup setup_;
  Timeline& timeline_;
  Dice& dice_;
  const Clock& clock_;
  testing::MemoryLedgerStore ledger_;
  testing::MemoryIdentityStore identities_;
  testing::MemoryViewStore view_rows_;

  std::unique_ptr<server::Sequencer> sequencer_;
  std::optional<server::Views> views_;
  std::vector<Waiting> queue_;
  bool step_scheduled_ = false;
  std::map<std::string, std::shared_ptr<Session>> sessions_;  // by agent, after the hello
  std::vector<std::shared_ptr<Session>> strangers_;           // before it
  std::optional<Error> broken_;                               // an error no fault explains: a finding
  std::uint64_t run_ = 0;  // counts starts: actions of an earlier run do nothing
  std::uint64_t commits_ = 0;
  std::uint64_t refusals_ = 0;
};

}  // namespace crossline::simulation
