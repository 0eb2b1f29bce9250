#include "tools/ledger/verify.hpp"

#include "crossline/merkle/tree_head.hpp"
#include "crossline/movement/world.hpp"
#include "crossline/server/batch.hpp"
#include "crossline/server/editions.hpp"
#include "crossline/server/office.hpp"
#include "crossline/wire/event_codec.hpp"
#include "crossline/wire/ledger_codec.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace crossline::tools {
namespace {

constexpr std::size_t kReadEntries = 1'000;

// One journal as the ledger rebuilds it.
struct Journal {
  merkle::CompactRange range;
  std::uint64_t uncovered = 0;  // events since the last signature
  std::optional<crypto::Verifier> verifier;
  std::optional<movement::Post> post;
  std::optional<UtcMillis> revoked;
};

class Verification {
 public:
  Verification(server::LedgerStore& ledger, const enrolment::Registry& registry)
      : ledger_(ledger), registry_(registry), editions_(ledger) {}

  Result<LedgerReport> run(const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
    CROSSLINE_TRY(const server::LedgerSnapshot snapshot, ledger_.load());
    const std::uint64_t size = snapshot.range.size().value();
    while (range_.size().value() < size) {
      CROSSLINE_TRY(const auto entries, ledger_.read(LedgerIndex(range_.size().value()), kReadEntries));
      if (entries.empty()) {
        find(range_.size().value(), fmt::format("the store says it holds {} entries and ends here", size));
        break;
      }
      for (const std::string& bytes : entries) take(bytes);
      if (progress) progress(range_.size().value(), size);
    }
    check_head(snapshot);
    for (const auto& [agent, journal] : journals_) {
      if (journal.uncovered > 0)
        find(size, fmt::format("the last {} events of agent {} are covered by no signature",
                               journal.uncovered, agent));
    }
    report_.size = range_.size().value();
    report_.root = range_.root();
    report_.journals = journals_.size();
    return std::move(report_);
  }

 private:
  void find(std::uint64_t entry, std::string what) {
    if (report_.findings.size() < kMaxLedgerFindings) {
      report_.findings.push_back({entry, std::move(what)});
    } else {
      report_.truncated = true;
    }
  }

  void take(const std::string& bytes) {
    const std::uint64_t index = range_.size().value();
    range_.append(merkle::leaf_hash(as_bytes(bytes)));
    auto entry = wire::decode_ledger_entry(as_bytes(bytes));
    if (!entry) return find(index, entry.error().message);
    auto event = wire::decode_event(as_bytes(entry->event));
    if (!event) return find(index, event.error().message);
    if (event->agent != entry->agent)
      find(index, fmt::format("the event is agent {}'s, the entry says {}", event->agent, entry->agent));
    if (entry->received_at < last_received_) find(index, "received before the entry before it");
    last_received_ = entry->received_at;
    Journal& journal = journal_of(entry->agent, index);
    check_journal(index, *entry, *event, journal);
    fold_again(index, *entry, *std::move(event), journal.post);
  }

  Journal& journal_of(const std::string& agent, std::uint64_t index) {
    const auto [place, is_new] = journals_.try_emplace(agent);
    Journal& journal = place->second;
    if (!is_new) return journal;
    if (agent == server::kOfficeAgent) {
      set_key(journal, registry_.keys().office_key.key, agent, index);
    } else if (const auto* record = registry_.find(agent)) {
      journal.post = movement::Post{record->post.checkpoint, *movement::post_side_from(record->post.side)};
      if (record->revocation) journal.revoked = record->revocation->at;
      set_key(journal, record->journal_key.key, agent, index);
    } else {
      find(index, fmt::format("agent {} is not in the registry: its journal cannot be verified", agent));
    }
    return journal;
  }

  void set_key(Journal& journal, const crypto::PublicKey& key, const std::string& agent,
               std::uint64_t index) {
    auto verifier = crypto::Verifier::make(key);
    if (verifier) {
      journal.verifier = *std::move(verifier);
    } else {
      find(index, fmt::format("the key of {}: {}", agent, verifier.error().message));
    }
  }

  void check_journal(std::uint64_t index, const wire::LedgerEntry& entry, const movement::Event& event,
                     Journal& journal) {
    const std::uint64_t expected = journal.range.size().value();
    if (event.journal_index.value() != expected) {
      find(index, fmt::format("agent {}: journal index {} where {} belongs", entry.agent,
                              event.journal_index.value(), expected));
    }
    journal.range.append(merkle::leaf_hash(as_bytes(entry.event)));
    ++journal.uncovered;
    if (journal.revoked && entry.received_at > *journal.revoked)
      find(index, fmt::format("received from agent {} after it was revoked", entry.agent));
    if (!entry.head_signature) return;
    const merkle::TreeHead head{journal.range.size(), journal.range.root()};
    const auto origin = merkle::journal_origin(registry_.line(), entry.agent);
    if (journal.verifier &&
        !merkle::verify_tree_head(origin, head, *entry.head_signature, *journal.verifier)) {
      find(index, fmt::format("agent {} did not sign its journal's head of {} events", entry.agent,
                              head.size.value()));
    } else if (journal.verifier) {
      ++report_.signatures;
    }
    journal.uncovered = 0;
  }

  // What the server made of the event must be what the fold makes of it.
  void fold_again(std::uint64_t index, const wire::LedgerEntry& entry, movement::Event event,
                  const std::optional<movement::Post>& post) {
    if (const auto* adopted = std::get_if<movement::EditionAdopted>(&event.body))
      edition_hash_ = adopted->hash;
    const auto edition = edition_hash_
                             ? editions_.find(*edition_hash_)
                             : Result<const procedure::Edition*>(
                                   fail(ErrorCode::kNotFound, "no edition was adopted before this entry"));
    if (!edition) return find(index, edition.error().message);
    // Folding needs the event and its bytes only; the rest is compared.
    const auto applied =
        world_.apply(**edition, event, post ? &*post : nullptr, entry.received_at, LedgerIndex(index));
    if (entry.occurred_at != applied.occurred_at)
      find(index,
           fmt::format("occurred at {} ms, the fold says {}", entry.occurred_at.ms, applied.occurred_at.ms));
    if (entry.verdict != applied.verdict) {
      find(index, fmt::format("the entry's verdict is {}, the fold's {}",
                              entry.verdict ? name_of(*entry.verdict) : "none",
                              applied.verdict ? name_of(*applied.verdict) : "none"));
    }
    if (entry.articles != applied.articles)
      find(index, fmt::format("the entry cites {}, the fold {}", fmt::join(entry.articles, " "),
                              fmt::join(applied.articles, " ")));
    if (entry.previous != applied.previous) find(index, "the chain of this subject's entries is broken");
    if (entry.conflict != applied.conflict) find(index, "what counts as a case differs from the fold");
    if (entry.verdict && entry.edition != (*edition)->hash())
      find(index, "decided with another edition than the one adopted");
    if (entry.verdict) ++report_.verdicts;
    check_state(index, entry, applied);
  }

  void check_state(std::uint64_t index, const wire::LedgerEntry& entry, const movement::Applied& applied) {
    if (entry.state.has_value() != applied.subject.has_value())
      return find(index, "says a state where the fold has none, or none where it has one");
    if (!entry.state) return;
    const movement::Presence& now = world_.find(*applied.subject)->now;
    const bool same = entry.state->status == now.status && entry.state->since == now.since &&
                      entry.state->unmatched == now.unmatched &&
                      (now.status != movement::Status::kBetween || entry.state->came_from == now.came_from);
    if (!same)
      find(index,
           fmt::format("the entry says {}, the fold {}", name_of(entry.state->status), name_of(now.status)));
  }

  void check_head(const server::LedgerSnapshot& snapshot) {
    const std::uint64_t size = range_.size().value();
    if (snapshot.range.root() != range_.root()) find(size, "the stored root is not that of the entries");
    if (!snapshot.head) {
      if (size > 0) find(size, "no head is stored");
      return;
    }
    const merkle::TreeHead head{range_.size(), range_.root()};
    if (snapshot.head->head != head) find(size, "the stored head is of another size or root");
    const auto verifier = crypto::Verifier::make(registry_.keys().ledger_key.key);
    if (!verifier || !merkle::verify_tree_head(merkle::ledger_origin(registry_.line()), head,
                                               snapshot.head->signature, *verifier)) {
      find(size, "the ledger's head is not signed with the ledger's key");
    } else {
      ++report_.signatures;
    }
  }

  server::LedgerStore& ledger_;
  const enrolment::Registry& registry_;
  server::Editions editions_;
  movement::World world_;
  merkle::CompactRange range_;
  std::map<std::string, Journal> journals_;
  std::optional<crypto::Hash> edition_hash_;
  UtcMillis last_received_{INT64_MIN};
  LedgerReport report_;
};

}  // namespace

Result<LedgerReport> verify_ledger(server::LedgerStore& ledger, const enrolment::Registry& registry,
                                   const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  return Verification(ledger, registry).run(progress);
}

}  // namespace crossline::tools
