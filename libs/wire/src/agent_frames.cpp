#include "convert.hpp"
#include "crossline/base/limits.hpp"
#include "crossline/wire/link.hpp"

namespace crossline::wire {
namespace {

void report_to(const EditionReport& report, pb::EditionReport& out) {
  out.set_enforced(to_string_bytes(report.enforced.bytes));
  out.set_newest(to_string_bytes(report.newest.bytes));
  if (!report.refused) return;
  out.set_refused(to_string_bytes(report.refused->hash.bytes));
  out.set_refusal(report.refused->reason);
}

Result<EditionReport> report_from(const pb::EditionReport& in) {
  EditionReport report;
  CROSSLINE_TRY(report.enforced.bytes, fixed_bytes<32>(in.enforced(), "editions.enforced"));
  CROSSLINE_TRY(report.newest.bytes, fixed_bytes<32>(in.newest(), "editions.newest"));
  if (in.refused().empty() != in.refusal().empty())
    return fail(ErrorCode::kMalformed, "editions.refused: an edition and a reason, or neither");
  if (in.refused().empty()) return report;
  RefusedEdition refused;
  CROSSLINE_TRY(refused.hash.bytes, fixed_bytes<32>(in.refused(), "editions.refused"));
  CROSSLINE_TRY(refused.reason, bounded_name(in.refusal(), "editions.refusal"));
  report.refused = std::move(refused);
  return report;
}

void set_body(const Hello& hello, pb::AgentFrame& out) {
  auto& body = *out.mutable_hello();
  body.set_protocol(hello.protocol);
  body.set_agent(hello.agent);
  if (hello.journal) to_proto(*hello.journal, *body.mutable_journal());
  body.set_replica_position(hello.replica_position.value());
  if (hello.ledger.size.value() > 0) to_proto(hello.ledger, *body.mutable_ledger());
  if (hello.edition) body.set_edition(to_string_bytes(hello.edition->bytes));
  if (hello.editions) report_to(*hello.editions, *body.mutable_editions());
  body.set_ledger_proven(hello.ledger_proven.value());
}

void set_body(const Submit& submit, pb::AgentFrame& out) {
  auto& body = *out.mutable_submit();
  body.set_first_index(submit.first_index.value());
  for (const std::string& event : submit.events) body.add_events(event);
  for (const IdentityAttachment& attachment : submit.identities) {
    auto& added = *body.add_identities();
    added.set_offset(attachment.offset);
    added.set_opening(to_string_bytes(attachment.opening));
    added.set_identity(attachment.identity);
  }
  body.set_head_signature(to_string_bytes(submit.head_signature.bytes));
}

void set_body(const Consult& consult, pb::AgentFrame& out) {
  auto& body = *out.mutable_consult();
  body.set_id(consult.id);
  body.set_at_ms(consult.at.ms);
  auto& movement = *body.mutable_movement();
  to_proto(consult.movement, movement);
  movement.clear_outcome();
  movement.clear_verdict();
  movement.clear_articles();
  movement.clear_commitment();
}

void set_body(const Heartbeat& heartbeat, pb::AgentFrame& out) {
  auto& body = *out.mutable_heartbeat();
  body.set_unsent(heartbeat.unsent);
  body.set_clock_ms(heartbeat.clock.ms);
  body.set_oldest_unsent_ms(heartbeat.oldest_unsent_ms);
  if (heartbeat.editions) report_to(*heartbeat.editions, *body.mutable_editions());
  if (heartbeat.ledger_question) to_proto(*heartbeat.ledger_question, *body.mutable_ledger_question());
}

Result<AgentFrame> hello_from(const pb::Hello& in) {
  Hello hello;
  hello.protocol = in.protocol();
  if (hello.protocol != kProtocol) {
    return fail(ErrorCode::kUnsupported, "hello: protocol {}, this build speaks {}", hello.protocol,
                kProtocol);
  }
  CROSSLINE_TRY(hello.agent, bounded_name(in.agent(), "hello.agent"));
  if (in.has_journal()) {
    CROSSLINE_TRY(hello.journal, signed_head_from(in.journal(), "hello.journal"));
  }
  hello.replica_position = LedgerIndex(in.replica_position());
  CROSSLINE_TRY(hello.ledger, beacon_from(in.ledger()));
  if (!in.edition().empty()) {
    crypto::Hash edition;
    CROSSLINE_TRY(edition.bytes, fixed_bytes<32>(in.edition(), "hello.edition"));
    hello.edition = edition;
  }
  if (in.has_editions()) {
    CROSSLINE_TRY(hello.editions, report_from(in.editions()));
  }
  hello.ledger_proven = TreeSize(in.ledger_proven());
  if (hello.ledger_proven > hello.ledger.size) {
    return fail(ErrorCode::kMalformed, "hello.ledger_proven: {}, larger than the head seen of {}",
                in.ledger_proven(), hello.ledger.size.value());
  }
  return hello;
}

Result<AgentFrame> heartbeat_from(const pb::Heartbeat& in) {
  Heartbeat heartbeat{
      .unsent = in.unsent(), .clock = {in.clock_ms()}, .oldest_unsent_ms = in.oldest_unsent_ms()};
  if (in.has_editions()) {
    CROSSLINE_TRY(heartbeat.editions, report_from(in.editions()));
  }
  if (in.has_ledger_question()) {
    CROSSLINE_TRY(heartbeat.ledger_question,
                  ledger_question_from(in.ledger_question(), "heartbeat.ledger_question"));
  }
  if (in.has_ledger_reply())
    return fail(ErrorCode::kMalformed, "heartbeat.ledger_reply: only the server replies");
  return heartbeat;
}

Result<AgentFrame> submit_from(pb::Submit& in) {
  const auto count = static_cast<std::size_t>(in.events_size());
  if (count == 0 || count > limits::kMaxEventsPerSubmission) {
    return fail(ErrorCode::kMalformed, "submit: {} events, from 1 to {} are allowed", count,
                limits::kMaxEventsPerSubmission);
  }
  Submit submit;
  submit.first_index = JournalIndex(in.first_index());
  submit.events.reserve(count);
  for (std::string& event : *in.mutable_events()) submit.events.push_back(std::move(event));
  if (static_cast<std::size_t>(in.identities_size()) > count) {
    return fail(ErrorCode::kMalformed, "submit: {} identities for {} events", in.identities_size(), count);
  }
  for (pb::IdentityAttachment& attachment : *in.mutable_identities()) {
    if (attachment.offset() >= count)
      return fail(ErrorCode::kMalformed, "submit: an identity for event {} of {}", attachment.offset(),
                  count);
    if (attachment.identity().empty() || attachment.identity().size() > limits::kMaxIdentityBytes) {
      return fail(ErrorCode::kMalformed, "submit: an identity of {} bytes, from 1 to {} are allowed",
                  attachment.identity().size(), limits::kMaxIdentityBytes);
    }
    IdentityAttachment read;
    read.offset = attachment.offset();
    CROSSLINE_TRY(read.opening, fixed_bytes<32>(attachment.opening(), "submit.identities.opening"));
    read.identity = std::move(*attachment.mutable_identity());
    submit.identities.push_back(std::move(read));
  }
  CROSSLINE_TRY(submit.head_signature.bytes, fixed_bytes<64>(in.head_signature(), "submit.head_signature"));
  return submit;
}

Result<AgentFrame> consult_from(const pb::Consult& in) {
  Consult consult;
  consult.id = in.id();
  consult.at.ms = in.at_ms();
  CROSSLINE_TRY(consult.movement, movement_from(in.movement(), true));
  return consult;
}

}  // namespace

std::string encode_agent_frame(const AgentFrame& frame) {
  pb::AgentFrame out;
  std::visit([&out](const auto& body) { set_body(body, out); }, frame);
  return serialise(out);
}

Result<AgentFrame> decode_agent_frame(ByteView bytes) {
  pb::AgentFrame in;
  CROSSLINE_CHECK_OK(parse_strict(bytes, in, "frame"));
  switch (in.body_case()) {
    case pb::AgentFrame::kHello:
      return hello_from(in.hello());
    case pb::AgentFrame::kSubmit:
      return submit_from(*in.mutable_submit());
    case pb::AgentFrame::kConsult:
      return consult_from(in.consult());
    case pb::AgentFrame::kHeartbeat:
      return heartbeat_from(in.heartbeat());
    case pb::AgentFrame::BODY_NOT_SET:
      break;
  }
  return fail(ErrorCode::kMalformed, "frame: holds no message");
}

}  // namespace crossline::wire
