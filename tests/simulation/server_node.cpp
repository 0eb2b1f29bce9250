#include "tests/simulation/server_node.hpp"

#include "crossline/base/assert.hpp"
#include "crossline/base/limits.hpp"
#include "crossline/merkle/proof.hpp"
#include "crossline/wire/ledger_proofs.hpp"

#include <utility>

namespace crossline::simulation {

ServerNode::ServerNode(Setup setup, Timeline& timeline, Dice& dice, const Clock& clock)
    : setup_(std::move(setup)), timeline_(timeline), dice_(dice), clock_(clock) {}

void ServerNode::start() {
  ++run_;
  auto recovered = server::recover(ledger_, view_rows_, {});
  if (!recovered) return fail(std::move(recovered).error());
  views_.emplace(std::move(recovered->views));
  const procedure::EditionBook adopted = recovered->line.editions;
  server::Office office(setup_.line, *crypto::Signer::from_seed(setup_.office_seed.bytes), run_);
  auto opened =
      server::Sequencer::open(setup_.line, std::move(recovered->line), ledger_, identities_, clock_,
                              *crypto::Signer::from_seed(setup_.ledger_seed.bytes), std::move(office));
  if (!opened) return fail(std::move(opened).error());
  sequencer_ = std::make_unique<server::Sequencer>(*std::move(opened));
  for (const std::string& sealed : setup_.editions) {
    if (adopted.find(crypto::sha256(as_bytes(sealed))) == nullptr)
      enqueue(server::Adoption{"operator", sealed}, nullptr);
  }
}

void ServerNode::crash() {
  ++run_;
  sequencer_.reset();
  views_.reset();
  queue_.clear();
  step_scheduled_ = false;
  for (auto& [agent, session] : sessions_) session->connection->cut();
  for (auto& session : strangers_) session->connection->cut();
  sessions_.clear();
  strangers_.clear();
  ledger_.crash();
  identities_.crash();
  view_rows_.crash();
}

void ServerNode::accept(const std::shared_ptr<Connection>& connection) {
  if (!up()) return connection->cut();
  auto session = std::make_shared<Session>();
  session->connection = connection;
  connection->server_end().receive = [this, weak = std::weak_ptr(session)](std::string frame) {
    if (auto alive = weak.lock(); alive && up()) receive(alive, frame);
  };
  connection->server_end().closed = [this, weak = std::weak_ptr(session)] {
    const auto gone = weak.lock();
    if (!gone) return;
    std::erase(strangers_, gone);
    if (const auto found = sessions_.find(gone->agent); found != sessions_.end() && found->second == gone)
      sessions_.erase(found);
  };
  strangers_.push_back(std::move(session));
}

void ServerNode::receive(const std::shared_ptr<Session>& session, const std::string& bytes) {
  auto frame = wire::decode_agent_frame(as_bytes(bytes));
  if (!frame) return refuse(session, {std::move(frame).error(), {}});
  if (const auto* hello = std::get_if<wire::Hello>(&*frame)) return greet(session, *hello);
  if (!session->journal)
    return refuse(session, {{ErrorCode::kMalformed, "the first frame must be a hello"}, {}});
  if (auto* submission = std::get_if<wire::Submit>(&*frame)) return submit(session, std::move(*submission));
  if (auto* consult = std::get_if<wire::Consult>(&*frame)) {
    return enqueue(server::ConsultRequest{session->agent, session->post, std::move(*consult)}, session);
  }
  const auto& heartbeat = std::get<wire::Heartbeat>(*frame);
  std::optional<wire::LedgerReply> reply;
  if (const auto head = sequencer_->head(); head && heartbeat.ledger_question)
    reply = {*heartbeat.ledger_question, *head, proofs_from(*heartbeat.ledger_question, head->head.size)};
  send(session,
       wire::Heartbeat{
           .unsent = 0, .clock = clock_.now(), .oldest_unsent_ms = 0, .ledger_reply = std::move(reply)});
}

wire::LedgerProofs ServerNode::proofs_from(const wire::LedgerQuestion& asked, TreeSize size) {
  merkle::MemoryTree tree;
  const auto entries = ledger_.read(LedgerIndex(0), size.value()).value();
  for (const std::string& entry : entries) tree.append(merkle::leaf_hash(as_bytes(entry)));
  return wire::ledger_proofs(tree, asked, size).value();
}

void ServerNode::greet(const std::shared_ptr<Session>& session, const wire::Hello& hello) {
  if (session->journal) return refuse(session, {{ErrorCode::kMalformed, "a second hello"}, {}});
  const auto enrolled = std::find_if(setup_.agents.begin(), setup_.agents.end(),
                                     [&](const Enrolled& one) { return one.agent == hello.agent; });
  if (enrolled == setup_.agents.end())
    return refuse(session, {{ErrorCode::kUnauthenticated, "not enrolled"}, {}});
  if (sequencer_->is_suspended(hello.agent)) return refuse(session, {{ErrorCode::kForked, "suspended"}, {}});

  std::erase(strangers_, session);
  std::optional<server::AgentJournal> verified;
  if (const auto old = sessions_.find(hello.agent); old != sessions_.end()) {
    // A newer connection replaces the older, and goes on where that one's verified events end.
    verified = std::move(old->second->journal);
    old->second->connection->cut();
    sessions_.erase(old);
  }
  if (!verified) {
    const auto known = sequencer_->journals().find(hello.agent);
    // Events still queued from a connection that is gone are not in journals(): wait for them.
    if (!queue_.empty()) return session->connection->cut();
    verified.emplace(setup_.line, hello.agent, enrolled->post, *crypto::Verifier::make(enrolled->journal_key),
                     known == sequencer_->journals().end() ? std::nullopt : std::optional(known->second));
  }
  session->agent = hello.agent;
  session->post = enrolled->post;
  session->journal = std::move(verified);
  session->replica_cursor = hello.replica_position;
  if (auto greeted = session->journal->greet(hello, clock_.now()); !greeted)
    return refuse(session, std::move(greeted).error());
  sessions_[hello.agent] = session;
  const auto* edition = sequencer_->editions().at(clock_.now());
  const auto head = sequencer_->head();
  const wire::LedgerQuestion asked{hello.ledger.size, hello.ledger_proven};
  send(session, wire::Welcome{.next_index = session->journal->next(),
                              .clock = clock_.now(),
                              .ledger = head,
                              .edition = edition == nullptr ? std::nullopt : std::optional(edition->hash()),
                              .proofs = head ? proofs_from(asked, head->head.size) : wire::LedgerProofs()});
  feed(session);
}

void ServerNode::submit(const std::shared_ptr<Session>& session, wire::Submit submission) {
  auto verified = session->journal->verify(std::move(submission), clock_.now());
  if (!verified) return refuse(session, std::move(verified).error());
  session->journal->advance(*verified);
  enqueue(std::move(*verified), session);
}

void ServerNode::refuse(const std::shared_ptr<Session>& session, server::Refusal refusal) {
  ++refusals_;
  send(session, wire::LinkError{std::string(name_of(refusal.error.code)), refusal.error.message,
                                refusal.error.kind() == ErrorKind::kRetryLater});
  if (refusal.evidence) enqueue(server::ForkFound{*std::move(refusal.evidence)}, nullptr);
  timeline_.after(1, [connection = session->connection] { connection->cut(); });
}

void ServerNode::act(movement::Body body) {
  if (up()) enqueue(server::OfficeAct{"supervisor-1", std::move(body)}, nullptr);
}

void ServerNode::enqueue(server::Request request, const std::shared_ptr<Session>& session) {
  queue_.push_back({std::move(request), session});
  if (std::exchange(step_scheduled_, true)) return;
  timeline_.after(dice_.between(0, 4), [this, run = run_] {
    if (run == run_ && up()) step();
  });
}

void ServerNode::step() {
  step_scheduled_ = false;
  std::vector<Waiting> taken = std::exchange(queue_, {});
  std::vector<server::Request> requests;
  for (Waiting& waiting : taken) requests.push_back(std::move(waiting.request));
  auto stepped = sequencer_->step(std::move(requests));
  if (!stepped) {
    // The disk failed: nothing was acknowledged; stop and recover, as the process would.
    if (stepped.error().kind() != ErrorKind::kFatal) fail(std::move(stepped).error());
    crash();
    timeline_.after(dice_.between(10, 500), [this] {
      if (!up()) start();
    });
    return;
  }
  CROSSLINE_ASSERT(stepped->replies.size() == taken.size());
  if (stepped->committed) {
    ++commits_;
    if (auto applied = views_->apply(*stepped->committed); !applied) return fail(std::move(applied).error());
    if (dice_.percent(20)) {
      if (auto saved = view_rows_.save(views_->as_of().position, views_->take_rows()); !saved)
        return fail(std::move(saved).error());
    }
  }
  for (std::size_t i = 0; i < taken.size(); ++i) answer(taken[i], std::move(stepped->replies[i]));
  if (stepped->committed) {
    for (auto& [agent, session] : std::map(sessions_)) feed(session);
  }
}

void ServerNode::answer(const Waiting& waiting, server::Reply reply) {
  const auto session = waiting.session.lock();
  if (!session) return;
  if (auto* refusal = std::get_if<server::Refusal>(&reply)) return refuse(session, std::move(*refusal));
  if (auto* answered = std::get_if<wire::Answer>(&reply)) return send(session, *answered);
  if (auto* consulted = std::get_if<wire::ConsultAnswer>(&reply)) return send(session, *consulted);
}

void ServerNode::feed(const std::shared_ptr<Session>& session) {
  for (;;) {
    if (!session->replica) session->replica.emplace(ledger_);
    auto chunk = session->replica->read(session->replica_cursor, LedgerIndex(ledger_.size()));
    if (!chunk) return fail(std::move(chunk).error());
    if (!*chunk) return;
    session->connection->to_agent(std::string(as_text(*(*chunk)->frame)));
    session->replica_cursor = (*chunk)->to;
  }
}

void ServerNode::send(const std::shared_ptr<Session>& session, const wire::ServerFrame& frame) {
  session->connection->to_agent(wire::encode_server_frame(frame));
}

void ServerNode::fail(Error error) {
  if (!broken_) broken_ = std::move(error);
}

}  // namespace crossline::simulation
