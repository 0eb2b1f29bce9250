#include "crossline/audit/auditor.hpp"

#include "crossline/base/assert.hpp"
#include "crossline/merkle/tree_head.hpp"
#include "crossline/wire/event_codec.hpp"
#include "crossline/wire/ledger_codec.hpp"
#include "edition_check.hpp"
#include "fold_check.hpp"
#include "journal_check.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <unordered_map>
#include <utility>
#include <variant>

#include <fmt/format.h>

namespace crossline::audit {
namespace {

bool is_for_the_office(const movement::Body& body) {
  return std::holds_alternative<movement::Closure>(body) ||
         std::holds_alternative<movement::ListChange>(body) ||
         std::holds_alternative<movement::Lookup>(body) ||
         std::holds_alternative<movement::Resolution>(body) ||
         std::holds_alternative<movement::EditionAdopted>(body) ||
         std::holds_alternative<movement::PermitChange>(body) ||
         std::holds_alternative<movement::OverrideGrant>(body) ||
         std::holds_alternative<movement::QuotaLease>(body) ||
         std::holds_alternative<movement::NoticeAct>(body);
}

// An agent as the registry has it, and its journal.
struct Agent {
  JournalCheck journal;
  std::optional<movement::Post> post;  // none for the office
  std::optional<UtcMillis> revoked;
};

// A ledger head whose signature verified.
struct SeenHead {
  crypto::Hash root;
  crypto::Signature signature;
};

// Another agent's slip in the ledger.
struct SeenSlip {
  LedgerIndex at;
  wire::Slip slip;
  wire::SlipProof proof;
};

void add_head(Finding& finding, const std::string& prefix, TreeSize size, const SeenHead& head) {
  finding.evidence.emplace_back(prefix + "_size", std::to_string(size.value()));
  finding.evidence.emplace_back(prefix + "_root", head.root.hex());
  finding.evidence.emplace_back(prefix + "_signature", to_hex(head.signature.bytes));
}

// The tree of the entries, with the leaves that it does not keep from where the entries are.
class HistoryReader final : public merkle::HashReader {
 public:
  HistoryReader(const TreeHistory& tree, LedgerSource& source) : tree_(tree), source_(source) {}
  Result<merkle::Hash> subtree(unsigned level, std::uint64_t index) const override {
    return tree_.subtree(level, index, [this](std::uint64_t at) -> Result<merkle::Hash> {
      CROSSLINE_TRY(const auto entries, source_.read(LedgerIndex(at), 1));
      if (entries.empty()) return fail(ErrorCode::kNotFound, "entry {} is gone", at);
      return merkle::leaf_hash(as_bytes(entries.front()));
    });
  }

 private:
  const TreeHistory& tree_;
  LedgerSource& source_;
};

Finding finding_of(FindingKind kind, std::uint64_t entry, std::string agent, std::string words) {
  return {.kind = kind,
          .entry = LedgerIndex(entry),
          .agent = std::move(agent),
          .words = std::move(words),
          .evidence = {},
          .repeats = 0};
}

}  // namespace

struct Auditor::State {
  State(const enrolment::Registry& registry_in, LedgerSource& source_in, Options options_in)
      : registry(registry_in),
        source(source_in),
        options(std::move(options_in)),
        fold(source_in),
        editions(options.procedure_keys) {
    if (auto verifier = crypto::Verifier::make(registry.keys().ledger_key.key)) ledger_key = *verifier;
  }

  Result<void> take(const std::string& bytes, const crypto::Hash& leaf);
  Result<std::optional<std::string>> fetch_edition(const movement::EditionAdopted& adopted);
  void check_entry(std::uint64_t at, const wire::LedgerEntry& entry, const movement::Event& event,
                   const Agent& agent);
  void check_beacon(std::uint64_t at, const wire::LedgerEntry& entry, const movement::Event& event);
  void note_slip(std::uint64_t at, const movement::SlipSeen& seen);
  Agent& agent_of(const std::string& name, std::uint64_t at);
  void compare_head(TreeSize size, const SeenHead& head);
  [[nodiscard]] const std::pair<const TreeSize, SeenHead>* larger_head_of_these(TreeSize size) const;
  void say_what_proves(Finding& wrong_root) const;
  [[nodiscard]] bool is_filled_with_nothing() const;
  [[nodiscard]] Report report_of(const Findings& all, std::uint64_t journal_signatures) const;

  const enrolment::Registry& registry;
  LedgerSource& source;
  Options options;
  std::optional<crypto::Verifier> ledger_key;

  TreeHistory tree;
  std::deque<std::int64_t> received_ms;  // of every entry: when a beacon's head came to be
  std::unordered_map<std::string, Agent> agents;
  FoldCheck fold;
  EditionCheck editions;
  movement::Beacon beacon;  // the last one that was right
  std::map<TreeSize, SeenHead> heads;
  std::vector<SeenSlip> slips;
  std::uint64_t signatures = 0;
  std::uint64_t compared = 0;
  Findings findings;
};

Auditor::Auditor(const enrolment::Registry& registry, LedgerSource& source, Options options)
    : state_(std::make_unique<State>(registry, source, std::move(options))) {}
Auditor::~Auditor() = default;
Auditor::Auditor(Auditor&&) noexcept = default;

TreeSize Auditor::size() const {
  return TreeSize(state_->tree.size());
}
crypto::Hash Auditor::root_at(TreeSize size) const {
  return state_->tree.root_at(size.value());
}
const movement::World& Auditor::world() const {
  return state_->fold.world();
}
const movement::StatisticsCube& Auditor::statistics() const {
  return state_->fold.statistics();
}
const procedure::EditionBook& Auditor::editions() const {
  return state_->fold.editions();
}

void Auditor::expect(const wire::SignedHead& head) {
  State& state = *state_;
  const TreeSize size = head.head.size;
  const SeenHead seen{head.head.root, head.signature};
  const bool valid =
      state.ledger_key && merkle::verify_tree_head(merkle::ledger_origin(state.registry.line()), head.head,
                                                   head.signature, *state.ledger_key);
  if (!valid) {
    Finding bad =
        finding_of(FindingKind::kBadLedgerSignature, size.value(), {},
                   fmt::format("a head of {} entries is not signed with the ledger's key", size.value()));
    add_head(bad, "head", size, seen);
    return state.findings.add(std::move(bad));
  }
  ++state.signatures;
  const auto [known, is_new] = state.heads.try_emplace(size, seen);
  if (!is_new && known->second.root != seen.root) {
    Finding two =
        finding_of(FindingKind::kTwoHeads, size.value(), {},
                   fmt::format("the ledger's key signed two heads of {} entries: two histories were shown",
                               size.value()));
    add_head(two, "head", size, known->second);
    add_head(two, "other_head", size, seen);
    return state.findings.add(std::move(two));
  }
  if (is_new && size.value() <= state.tree.size()) state.compare_head(size, seen);
}

void Auditor::State::compare_head(TreeSize size, const SeenHead& head) {
  ++compared;
  const crypto::Hash root = tree.root_at(size.value());
  if (root == head.root) return;
  Finding wrong = finding_of(
      FindingKind::kWrongRoot, size.value(), {},
      fmt::format("the signed head of {} entries is of other entries than these: one before it was altered, "
                  "removed or inserted",
                  size.value()));
  add_head(wrong, "head", size, head);
  wrong.evidence.emplace_back("recomputed_root", root.hex());
  // Every later head differs as well.
  findings.add_once(std::move(wrong), "");
}

// The largest signed head of more than `size` of these entries; none for an empty beginning, of which nothing
// can be proven.
const std::pair<const TreeSize, SeenHead>* Auditor::State::larger_head_of_these(TreeSize size) const {
  if (size.value() == 0) return nullptr;
  for (auto head = heads.rbegin(); head != heads.rend() && head->first > size; ++head)
    if (head->first.value() <= tree.size() && tree.root_at(head->first.value()) == head->second.root)
      return &*head;
  return nullptr;
}

void Auditor::State::say_what_proves(Finding& wrong_root) const {
  if (const auto* larger = larger_head_of_these(TreeSize(wrong_root.entry.value()))) {
    wrong_root.words += fmt::format(
        ". The same key signed the head of {} entries, which is of these: two histories, which "
        "--proofs writes down for anybody to check",
        larger->first.value());
    add_head(wrong_root, "other_head", larger->first, larger->second);
    return;
  }
  wrong_root.words +=
      ". No larger signed head here is of these entries, so no two signatures prove it: the evidence is this "
      "signed head, beside the entries that do not lead to it. Keep both";
}

Result<std::optional<merkle::Misbehaviour>> Auditor::prove(const Finding& finding) const {
  const State& state = *state_;
  if (finding.kind != FindingKind::kWrongRoot) return std::nullopt;
  const auto head = state.heads.find(TreeSize(finding.entry.value()));
  if (head == state.heads.end()) return std::nullopt;
  const auto* larger = state.larger_head_of_these(head->first);
  if (larger == nullptr) return std::nullopt;
  const merkle::NoteVerifierKey& key = state.registry.keys().ledger_key;
  const auto note_of = [&key](TreeSize size, const SeenHead& seen) {
    return merkle::note_of({size, seen.root}, seen.signature, key);
  };
  std::array notes{note_of(head->first, head->second), note_of(larger->first, larger->second)};
  CROSSLINE_TRY(auto proof,
                merkle::prove_by_larger_tree(std::move(notes), HistoryReader(state.tree, state.source)));
  return std::optional(std::move(proof));
}

Result<void> Auditor::advance(TreeSize until,
                              const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  State& state = *state_;
  while (state.tree.size() < until.value()) {
    const std::uint64_t at = state.tree.size();
    const auto count = std::min<std::uint64_t>(LedgerSource::kBatch, until.value() - at);
    CROSSLINE_TRY(const auto entries, state.source.read(LedgerIndex(at), static_cast<std::size_t>(count)));
    if (entries.empty()) return {};
    const std::vector<crypto::Hash> leaves = state.source.leaves(LedgerIndex(at), entries.size());
    const bool hashed = leaves.size() == entries.size();
    for (std::size_t i = 0; i < entries.size() && state.tree.size() < until.value(); ++i) {
      const std::string& bytes = entries[i];
      CROSSLINE_CHECK_OK(state.take(bytes, hashed ? leaves[i] : merkle::leaf_hash(as_bytes(bytes))));
    }
    if (state.is_filled_with_nothing())
      return fail(ErrorCode::kCorruptData,
                  "more than {} of the first {} entries are no entries: this is no ledger, and is not read "
                  "further. Keep its signed head, and ask whoever shows it",
                  kMaxMalformed, state.tree.size());
    if (progress) progress(state.tree.size(), until.value());
  }
  return {};
}

bool Auditor::State::is_filled_with_nothing() const {
  const auto count = [this](FindingKind kind) { return findings.counts()[std::to_underlying(kind)]; };
  return count(FindingKind::kMalformedEntry) + count(FindingKind::kMalformedEvent) > kMaxMalformed;
}

// With everything that the fold needs of it: what the source cannot give now leaves no entry half taken.
Result<std::optional<std::string>> Auditor::State::fetch_edition(const movement::EditionAdopted& adopted) {
  CROSSLINE_CHECK_OK(fold.fetch(adopted.hash));
  if (!editions.has_keys()) return std::nullopt;
  return source.edition_envelope(adopted.hash);
}

Result<void> Auditor::State::take(const std::string& bytes, const crypto::Hash& leaf) {
  const std::uint64_t at = tree.size();
  auto entry = wire::decode_ledger_entry(as_bytes(bytes));
  auto event = entry ? wire::decode_event(as_bytes(entry->event))
                     : Result<movement::Event>(std::unexpected(entry.error()));
  const auto* adopted = event ? std::get_if<movement::EditionAdopted>(&event->body) : nullptr;
  std::optional<std::string> envelope;
  if (adopted != nullptr) {
    CROSSLINE_TRY(envelope, fetch_edition(*adopted));
  }
  tree.append(leaf);
  if (!heads.empty() && heads.rbegin()->first.value() > at) {
    if (const auto head = heads.find(TreeSize(at + 1)); head != heads.end())
      compare_head(head->first, head->second);
  }
  const std::int64_t last_received = received_ms.empty() ? INT64_MIN : received_ms.back();
  received_ms.push_back(entry ? entry->received_at.ms : last_received);
  if (!entry) {
    findings.add(finding_of(FindingKind::kMalformedEntry, at, {}, entry.error().message));
    return {};
  }
  if (!event) {
    findings.add(finding_of(FindingKind::kMalformedEvent, at, entry->agent, event.error().message));
    return {};
  }
  if (entry->received_at.ms < last_received) {
    findings.add(finding_of(
        FindingKind::kClockWentBack, at, entry->agent,
        fmt::format("received at {}, before the entry before it", format_utc(entry->received_at))));
  }
  Agent& agent = agent_of(entry->agent, at);
  check_entry(at, *entry, *event, agent);
  agent.journal.take(LedgerIndex(at), event->journal_index, *entry, findings);
  check_beacon(at, *entry, *event);
  if (const auto* seen = std::get_if<movement::SlipSeen>(&event->body)) note_slip(at, *seen);
  if (adopted != nullptr) editions.take(LedgerIndex(at), *adopted, envelope, findings);
  return fold.take(LedgerIndex(at), *entry, *event, agent.post ? &*agent.post : nullptr, findings);
}

void Auditor::State::check_entry(std::uint64_t at, const wire::LedgerEntry& entry,
                                 const movement::Event& event, const Agent& agent) {
  if (event.agent != entry.agent) {
    findings.add(
        finding_of(FindingKind::kWrongAgent, at, entry.agent,
                   fmt::format("the event is agent {}'s, the entry says {}", event.agent, entry.agent)));
  }
  if (agent.revoked && entry.received_at > *agent.revoked) {
    findings.add_once(
        finding_of(FindingKind::kAfterRevocation, at, entry.agent,
                   fmt::format("received from agent {} at {}, after it was revoked at {}", entry.agent,
                               format_utc(entry.received_at), format_utc(*agent.revoked))),
        entry.agent);
  }
  if (agent.post && is_for_the_office(event.body)) {
    findings.add(finding_of(FindingKind::kForbiddenEvent, at, entry.agent,
                            fmt::format("agent {} recorded what only the office may record", entry.agent)));
  }
}

// A beacon is a head that the ledger had before: the event is younger than that head.
void Auditor::State::check_beacon(std::uint64_t at, const wire::LedgerEntry& entry,
                                  const movement::Event& event) {
  const std::uint64_t size = event.beacon.size.value();
  if (size == 0) return;
  if (event.beacon != beacon) {
    if (size > at || tree.root_at(size) != event.beacon.root) {
      Finding unknown = finding_of(
          FindingKind::kUnknownBeacon, at, entry.agent,
          fmt::format("agent {} was shown a head of {} entries that is not one of this ledger: it was shown "
                      "another history, or says so",
                      entry.agent, size));
      unknown.evidence = {{"beacon_size", std::to_string(size)}, {"beacon_root", event.beacon.root.hex()}};
      if (size <= at) unknown.evidence.emplace_back("recomputed_root", tree.root_at(size).hex());
      return findings.add_once(std::move(unknown), entry.agent);
    }
    beacon = event.beacon;
  }
  const std::int64_t existed_ms = received_ms[size - 1];
  if (event.recorded_at.ms + options.clock_tolerance_ms >= existed_ms) return;
  Finding back =
      finding_of(FindingKind::kBackdated, at, entry.agent,
                 fmt::format("agent {} says that it recorded this event at {}, and names in it a "
                             "ledger head that came to be at {}",
                             entry.agent, format_utc(event.recorded_at), format_utc({existed_ms})));
  back.evidence = {{"recorded_at", format_utc(event.recorded_at)},
                   {"beacon_size", std::to_string(size)},
                   {"beacon_received_at", format_utc({existed_ms})},
                   {"received_at", format_utc(entry.received_at)}};
  findings.add_once(std::move(back), entry.agent);
}

// Compared in the report, when everything that may still come has had its time.
void Auditor::State::note_slip(std::uint64_t at, const movement::SlipSeen& seen) {
  auto slip = wire::decode_slip(as_bytes(seen.slip));
  if (!slip || slip->line != registry.line()) return;
  auto proof = wire::open_slip(*slip);
  if (!proof) return;
  agent_of(proof->event.agent, at);
  slips.push_back({LedgerIndex(at), *std::move(slip), *std::move(proof)});
}

Agent& Auditor::State::agent_of(const std::string& name, std::uint64_t at) {
  if (const auto known = agents.find(name); known != agents.end()) return known->second;
  std::optional<crypto::Verifier> verifier;
  std::optional<movement::Post> post;
  std::optional<UtcMillis> revoked;
  const auto set_key = [&](const crypto::PublicKey& key) {
    if (auto made = crypto::Verifier::make(key)) verifier = *std::move(made);
  };
  if (name == enrolment::kOffice) {
    set_key(registry.keys().office_key.key);
  } else if (const auto* record = registry.find(name)) {
    set_key(record->journal_key.key);
    const auto side = movement::post_side_from(record->post.side);
    CROSSLINE_ASSERT(side.has_value());  // a registry holds no other
    post = movement::Post{record->post.checkpoint, *side};
    if (record->revocation) revoked = record->revocation->at;
  }
  if (!verifier) {
    findings.add(
        finding_of(FindingKind::kUnknownAgent, at, name,
                   fmt::format("agent {} is not in the registry: its journal cannot be verified", name)));
  }
  JournalCheck journal(name, merkle::journal_origin(registry.line(), name), std::move(verifier),
                       options.signatures);
  return agents.try_emplace(name, Agent{std::move(journal), std::move(post), revoked}).first->second;
}

Report Auditor::State::report_of(const Findings& all, std::uint64_t journal_signatures) const {
  std::vector<Finding> list = all.list();
  for (Finding& finding : list)
    if (finding.kind == FindingKind::kWrongRoot) say_what_proves(finding);
  return {.size = TreeSize(tree.size()),
          .root = tree.root(),
          .journals = agents.size(),
          .signatures = signatures + journal_signatures,
          .verdicts = fold.verdicts(),
          .heads = compared,
          .editions = editions.verified(),
          .unverified_editions = editions.unverified(),
          .findings = std::move(list),
          .counts = all.counts()};
}

Report Auditor::found() const {
  std::uint64_t signatures = 0;
  for (const auto& [name, agent] : state_->agents) signatures += agent.journal.signatures();
  return state_->report_of(state_->findings, signatures);
}

Report Auditor::report() const {
  const State& state = *state_;
  Findings findings = state.findings;
  std::uint64_t signatures = 0;
  // In the agents' order, so that two reports of one ledger are the same.
  std::map<std::string_view, const JournalCheck*> journals;
  for (const auto& [name, agent] : state.agents) journals.emplace(name, &agent.journal);
  for (const auto& [name, journal] : journals) {
    journal->finish(size(), findings);
    signatures += journal->signatures();
  }
  const std::int64_t last_received = state.received_ms.empty() ? 0 : state.received_ms.back();
  for (const SeenSlip& seen : state.slips) {
    const movement::Event& event = seen.proof.event;
    const bool late = event.recorded_at.ms + state.options.withheld_after_ms < last_received;
    state.agents.at(event.agent).journal.compare_slip(seen.at, seen.slip, seen.proof, late, findings);
  }
  if (!state.heads.empty() && state.heads.rbegin()->first > size()) {
    const auto& [head_size, head] = *state.heads.rbegin();
    Finding missing = finding_of(
        FindingKind::kMissingEntries, size().value(), {},
        fmt::format("a signed head covers {} entries, and there are {}", head_size.value(), size().value()));
    add_head(missing, "head", head_size, head);
    findings.add(std::move(missing));
  }
  return state.report_of(findings, signatures);
}

}  // namespace crossline::audit
