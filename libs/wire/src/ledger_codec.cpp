#include "crossline/wire/ledger_codec.hpp"

#include "convert.hpp"
#include "crossline/base/limits.hpp"
#include "plain.hpp"

#include <utility>

namespace crossline::wire {
namespace {

void state_to(const StateAfter& state, pb::StateAfter& out) {
  out.set_status(static_cast<pb::Status>(state.status));
  out.set_since_ms(state.since.ms);
  out.set_since_index(state.since_index.value());
  out.set_since_checkpoint(state.since_checkpoint);
  if (state.status == movement::Status::kBetween)
    out.set_came_from(static_cast<pb::Status>(movement::status_on(state.came_from)));
  out.set_unmatched(state.unmatched);
}

Result<StateAfter> state_from(const pb::StateAfter& in) {
  StateAfter state;
  CROSSLINE_TRY(state.status, status_from(in.status(), "state.status"));
  state.since.ms = in.since_ms();
  state.since_index = LedgerIndex(in.since_index());
  CROSSLINE_TRY(state.since_checkpoint,
                bounded_text(in.since_checkpoint(), movement::kMaxNameBytes, "state.since_checkpoint"));
  if (state.status == movement::Status::kBetween) {
    if (in.came_from() != pb::STATUS_SIDE_A && in.came_from() != pb::STATUS_SIDE_B) {
      return fail(ErrorCode::kMalformed, "state.came_from: {} is not a side",
                  static_cast<int>(in.came_from()));
    }
    state.came_from = in.came_from() == pb::STATUS_SIDE_A ? movement::Side::kA : movement::Side::kB;
  }
  state.unmatched = in.unmatched();
  return state;
}

}  // namespace

Result<LedgerEntry> parse_entry(ByteView bytes) {
  if (bytes.size() > limits::kMaxLedgerEntryBytes) {
    return fail(ErrorCode::kMalformed, "ledger entry: {} bytes, at most {} are allowed", bytes.size(),
                limits::kMaxLedgerEntryBytes);
  }
  thread_local pb::LedgerEntry in;
  CROSSLINE_CHECK_OK(parse_strict(bytes, in, "ledger entry"));
  LedgerEntry entry;
  if (in.event().empty()) return fail(ErrorCode::kMalformed, "ledger entry: holds no event");
  entry.event = in.event();
  CROSSLINE_TRY(entry.agent, bounded_name(in.agent(), "agent"));
  entry.received_at.ms = in.received_at_ms();
  entry.occurred_at.ms = in.occurred_at_ms();
  if (in.verdict() != pb::VERDICT_UNSPECIFIED) {
    CROSSLINE_TRY(entry.verdict, from_wire<movement::Verdict>(in.verdict(), kVerdicts, "verdict"));
    CROSSLINE_TRY(entry.articles, articles_from(in.articles()));
    CROSSLINE_TRY(entry.edition.bytes, fixed_bytes<32>(in.edition(), "edition"));
  }
  if (in.has_state()) {
    CROSSLINE_TRY(entry.state, state_from(in.state()));
  }
  if (in.has_previous()) entry.previous = LedgerIndex(in.previous());
  if (!in.head_signature().empty()) {
    crypto::Signature signature;
    CROSSLINE_TRY(signature.bytes, fixed_bytes<64>(in.head_signature(), "head_signature"));
    entry.head_signature = signature;
  }
  entry.conflict = in.conflict();
  return entry;
}

std::string encode_ledger_entry(const LedgerEntry& entry) {
  thread_local pb::LedgerEntry out;  // reused: keeps its allocations from entry to entry
  out.Clear();
  out.set_event(entry.event);
  out.set_agent(entry.agent);
  out.set_received_at_ms(entry.received_at.ms);
  out.set_occurred_at_ms(entry.occurred_at.ms);
  if (entry.verdict) {
    out.set_verdict(to_wire<movement::Verdict, pb::Verdict>(*entry.verdict));
    for (const std::string& article : entry.articles) out.add_articles(article);
    out.set_edition(to_string_bytes(entry.edition.bytes));
  }
  if (entry.state) state_to(*entry.state, *out.mutable_state());
  if (entry.previous) out.set_previous(entry.previous->value());
  if (entry.head_signature) out.set_head_signature(to_string_bytes(entry.head_signature->bytes));
  out.set_conflict(entry.conflict);
  return serialise(out);
}

Result<LedgerEntry> decode_ledger_entry(ByteView bytes) {
  Result<LedgerEntry> entry{std::in_place};
  if (!read_plain_entry(bytes, *entry)) entry = parse_entry(bytes);
  return entry;
}

}  // namespace crossline::wire
