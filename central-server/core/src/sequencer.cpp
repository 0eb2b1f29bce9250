#include "crossline/server/sequencer.hpp"

#include "crossline/base/assert.hpp"
#include "crossline/base/limits.hpp"
#include "crossline/base/planted.hpp"
#include "crossline/server/history.hpp"
#include "crossline/server/view_rows.hpp"

#include <algorithm>
#include <utility>

namespace crossline::server {
namespace {

// A sealed edition travels to agents in one frame, with a little around it.
constexpr std::size_t kMaxEditionBytes = limits::kMaxFrameBytes - 4'096;
constexpr std::size_t kReadEvents = 1'024;  // of a journal at once, when it has to be hashed again

Reply refusal(ErrorCode code, std::string message) {
  return Refusal{Error{code, std::move(message)}, std::nullopt};
}

wire::EventAnswer answer_of(const wire::LedgerEntry& entry, LedgerIndex index) {
  return {.verdict = entry.verdict,
          .articles = entry.articles,
          .ledger_index = index,
          .conflict = entry.conflict};
}

}  // namespace

std::size_t weight_of(const Request& request) {
  const auto* submission = std::get_if<VerifiedSubmission>(&request);
  return submission == nullptr ? 1 : std::max<std::size_t>(submission->size(), 1);
}

struct Sequencer::Batch {
  // A submission that waits for the commit in order to be answered.
  struct Submitted {
    std::size_t slot = 0;
    VerifiedSubmission submission;
    std::size_t first_entry = 0;  // of its fresh events, in `decided`
    std::size_t fresh = 0;
  };
  struct Act {
    std::size_t slot = 0;
    std::size_t entry = 0;  // in `decided`
  };
  UtcMillis received_at;
  Decided decided;
  std::vector<IdentityRecord> identities;
  std::set<std::string, std::less<>> grown;  // agents
  std::vector<Submitted> submitted;
  std::vector<Act> acts;
  std::vector<std::pair<std::size_t, Inquiry>> inquiries;
  std::vector<Reply> replies;
};

Result<Sequencer> Sequencer::open(std::string_view line, LineSnapshot snapshot, LedgerStore& ledger,
                                  IdentityStore& identities, const Clock& clock, crypto::Signer signer,
                                  Office office, std::optional<adoption::Chain> chain) {
  if (const auto& head = snapshot.ledger.head) {
    CROSSLINE_TRY(const auto verifier, crypto::Verifier::make(signer.public_key()));
    if (!merkle::verify_tree_head(merkle::ledger_origin(line), head->head, head->signature, verifier)) {
      return fail(ErrorCode::kCorruptData,
                  "the ledger's head of size {} was not signed with this server's key",
                  head->head.size.value());
    }
  }
  return Sequencer(line, std::move(snapshot), ledger, identities, clock, std::move(signer), std::move(office),
                   std::move(chain));
}

Sequencer::Sequencer(std::string_view line, LineSnapshot snapshot, LedgerStore& ledger,
                     IdentityStore& identities, const Clock& clock, crypto::Signer signer, Office office,
                     std::optional<adoption::Chain> chain)
    : origin_(merkle::ledger_origin(line)),
      line_(line),
      ledger_(&ledger),
      identities_(&identities),
      clock_(&clock),
      signer_(std::move(signer)),
      office_(std::move(office)),
      book_(std::move(snapshot.editions)),
      chain_(std::move(chain)),
      world_(std::move(snapshot.world)),
      range_(std::move(snapshot.ledger.range)),
      head_(std::move(snapshot.ledger.head)),
      last_received_(snapshot.last_received),
      suspended_(snapshot.ledger.suspended.begin(), snapshot.ledger.suspended.end()) {
  for (JournalState& journal : snapshot.ledger.journals) {
    if (journal.agent == kOfficeAgent) office_.restore(journal);
    journals_.emplace(journal.agent, std::move(journal));
  }
}

Result<Sequencer::Step> Sequencer::step(std::vector<Request> requests) {
  Batch batch;
  batch.received_at = std::max(clock_->now(), last_received_);
  batch.decided.commit_.first = LedgerIndex(range_.size().value());
  batch.replies.resize(requests.size());
  for (std::size_t slot = 0; slot < requests.size(); ++slot) {
    CROSSLINE_CHECK_OK(std::visit([&](auto& request) { return take(request, batch, slot); }, requests[slot]));
  }
  std::shared_ptr<const Committed> committed;
  if (!batch.decided.entries_.empty()) {
    CROSSLINE_TRY(committed, commit(batch));
  }
  CROSSLINE_CHECK_OK(answer_all(batch, committed.get()));
  return Step{std::move(batch.replies), std::move(committed)};
}

std::optional<Error> Sequencer::reason_to_refuse(const VerifiedSubmission& submission) const {
  const std::string& agent = submission.agent();
  if (suspended_.contains(agent)) {
    return Error{ErrorCode::kForked, fmt::format("agent {} is suspended: it has shown two histories", agent)};
  }
  if (book_.empty()) return Error{ErrorCode::kUnavailable, "no edition of the procedure was adopted yet"};
  const auto journal = journals_.find(agent);
  const std::uint64_t size = journal == journals_.end() ? 0 : journal->second.range.size().value();
  const std::uint64_t known = submission.first().value() + submission.resent().size();
  // What came before it was refused after it was verified.
  const bool follows = submission.fresh().empty() ? known <= size : known == size;
  if (!follows && !planted(PlantedBug::kNoDeduplication)) {
    return Error{ErrorCode::kConflict, fmt::format("expected journal index {}, got {}", size, known)};
  }
  return std::nullopt;
}

Result<void> Sequencer::take(VerifiedSubmission& submission, Batch& batch, std::size_t slot) {
  if (auto reason = reason_to_refuse(submission)) {
    batch.replies[slot] = Refusal{*std::move(reason), std::nullopt};
    return {};
  }
  const std::size_t first_entry = batch.decided.entries_.size();
  const std::size_t fresh = submission.fresh().size();
  if (fresh > 0) {
    const auto& identities = submission.identities();
    batch.identities.insert(batch.identities.end(), identities.begin(), identities.end());
    record(submission, batch);
  }
  batch.submitted.push_back({slot, std::move(submission), first_entry, fresh});
  return {};
}

void Sequencer::record(VerifiedSubmission& submission, Batch& batch) {
  auto& entries = batch.decided.entries_;
  Commit& commit = batch.decided.commit_;
  std::span<VerifiedEvent> fresh = submission.give_fresh();
  for (VerifiedEvent& event : fresh) {
    const LedgerIndex index(commit.first.value() + entries.size());
    entries.push_back(fold(world_, book_, std::move(event), submission.post(), batch.received_at, index));
  }
  entries.back().entry.head_signature = submission.head_signature();
  journals_.insert_or_assign(submission.agent(),
                             JournalState{submission.agent(), submission.post(), submission.range_after(),
                                          submission.head_signature()});
  batch.grown.insert(submission.agent());
}

void Sequencer::record_act(movement::Body body, std::string officer, Batch& batch, std::size_t slot) {
  movement::Beacon beacon;
  if (head_) beacon = {head_->head.size, head_->head.root};
  VerifiedSubmission act = office_.draft(std::move(body), std::move(officer), *clock_, beacon);
  batch.acts.push_back({slot, batch.decided.entries_.size()});
  record(act, batch);
}

Result<void> Sequencer::take(ConsultRequest& request, Batch& batch, std::size_t slot) {
  if (book_.empty()) {
    batch.replies[slot] = refusal(ErrorCode::kUnavailable, "no edition of the procedure was adopted yet");
    return {};
  }
  const UtcMillis at = world_.occurred_at(request.agent, request.consult.at, batch.received_at);
  const procedure::Edition& edition = *book_.at(at);
  auto consulted = world_.consult(edition, request.agent, request.consult.movement, request.post, at);
  batch.replies[slot] = wire::ConsultAnswer{.id = request.consult.id,
                                            .verdict = consulted.verdict,
                                            .articles = std::move(consulted.articles),
                                            .status = consulted.status,
                                            .edition = static_cast<std::uint32_t>(edition.number())};
  return {};
}

Result<void> Sequencer::take(OfficeAct& act, Batch& batch, std::size_t slot) {
  const UtcMillis at = world_.occurred_at(kOfficeAgent, clock_->now(), batch.received_at);
  auto checked = Office::check(act.body, act.officer, world_, book_.at(at), at);
  if (checked && std::holds_alternative<movement::EditionAdopted>(act.body)) {
    checked = fail(ErrorCode::kInvalidArgument, "an edition is adopted with its sealed bytes");
  }
  if (checked && book_.empty()) {
    checked = fail(ErrorCode::kUnavailable, "no edition of the procedure was adopted yet");
  }
  if (!checked) {
    batch.replies[slot] = Refusal{std::move(checked.error()), std::nullopt};
  } else {
    Office::complete(act.body, world_);
    record_act(std::move(act.body), std::move(act.officer), batch, slot);
  }
  return {};
}

Result<void> Sequencer::take(Adoption& adoption, Batch& batch, std::size_t slot) {
  return chain_ ? adopt_signed(adoption, batch, slot) : adopt_sealed(adoption, batch, slot);
}

Result<void> Sequencer::adopt_signed(Adoption& adoption, Batch& batch, std::size_t slot) {
  auto verified = chain_->judge(adoption.envelope);
  if (!verified) {
    batch.replies[slot] = Refusal{
        .error = verified.error().error(), .evidence = std::nullopt, .edition = std::move(verified).error()};
    return {};
  }
  CROSSLINE_CHECK_OK(ledger_->put_edition(verified->sealed(), verified->envelope()));  // before it is used
  procedure::Edition edition = verified->edition();
  chain_->append(*std::move(verified));
  enact(std::move(edition), std::move(adoption.officer), batch, slot);
  return {};
}

Result<void> Sequencer::adopt_sealed(Adoption& adoption, Batch& batch, std::size_t slot) {
  auto edition = procedure::Edition::load(as_bytes(adoption.sealed));
  if (!edition) {
    batch.replies[slot] = Refusal{std::move(edition.error()), std::nullopt};
    return {};
  }
  if (adoption.sealed.size() > kMaxEditionBytes) {
    batch.replies[slot] =
        refusal(ErrorCode::kInvalidArgument, "the edition is too large to be sent to agents");
    return {};
  }
  const procedure::Edition* newest = book_.newest();
  if (newest != nullptr && (edition->number() <= newest->number() || edition->from() < newest->from())) {
    batch.replies[slot] = refusal(
        ErrorCode::kConflict,
        fmt::format("edition {} from {} was adopted, edition {} from {} cannot follow it", newest->number(),
                    format_utc(newest->from()), edition->number(), format_utc(edition->from())));
    return {};
  }
  CROSSLINE_CHECK_OK(ledger_->put_edition(adoption.sealed, ""));  // before it is used
  enact(*std::move(edition), std::move(adoption.officer), batch, slot);
  return {};
}

void Sequencer::enact(procedure::Edition edition, std::string officer, Batch& batch, std::size_t slot) {
  movement::EditionAdopted adopted{static_cast<std::uint32_t>(edition.number()), edition.hash()};
  book_.add(std::move(edition));
  record_act(std::move(adopted), std::move(officer), batch, slot);
}

Result<void> Sequencer::take(Inquiry& inquiry, Batch& batch, std::size_t slot) {
  Reports reports;
  for (const movement::SubjectId& subject : inquiry.subjects) reports.subjects.push_back(report(subject));
  batch.replies[slot] = std::move(reports);
  return {};
}

Result<void> Sequencer::take(ForkFound& found, Batch& batch, std::size_t slot) {
  CROSSLINE_CHECK_OK(suspend(found.evidence));
  batch.replies[slot] = Refusal{Error{ErrorCode::kForked, found.evidence.what}, std::nullopt};
  return {};
}

Result<std::shared_ptr<const Committed>> Sequencer::commit(Batch& batch) {
  if (!batch.identities.empty()) CROSSLINE_CHECK_OK(identities_->put(batch.identities));
  Commit& commit = batch.decided.commit_;
  commit.entries.reserve(batch.decided.entries_.size());
  for (const Recorded& recorded : batch.decided.entries_) {
    commit.entries.push_back(wire::encode_ledger_entry(recorded.entry));
    CROSSLINE_ASSERT(commit.entries.back().size() <= limits::kMaxLedgerEntryBytes);
    range_.append(merkle::leaf_hash(as_bytes(commit.entries.back())));
  }
  for (const std::string& agent : batch.grown)
    commit.grown.push_back({agent, journals_.find(agent)->second.post});
  commit.range = range_;
  commit.head_signature = merkle::sign_tree_head(origin_, {range_.size(), range_.root()}, signer_);
  batch.decided.state_rows_ = state_rows(world_, batch.decided.entries_);
  CROSSLINE_TRY(auto committed, Committed::make(std::move(batch.decided), *ledger_));
  head_ = committed->head();
  last_received_ = batch.received_at;
  return committed;
}

Result<void> Sequencer::answer_all(Batch& batch, const Committed* committed) {
  for (Batch::Submitted& submitted : batch.submitted) {
    Reply& reply = batch.replies[submitted.slot];
    if (!submitted.submission.resent().empty()) {
      CROSSLINE_TRY(reply, answer_resent(submitted.submission));
    } else {
      reply = wire::Answer{.first_index = submitted.submission.first(), .events = {}, .ledger = {}};
    }
    auto* answer = std::get_if<wire::Answer>(&reply);
    if (answer == nullptr || submitted.fresh == 0) continue;
    answer->events.reserve(answer->events.size() + submitted.fresh);
    for (const Recorded& recorded : committed->entries().subspan(submitted.first_entry, submitted.fresh)) {
      answer->events.push_back(answer_of(recorded.entry, recorded.index));
    }
    answer->ledger = committed->head();
  }
  for (const Batch::Act& act : batch.acts) {
    const Recorded& recorded = committed->entries()[act.entry];
    ActReceipt receipt{.index = recorded.index, .head = committed->head(), .subject = std::nullopt};
    if (const auto subject = subject_of(recorded.event)) receipt.subject = report(*subject);
    batch.replies[act.slot] = std::move(receipt);
  }
  return {};
}

Result<Reply> Sequencer::answer_resent(const VerifiedSubmission& submission) {
  wire::Answer answer{.first_index = submission.first(), .events = {}, .ledger = {}};
  std::optional<Run> run;
  for (const VerifiedEvent& event : submission.resent()) {
    const JournalIndex index(submission.first().value() + answer.events.size());
    if (!run || index.value() >= run->first.value() + run->count) {
      CROSSLINE_TRY(run, ledger_->find(submission.agent(), index));
      if (!run) {
        return fail(ErrorCode::kCorruptData, "the ledger does not have event {} of agent {}", index.value(),
                    submission.agent());
      }
    }
    const LedgerIndex at(run->at.value() + (index.value() - run->first.value()));
    CROSSLINE_TRY(const HistoryRecord record, read_record(*ledger_, at));
    if (record.entry.event != event.bytes) {
      CROSSLINE_TRY(Refusal refusal, judge_difference(submission, answer.events.size(), record.entry.event));
      return Reply(std::move(refusal));
    }
    answer.events.push_back(answer_of(record.entry, at));
  }
  CROSSLINE_TRY(answer.ledger, ledger_->head_of(answer.events.back().ledger_index));
  return Reply(std::move(answer));
}

Result<Refusal> Sequencer::judge_difference(const VerifiedSubmission& submission, std::size_t offset,
                                            const std::string& ours) {
  const std::string& agent = submission.agent();
  const JournalIndex index(submission.first().value() + offset);
  // Only a signature over the other history makes it the agent's: hash it as the agent must have done.
  CROSSLINE_TRY(merkle::CompactRange range, journal_before(agent, submission.first()));
  for (const VerifiedEvent& event : submission.resent())
    range.append(merkle::leaf_hash(as_bytes(event.bytes)));
  const merkle::TreeHead head{range.size(), range.root()};
  if (!submission.fresh().empty() || !submission.signs(head)) {
    return Refusal{
        Error{ErrorCode::kBadSignature,
              fmt::format("event {} of agent {} is not the one in the ledger, and no signature covers it",
                          index.value(), agent)},
        std::nullopt};
  }
  const JournalState& journal = journals_.find(agent)->second;
  ForkEvidence evidence{
      .agent = agent,
      .found_at = clock_->now(),
      .what = fmt::format("agent {} signed two different events {}", agent, index.value()),
      .seen = wire::SignedHead{{journal.range.size(), journal.range.root()}, journal.head_signature},
      .claimed = wire::SignedHead{head, submission.head_signature()},
      .first = index,
      .seen_events = {ours},
      .claimed_events = {submission.resent()[offset].bytes}};
  CROSSLINE_CHECK_OK(suspend(evidence));
  Error error{ErrorCode::kForked, evidence.what};
  return Refusal{std::move(error), std::move(evidence)};
}

Result<void> Sequencer::suspend(const ForkEvidence& evidence) {
  if (suspended_.contains(evidence.agent)) return {};  // one proof is enough
  CROSSLINE_CHECK_OK(ledger_->add_evidence(evidence));
  suspended_.insert(evidence.agent);
  return {};
}

Result<merkle::CompactRange> Sequencer::journal_before(std::string_view agent, JournalIndex end) {
  merkle::CompactRange range;
  while (range.size().value() < end.value()) {
    const JournalIndex next(range.size().value());
    CROSSLINE_TRY(const auto run, ledger_->find(agent, next));
    if (!run)
      return fail(ErrorCode::kCorruptData, "the ledger does not have event {} of agent {}", next.value(),
                  agent);
    const std::uint64_t skip = next.value() - run->first.value();
    const std::uint64_t count =
        std::min({run->count - skip, end.value() - next.value(), std::uint64_t{kReadEvents}});
    CROSSLINE_TRY(const auto entries, ledger_->read(LedgerIndex(run->at.value() + skip), count));
    for (const std::string& bytes : entries) {
      CROSSLINE_TRY(const auto entry, wire::decode_ledger_entry(as_bytes(bytes)));
      range.append(merkle::leaf_hash(as_bytes(entry.event)));
    }
  }
  return range;
}

SubjectReport Sequencer::report(const movement::SubjectId& subject) const {
  SubjectReport report;
  report.subject = subject;
  const movement::SubjectState* state = world_.find(subject);
  if (state == nullptr) return report;
  report.known = true;
  report.state = state_after(*state, world_.names());
  for (const movement::ListEntry& entry : state->lists)
    report.lists.push_back(world_.names().name(entry.list));
  report.resolution_a = state->resolution_a;
  report.resolution_b = state->resolution_b;
  report.last_entry = state->last_entry;
  return report;
}

}  // namespace crossline::server
