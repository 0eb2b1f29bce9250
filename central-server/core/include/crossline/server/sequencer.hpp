// The one writer of the ledger.
#pragma once

#include "crossline/adoption/chain.hpp"
#include "crossline/procedure/edition_book.hpp"
#include "crossline/server/batch.hpp"
#include "crossline/server/office.hpp"
#include "crossline/server/recovery.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace crossline::server {

// --- what it is asked

// How would a movement be decided? Leaves no trace.
struct ConsultRequest {
  std::string agent;
  movement::Post post;
  wire::Consult consult;
};
// Records an act of a user: a look-up, closure, list change or resolution.
struct OfficeAct {
  std::string officer;  // the account's name
  movement::Body body;
};
// Adopts an edition: it decides what happens from its own `from` on.
struct Adoption {
  std::string officer;
  std::string sealed;      // looked at when this server knows no keys
  std::string envelope{};  // looked at when it does
};
// What is on record about these persons now? At most limits::kMaxPageRows of them.
struct Inquiry {
  std::vector<movement::SubjectId> subjects;
};
// An agent has shown two histories.
struct ForkFound {
  ForkEvidence evidence;
};
using Request = std::variant<VerifiedSubmission, ConsultRequest, OfficeAct, Adoption, Inquiry, ForkFound>;
// How many events it adds at most; what the sequencer's queue counts.
[[nodiscard]] std::size_t weight_of(const Request& request);

// --- what it answers

// What the records say about one person.
struct SubjectReport {
  movement::SubjectId subject;
  bool known = false;  // false: never heard of
  wire::StateAfter state;
  std::vector<std::string> lists;              // that name the person
  std::optional<movement::Side> resolution_a;  // what side A's supervisors said, while disputed
  std::optional<movement::Side> resolution_b;
  std::optional<LedgerIndex> last_entry;  // where the person's chain of entries begins
};
struct ActReceipt {
  LedgerIndex index;
  wire::SignedHead head;
  std::optional<SubjectReport> subject;  // after the act, when it concerns a person
};
// Answers an Inquiry, in its order.
struct Reports {
  std::vector<SubjectReport> subjects;
};
using Reply = std::variant<wire::Answer, wire::ConsultAnswer, ActReceipt, Reports, Refusal>;

// Decides and commits. One thread owns it; queues and threads are the engine's.
class Sequencer {
 public:
  // `snapshot` is what recover() found in the same stores. `signer` is the ledger's key. kCorruptData when
  // the ledger's last head is not signed with `signer`. `chain` are the adopted editions, verified: with it,
  // only what verifiably follows them is adopted; without it, whatever has a higher number.
  static Result<Sequencer> open(std::string_view line, LineSnapshot snapshot, LedgerStore& ledger,
                                IdentityStore& identities, const Clock& clock, crypto::Signer signer,
                                Office office, std::optional<adoption::Chain> chain = std::nullopt);

  struct Step {
    std::vector<Reply> replies;                  // one for each request, in their order
    std::shared_ptr<const Committed> committed;  // null when nothing was recorded
  };
  // Takes all requests, at most limits::kMaxBatchEvents events, in ONE durable commit: identities first, then
  // the ledger. Inquiries and consults see what the requests before them in the batch did. An error is one of
  // the stores': nothing was acknowledged, and the process must stop and recover from disk.
  Result<Step> step(std::vector<Request> requests);

  [[nodiscard]] const procedure::EditionBook& editions() const { return book_; }
  [[nodiscard]] const std::optional<wire::SignedHead>& head() const { return head_; }
  [[nodiscard]] const movement::World& world() const { return world_; }
  [[nodiscard]] const std::map<std::string, JournalState, std::less<>>& journals() const { return journals_; }
  [[nodiscard]] bool is_suspended(std::string_view agent) const { return suspended_.contains(agent); }

 private:
  struct Batch;  // what one step gathers
  Sequencer(std::string_view line, LineSnapshot snapshot, LedgerStore& ledger, IdentityStore& identities,
            const Clock& clock, crypto::Signer signer, Office office, std::optional<adoption::Chain> chain);

  Result<void> take(VerifiedSubmission& submission, Batch& batch, std::size_t slot);
  Result<void> take(ConsultRequest& request, Batch& batch, std::size_t slot);
  Result<void> take(OfficeAct& act, Batch& batch, std::size_t slot);
  Result<void> take(Adoption& adoption, Batch& batch, std::size_t slot);
  Result<void> take(Inquiry& inquiry, Batch& batch, std::size_t slot);
  Result<void> take(ForkFound& found, Batch& batch, std::size_t slot);
  Result<void> adopt_signed(Adoption& adoption, Batch& batch, std::size_t slot);
  Result<void> adopt_sealed(Adoption& adoption, Batch& batch, std::size_t slot);
  void enact(procedure::Edition edition, std::string officer, Batch& batch, std::size_t slot);
  [[nodiscard]] std::optional<Error> reason_to_refuse(const VerifiedSubmission& submission) const;
  void record(VerifiedSubmission& submission, Batch& batch);
  void record_act(movement::Body body, std::string officer, Batch& batch, std::size_t slot);
  Result<std::shared_ptr<const Committed>> commit(Batch& batch);
  Result<void> answer_all(Batch& batch, const Committed* committed);
  Result<Reply> answer_resent(const VerifiedSubmission& submission);
  Result<Refusal> judge_difference(const VerifiedSubmission& submission, std::size_t offset,
                                   const std::string& ours);
  Result<void> suspend(const ForkEvidence& evidence);
  Result<merkle::CompactRange> journal_before(std::string_view agent, JournalIndex end);
  [[nodiscard]] SubjectReport report(const movement::SubjectId& subject) const;

  std::string origin_;
  std::string line_;
  LedgerStore* ledger_;
  IdentityStore* identities_;
  const Clock* clock_;
  crypto::Signer signer_;
  Office office_;
  procedure::EditionBook book_;
  std::optional<adoption::Chain> chain_;
  movement::World world_;
  merkle::CompactRange range_;
  std::optional<wire::SignedHead> head_;
  UtcMillis last_received_;
  std::map<std::string, JournalState, std::less<>> journals_;
  std::set<std::string, std::less<>> suspended_;
};

}  // namespace crossline::server
