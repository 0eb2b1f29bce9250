#include "convert.hpp"
#include "crossline/base/limits.hpp"
#include "crossline/wire/link.hpp"

#include <span>

namespace crossline::wire {
namespace {

template <class Repeated>
void proof_to(std::span<const crypto::Hash> proof, Repeated& out) {
  for (const crypto::Hash& hash : proof) *out.Add() = to_string_bytes(hash.bytes);
}

void set_body(const Welcome& welcome, pb::ServerFrame& out) {
  auto& body = *out.mutable_welcome();
  body.set_protocol(welcome.protocol);
  body.set_next_index(welcome.next_index.value());
  body.set_clock_ms(welcome.clock.ms);
  if (welcome.ledger) to_proto(*welcome.ledger, *body.mutable_ledger());
  if (welcome.edition) body.set_edition(to_string_bytes(welcome.edition->bytes));
  proof_to(welcome.proofs.from_seen, *body.mutable_consistency());
  proof_to(welcome.proofs.from_proven, *body.mutable_consistency_proven());
}

void set_body(const Answer& answer, pb::ServerFrame& out) {
  auto& body = *out.mutable_answer();
  body.set_first_index(answer.first_index.value());
  for (const EventAnswer& event : answer.events) {
    auto& added = *body.add_events();
    if (event.verdict) added.set_verdict(to_wire<movement::Verdict, pb::Verdict>(*event.verdict));
    for (const std::string& article : event.articles) added.add_articles(article);
    added.set_ledger_index(event.ledger_index.value());
    added.set_conflict(event.conflict);
  }
  to_proto(answer.ledger, *body.mutable_ledger());
}

void set_body(const ConsultAnswer& answer, pb::ServerFrame& out) {
  auto& body = *out.mutable_consult();
  body.set_id(answer.id);
  body.set_verdict(to_wire<movement::Verdict, pb::Verdict>(answer.verdict));
  for (const std::string& article : answer.articles) body.add_articles(article);
  body.set_status(static_cast<pb::Status>(answer.status));
  body.set_edition(answer.edition);
}

void set_body(const ReplicaUpdate& update, pb::ServerFrame& out) {
  auto& body = *out.mutable_replica();
  body.set_from(update.from.value());
  body.set_to(update.to.value());
  for (const movement::RecordChange& change : update.changes) to_proto(change, *body.add_changes());
  for (const movement::Closure& closure : update.closures) to_proto(closure, *body.add_closures());
  for (const movement::QuotaLease& lease : update.leases) to_proto(lease, *body.add_leases());
  body.set_edition(update.edition);
  body.set_edition_envelope(update.edition_envelope);
}

void set_body(const Heartbeat& heartbeat, pb::ServerFrame& out) {
  auto& body = *out.mutable_heartbeat();
  body.set_unsent(heartbeat.unsent);
  body.set_clock_ms(heartbeat.clock.ms);
  body.set_oldest_unsent_ms(heartbeat.oldest_unsent_ms);
  if (!heartbeat.ledger_reply) return;
  auto& reply = *body.mutable_ledger_reply();
  to_proto(heartbeat.ledger_reply->asked, *reply.mutable_asked());
  to_proto(heartbeat.ledger_reply->ledger, *reply.mutable_ledger());
  proof_to(heartbeat.ledger_reply->proofs.from_seen, *reply.mutable_from_seen());
  proof_to(heartbeat.ledger_reply->proofs.from_proven, *reply.mutable_from_proven());
}

void set_body(const LinkError& error, pb::ServerFrame& out) {
  out.mutable_error()->set_code(error.code);
  out.mutable_error()->set_message(error.message);
  out.mutable_error()->set_retry(error.retry);
}

void set_body(const LedgerDispute& dispute, pb::ServerFrame& out) {
  auto& body = *out.mutable_dispute();
  to_proto(dispute.ledger, *body.mutable_ledger());
  if (dispute.root) body.set_root(to_string_bytes(dispute.root->bytes));
  proof_to(dispute.consistency, *body.mutable_consistency());
}

template <class Repeated>
Result<std::vector<crypto::Hash>> proof_from(const Repeated& in, std::string_view field) {
  if (static_cast<std::size_t>(in.size()) > limits::kMaxProofHashes)
    return fail(ErrorCode::kMalformed, "{}: {} hashes, at most {} are allowed", field, in.size(),
                limits::kMaxProofHashes);
  std::vector<crypto::Hash> hashes;
  for (const std::string& bytes : in) {
    crypto::Hash hash;
    CROSSLINE_TRY(hash.bytes, fixed_bytes<32>(bytes, field));
    hashes.push_back(hash);
  }
  return hashes;
}

Result<ServerFrame> welcome_from(const pb::Welcome& in) {
  Welcome welcome;
  welcome.protocol = in.protocol();
  if (welcome.protocol != kProtocol) {
    return fail(ErrorCode::kUnsupported, "welcome: protocol {}, this build speaks {}", welcome.protocol,
                kProtocol);
  }
  welcome.next_index = JournalIndex(in.next_index());
  welcome.clock.ms = in.clock_ms();
  if (in.has_ledger()) {
    CROSSLINE_TRY(welcome.ledger, signed_head_from(in.ledger(), "welcome.ledger"));
  }
  if (!in.edition().empty()) {
    crypto::Hash edition;
    CROSSLINE_TRY(edition.bytes, fixed_bytes<32>(in.edition(), "welcome.edition"));
    welcome.edition = edition;
  }
  CROSSLINE_TRY(welcome.proofs.from_seen, proof_from(in.consistency(), "welcome.consistency"));
  CROSSLINE_TRY(welcome.proofs.from_proven,
                proof_from(in.consistency_proven(), "welcome.consistency_proven"));
  return welcome;
}

Result<ServerFrame> server_heartbeat_from(const pb::Heartbeat& in) {
  if (in.has_editions())
    return fail(ErrorCode::kMalformed, "heartbeat.editions: only an agent reports editions");
  if (in.has_ledger_question())
    return fail(ErrorCode::kMalformed, "heartbeat.ledger_question: only an agent asks");
  Heartbeat heartbeat{
      .unsent = in.unsent(), .clock = {in.clock_ms()}, .oldest_unsent_ms = in.oldest_unsent_ms()};
  if (!in.has_ledger_reply()) return heartbeat;
  const pb::LedgerReply& said = in.ledger_reply();
  LedgerReply reply;
  CROSSLINE_TRY(reply.asked, ledger_question_from(said.asked(), "heartbeat.ledger_reply.asked"));
  CROSSLINE_TRY(reply.ledger, signed_head_from(said.ledger(), "heartbeat.ledger_reply.ledger"));
  CROSSLINE_TRY(reply.proofs.from_seen, proof_from(said.from_seen(), "heartbeat.ledger_reply.from_seen"));
  CROSSLINE_TRY(reply.proofs.from_proven,
                proof_from(said.from_proven(), "heartbeat.ledger_reply.from_proven"));
  heartbeat.ledger_reply = std::move(reply);
  return heartbeat;
}

Result<ServerFrame> dispute_from(const pb::LedgerDispute& in) {
  LedgerDispute dispute;
  CROSSLINE_TRY(dispute.ledger, signed_head_from(in.ledger(), "dispute.ledger"));
  if (!in.root().empty()) {
    crypto::Hash root;
    CROSSLINE_TRY(root.bytes, fixed_bytes<32>(in.root(), "dispute.root"));
    dispute.root = root;
  }
  CROSSLINE_TRY(dispute.consistency, proof_from(in.consistency(), "dispute.consistency"));
  return dispute;
}

Result<ServerFrame> answer_from(const pb::Answer& in) {
  Answer answer;
  answer.first_index = JournalIndex(in.first_index());
  if (in.events_size() == 0) return fail(ErrorCode::kMalformed, "answer: holds no event");
  for (const pb::EventAnswer& event : in.events()) {
    EventAnswer read;
    if (event.verdict() != pb::VERDICT_UNSPECIFIED) {
      CROSSLINE_TRY(read.verdict, from_wire<movement::Verdict>(event.verdict(), kVerdicts, "answer.verdict"));
    }
    CROSSLINE_TRY(read.articles, articles_from(event.articles()));
    read.ledger_index = LedgerIndex(event.ledger_index());
    read.conflict = event.conflict();
    answer.events.push_back(std::move(read));
  }
  CROSSLINE_TRY(answer.ledger, signed_head_from(in.ledger(), "answer.ledger"));
  return answer;
}

Result<ServerFrame> consult_from(const pb::ConsultAnswer& in) {
  ConsultAnswer answer;
  answer.id = in.id();
  CROSSLINE_TRY(answer.verdict, from_wire<movement::Verdict>(in.verdict(), kVerdicts, "consult.verdict"));
  CROSSLINE_TRY(answer.articles, articles_from(in.articles()));
  CROSSLINE_TRY(answer.status, status_from(in.status(), "consult.status"));
  answer.edition = in.edition();
  return answer;
}

Result<ServerFrame> replica_from(pb::ReplicaUpdate& in) {
  ReplicaUpdate update;
  update.from = LedgerIndex(in.from());
  update.to = LedgerIndex(in.to());
  if (update.to < update.from)
    return fail(ErrorCode::kMalformed, "replica: from {} to {}", in.from(), in.to());
  if (static_cast<std::size_t>(in.changes_size() + in.closures_size() + in.leases_size()) >
      limits::kMaxReplicaDeltas) {
    return fail(ErrorCode::kMalformed, "replica: more than {} changes", limits::kMaxReplicaDeltas);
  }
  update.changes.reserve(static_cast<std::size_t>(in.changes_size()));
  for (const pb::RecordChange& change : in.changes()) {
    CROSSLINE_TRY(auto read, record_change_from(change));
    update.changes.push_back(std::move(read));
  }
  for (const pb::Closure& closure : in.closures()) {
    CROSSLINE_TRY(auto read, closure_from(closure));
    update.closures.push_back(std::move(read));
  }
  for (const pb::QuotaLease& lease : in.leases()) {
    CROSSLINE_TRY(auto read, quota_lease_from(lease));
    update.leases.push_back(std::move(read));
  }
  update.edition = std::move(*in.mutable_edition());
  update.edition_envelope = std::move(*in.mutable_edition_envelope());
  if (!update.edition.empty() && !update.edition_envelope.empty())
    return fail(ErrorCode::kMalformed, "replica: an edition with and without its signatures");
  return update;
}

}  // namespace

std::string encode_server_frame(const ServerFrame& frame) {
  pb::ServerFrame out;
  std::visit([&out](const auto& body) { set_body(body, out); }, frame);
  return serialise(out);
}

Result<ServerFrame> decode_server_frame(ByteView bytes) {
  pb::ServerFrame in;
  CROSSLINE_CHECK_OK(parse_strict(bytes, in, "frame"));
  switch (in.body_case()) {
    case pb::ServerFrame::kWelcome:
      return welcome_from(in.welcome());
    case pb::ServerFrame::kAnswer:
      return answer_from(in.answer());
    case pb::ServerFrame::kConsult:
      return consult_from(in.consult());
    case pb::ServerFrame::kReplica:
      return replica_from(*in.mutable_replica());
    case pb::ServerFrame::kHeartbeat:
      return server_heartbeat_from(in.heartbeat());
    case pb::ServerFrame::kError:
      return LinkError{in.error().code(), in.error().message(), in.error().retry()};
    case pb::ServerFrame::kDispute:
      return dispute_from(in.dispute());
    case pb::ServerFrame::BODY_NOT_SET:
      break;
  }
  return fail(ErrorCode::kMalformed, "frame: holds no message");
}

}  // namespace crossline::wire
