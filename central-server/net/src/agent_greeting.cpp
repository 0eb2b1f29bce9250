// The beginning of a connection: who is it, does what it knows of journal and ledger fit.
#include "agent_session.hpp"
#include "crossline/wire/ledger_proofs.hpp"

#include <utility>
#include <variant>

namespace crossline::server {
namespace {

using runtime::Deadline;
using runtime::Task;

constexpr std::uint64_t kHelloMs = 10'000;
constexpr std::uint64_t kReplaceMs = 10'000;  // for another connection of the same agent to end
constexpr std::uint64_t kReplacePollMs = 10;
// For what is committed to be counted and hashed: less than an agent waits for its welcome.
constexpr std::uint64_t kPublishedMs = 4'000;
constexpr std::uint64_t kPublishedPollMs = 10;

// Those that came after the newest one the agent says it has; all of them when that one is unknown here.
std::vector<crypto::Hash> editions_after(const wire::Hello& hello, const procedure::EditionBook& editions) {
  const std::optional<crypto::Hash> has = hello.editions ? hello.editions->newest : hello.edition;
  const procedure::Edition* newest = has ? editions.find(*has) : nullptr;
  std::vector<crypto::Hash> missing;
  for (const procedure::Edition& edition : editions.editions())
    if (newest == nullptr || edition.number() > newest->number()) missing.push_back(edition.hash());
  return missing;
}

bool needs_hashes(const wire::LedgerQuestion& asked, TreeSize size) {
  const auto needs_proof = [size](TreeSize old_size) { return old_size.value() > 0 && old_size != size; };
  return needs_proof(asked.seen) || needs_proof(asked.proven);
}

}  // namespace

Task<Result<wire::Hello>> AgentSession::read_hello() {
  CROSSLINE_CO_TRY(const Bytes bytes, co_await frames_->read_frame(Deadline::in_ms(kHelloMs)));
  CROSSLINE_CO_TRY(wire::AgentFrame frame, wire::decode_agent_frame(bytes));
  auto* hello = std::get_if<wire::Hello>(&frame);
  if (hello == nullptr) co_return fail(ErrorCode::kMalformed, "the first frame is no hello");
  co_return std::move(*hello);
}

Task<AgentSession::Outcome> AgentSession::admit() {
  CROSSLINE_CO_TRY(crypto::Certificate certificate, crypto::Certificate::from_der(tls_peer_.certificate_der));
  const auto registry = services_.agents.registry();
  CROSSLINE_CO_TRY(const enrolment::AgentRecord* record, registry->admit(certificate, tls_peer_.party));
  CROSSLINE_CO_TRY(wire::Hello hello, co_await read_hello());
  if (hello.agent != record->post.agent) {
    co_return fail(ErrorCode::kForbidden, "the hello names agent {}, the certificate {}", hello.agent,
                   record->post.agent);
  }
  agent_ = record->post.agent;
  auto slot = services_.agents.find(agent_);
  if (slot->status().suspended) {
    co_return fail(ErrorCode::kForked, "agent {} is suspended: its journal has shown two histories", agent_);
  }
  post_ = slot->journal().post();
  CROSSLINE_CO_CHECK_OK(co_await take_slot(slot, std::move(certificate), tls_peer_.party));
  CROSSLINE_CO_CHECK_OK(co_await check_journal(hello));
  CROSSLINE_CO_CHECK_OK(co_await check_ledger(hello.ledger));
  co_return co_await welcome(std::move(hello));
}

Task<AgentSession::Outcome> AgentSession::take_slot(std::shared_ptr<AgentSlot> slot, crypto::Certificate peer,
                                                    std::string party) {
  const Deadline deadline = Deadline::in_ms(kReplaceMs);
  while (!slot->acquire(shared_from_this(), peer, party, services_.clock.now())) {
    if (deadline.passed())
      co_return fail(ErrorCode::kBusy, "another connection of agent {} does not end", agent_);
    co_await runtime::sleep_for(kReplacePollMs);
  }
  slot_ = std::move(slot);
  co_return Outcome();
}

Task<AgentSession::Outcome> AgentSession::check_journal(wire::Hello hello) {
  auto greeted = slot_->journal().greet(hello, services_.clock.now());
  if (!greeted) {
    Error why = co_await report(std::move(greeted.error()));
    co_return std::unexpected(std::move(why));
  }
  slot_->heard(services_.clock.now());
  slot_->enforces(hello.edition, services_.clock.now());
  if (hello.editions) slot_->reports(*hello.editions, services_.clock.now());
  co_return Outcome();
}

// The agent has seen a head of this ledger, so this ledger must have had it: otherwise the disk is older than
// what the server acknowledged, or another one.
Task<AgentSession::Outcome> AgentSession::check_ledger(movement::Beacon seen) {
  if (seen.size.value() == 0) co_return Outcome();
  LedgerStore* ledger = &services_.ledger;
  const LedgerIndex last(seen.size.value() - 1);
  const auto read_head = [ledger, last] { return ledger->head_of(last); };
  const auto head = co_await services_.reading.run(read_head);
  if (!head && head.error().code != ErrorCode::kNotFound) co_return std::unexpected(head.error());
  if (!head || head->head != merkle::TreeHead{seen.size, seen.root}) {
    std::optional<wire::SignedHead> shown;
    if (head) shown = *head;
    CROSSLINE_CO_CHECK_OK(co_await dispute(seen.size, std::move(shown)));
    co_return fail(
        ErrorCode::kCorruptData,
        "agent {} has seen a ledger of {} entries that this one never was: this server's disk is not the "
        "one that it had",
        agent_, seen.size.value());
  }
  co_return Outcome();
}

// Gives the agent what it can show against this server: a head and, when that is larger than the one seen,
// what its tree had in the place of that one.
Task<AgentSession::Outcome> AgentSession::dispute(TreeSize seen, std::optional<wire::SignedHead> head) {
  if (!head) head = services_.views.read([](const Views& views) { return views.as_of().head; });
  if (!head) co_return Outcome();
  wire::LedgerDispute shown{.ledger = *head};
  if (head->head.size > seen) {
    auto beginning = co_await prove_beginning(seen, head->head.size);
    if (beginning) {  // otherwise the two heads are a claim
      shown.root = beginning->root;
      shown.consistency = std::move(beginning->proof);
    }
  }
  Bytes frame = encode(std::move(shown));
  co_return co_await frames_->write_frame(std::move(frame), Deadline::in_ms(kWriteMs));
}

// What was acknowledged is in the views a moment later.
Task<Result<AgentSession::LineView>> AgentSession::line_view(TreeSize seen) {
  const Deadline deadline = Deadline::in_ms(kPublishedMs);
  for (;;) {
    const auto read = [](const Views& views) { return LineView{views.as_of(), views.editions()}; };
    const LineView now = services_.views.read(read);
    const TreeSize size = now.as_of.head ? now.as_of.head->head.size : TreeSize(0);
    if (size >= seen) co_return now;
    if (deadline.passed())
      co_return fail(ErrorCode::kBusy, "the views have {} of {} entries", size.value(), seen.value());
    co_await runtime::sleep_for(kPublishedPollMs);
  }
}

// Waits until the ledger is hashed up to `size`.
Task<AgentSession::Outcome> AgentSession::hashed(TreeSize size) {
  const Deadline deadline = Deadline::in_ms(kPublishedMs);
  while (services_.tiles.size() < size) {
    if (deadline.passed())
      co_return fail(ErrorCode::kBusy, "the ledger's tiles are being prepared: no proof can be given yet");
    co_await runtime::sleep_for(kPublishedPollMs);
  }
  co_return Outcome();
}

// Requires asked.seen <= size.
Task<Result<wire::LedgerProofs>> AgentSession::prove_continued(wire::LedgerQuestion asked, TreeSize size) {
  const LedgerTiles* tiles = &services_.tiles;
  const auto prove = [tiles, asked, size] { return wire::ledger_proofs(*tiles, asked, size); };
  co_return co_await services_.reading.run(prove);
}

// Requires 0 < seen < size.
Task<Result<merkle::PrefixClaim>> AgentSession::prove_beginning(TreeSize seen, TreeSize size) {
  CROSSLINE_CO_CHECK_OK(co_await hashed(size));
  const LedgerTiles* tiles = &services_.tiles;
  const auto prove = [tiles, seen, size]() -> Result<merkle::PrefixClaim> {
    merkle::PrefixClaim beginning;
    CROSSLINE_TRY(beginning.proof, merkle::consistency_proof(*tiles, seen, size));
    CROSSLINE_TRY(beginning.root, merkle::tree_root(*tiles, seen));
    return beginning;
  };
  co_return co_await services_.reading.run(prove);
}

Task<AgentSession::Outcome> AgentSession::welcome(wire::Hello hello) {
  CROSSLINE_CO_TRY(const LineView now, co_await line_view(hello.ledger.size));
  const TreeSize size = now.as_of.head ? now.as_of.head->head.size : TreeSize(0);
  const wire::LedgerQuestion asked{hello.ledger.size, hello.ledger_proven};
  if (needs_hashes(asked, size)) CROSSLINE_CO_CHECK_OK(co_await hashed(size));
  CROSSLINE_CO_TRY(wire::LedgerProofs proofs, co_await prove_continued(asked, size));
  const UtcMillis clock = services_.clock.now();
  const procedure::Edition* in_force = now.editions.at(clock);
  const bool keeps_replica = hello.replica_position != wire::kNoReplica;
  if (keeps_replica && hello.replica_position > services_.replica.end()) {
    co_return fail(ErrorCode::kCorruptData, "agent {} has a replica of {} entries, more than there are",
                   agent_, hello.replica_position.value());
  }
  replica_position_ = hello.replica_position;
  std::vector<Bytes> frames;
  frames.push_back(
      encode(wire::Welcome{.protocol = wire::kProtocol,
                           .next_index = JournalIndex(slot_->status().journal_size),
                           .clock = clock,
                           .ledger = now.as_of.head,
                           .edition = in_force == nullptr ? std::nullopt : std::optional(in_force->hash()),
                           .proofs = std::move(proofs)}));
  std::vector<crypto::Hash> missing;
  if (keeps_replica) missing = editions_after(hello, now.editions);
  co_return co_await write_with_editions(std::move(frames), std::move(missing));
}

// Each edition goes by itself: it may fill a frame, and an agent may have missed several.
Task<AgentSession::Outcome> AgentSession::write_with_editions(std::vector<Bytes> frames,
                                                              std::vector<crypto::Hash> editions) {
  for (const crypto::Hash& hash : editions) {
    LedgerStore* ledger = &services_.ledger;
    const auto read_edition = [ledger, hash] { return edition_bytes(*ledger, hash); };
    CROSSLINE_CO_TRY(auto edition, co_await services_.reading.run(read_edition));
    frames.push_back(edition_frame(replica_position_, std::move(edition)));
    std::vector<Bytes> ready = std::exchange(frames, {});
    CROSSLINE_CO_CHECK_OK(co_await frames_->write_frames(std::move(ready), Deadline::in_ms(kWriteMs)));
  }
  if (frames.empty()) co_return Outcome();
  co_return co_await frames_->write_frames(std::move(frames), Deadline::in_ms(kWriteMs));
}

}  // namespace crossline::server
