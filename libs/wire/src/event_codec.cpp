#include "crossline/wire/event_codec.hpp"

#include "convert.hpp"
#include "crossline/base/limits.hpp"
#include "crossline/wire/slip.hpp"
#include "plain.hpp"

#include <utility>

namespace crossline::wire {
namespace {

using movement::kMaxReasonBytes;

// One overload for each kind of body: writes it into the message.
void set_body(const movement::Movement& body, pb::Event& out) {
  to_proto(body, *out.mutable_movement());
}
void set_body(const movement::Closure& body, pb::Event& out) {
  to_proto(body, *out.mutable_closure());
}
void set_body(const movement::Correction& body, pb::Event& out) {
  out.mutable_correction()->set_journal_index(body.journal_index.value());
  out.mutable_correction()->set_subject(to_string_bytes(body.subject.bytes));
  out.mutable_correction()->set_reason(body.reason);
}
void set_body(const movement::ListChange& body, pb::Event& out) {
  auto& change = *out.mutable_list_change();
  change.set_list(body.list);
  change.set_subject(to_string_bytes(body.subject.bytes));
  change.set_removed(body.removed);
  change.set_party(body.party);
  change.set_reason(body.reason);
}
void set_body(const movement::Shift& body, pb::Event& out) {
  out.mutable_shift()->set_started(body.started);
  out.mutable_shift()->set_direction(to_wire<movement::Direction, pb::Direction>(body.direction));
}
void set_body(const movement::JournalHeartbeat& body, pb::Event& out) {
  out.mutable_heartbeat()->set_unsent(body.unsent);
}
void set_body(const movement::Lookup& body, pb::Event& out) {
  auto& lookup = *out.mutable_lookup();
  if (body.subject) lookup.set_subject(to_string_bytes(body.subject->bytes));
  lookup.set_purpose(body.purpose);
  lookup.set_case_number(body.case_number);
  lookup.set_role(body.role);
  lookup.set_party(body.party);
  lookup.set_found(body.found);
}
void set_body(const movement::Resolution& body, pb::Event& out) {
  auto& resolution = *out.mutable_resolution();
  resolution.set_subject(to_string_bytes(body.subject.bytes));
  resolution.set_status(std::string(name_of(movement::status_on(body.status))));
  resolution.set_party(std::string(name_of(body.party)));
  resolution.set_reason(body.reason);
}
void set_body(const movement::EditionAdopted& body, pb::Event& out) {
  out.mutable_edition_adopted()->set_number(body.number);
  out.mutable_edition_adopted()->set_hash(to_string_bytes(body.hash.bytes));
}

void set_body(const movement::SlipSeen& body, pb::Event& out) {
  out.mutable_slip_seen()->set_slip(body.slip);
}
void set_body(const movement::PermitChange& body, pb::Event& out) {
  auto& change = *out.mutable_permit_change();
  change.set_kind(body.kind);
  change.set_subject(to_string_bytes(body.subject.bytes));
  change.set_withdrawn(body.withdrawn);
  change.set_valid_from_ms(body.valid_from.ms);
  change.set_valid_until_ms(body.valid_until.ms);
  change.set_party(body.party);
  change.set_reason(body.reason);
}
void set_body(const movement::OverrideGrant& body, pb::Event& out) {
  auto& grant = *out.mutable_override_grant();
  grant.set_subject(to_string_bytes(body.subject.bytes));
  grant.set_article(body.article);
  grant.set_role(body.role);
  grant.set_reason(body.reason);
}
void set_body(const movement::QuotaLease& body, pb::Event& out) {
  to_proto(body, *out.mutable_quota_lease());
}
void set_body(const movement::NoticeAct& body, pb::Event& out) {
  auto& act = *out.mutable_notice();
  act.set_subject(to_string_bytes(body.subject.bytes));
  act.set_step(to_wire<movement::NoticeStep, pb::NoticeStep>(body.step));
  act.set_party(body.party);
  act.set_reason(body.reason);
}

Result<movement::Body> correction_from(const pb::Correction& in) {
  movement::Correction body;
  body.journal_index = JournalIndex(in.journal_index());
  CROSSLINE_TRY(body.subject.bytes, fixed_bytes<16>(in.subject(), "correction.subject"));
  CROSSLINE_TRY(body.reason, bounded_text(in.reason(), kMaxReasonBytes, "correction.reason"));
  return body;
}

Result<movement::Body> list_change_from(const pb::ListChange& in) {
  movement::ListChange body;
  CROSSLINE_TRY(body.list, bounded_name(in.list(), "list_change.list"));
  CROSSLINE_TRY(body.subject.bytes, fixed_bytes<16>(in.subject(), "list_change.subject"));
  body.removed = in.removed();
  CROSSLINE_TRY(body.party, bounded_name(in.party(), "list_change.party"));
  CROSSLINE_TRY(body.reason, bounded_text(in.reason(), kMaxReasonBytes, "list_change.reason"));
  return body;
}

Result<movement::Body> lookup_from(const pb::Lookup& in) {
  movement::Lookup body;
  if (!in.subject().empty()) {
    crypto::SubjectId subject;
    CROSSLINE_TRY(subject.bytes, fixed_bytes<16>(in.subject(), "lookup.subject"));
    body.subject = subject;
  }
  CROSSLINE_TRY(body.purpose, bounded_text(in.purpose(), kMaxReasonBytes, "lookup.purpose"));
  CROSSLINE_TRY(body.case_number,
                bounded_text(in.case_number(), movement::kMaxNameBytes, "lookup.case_number"));
  CROSSLINE_TRY(body.role, bounded_name(in.role(), "lookup.role"));
  CROSSLINE_TRY(body.party, bounded_name(in.party(), "lookup.party"));
  body.found = in.found();
  return body;
}

Result<movement::Side> side_from(const std::string& name, std::string_view a, std::string_view b,
                                 std::string_view field) {
  if (name == a) return movement::Side::kA;
  if (name == b) return movement::Side::kB;
  return fail(ErrorCode::kMalformed, "{}: neither '{}' nor '{}'", field, a, b);
}

Result<movement::Body> resolution_from(const pb::Resolution& in) {
  movement::Resolution body;
  CROSSLINE_TRY(body.subject.bytes, fixed_bytes<16>(in.subject(), "resolution.subject"));
  CROSSLINE_TRY(body.status, side_from(in.status(), "side_a", "side_b", "resolution.status"));
  CROSSLINE_TRY(body.party, side_from(in.party(), "A", "B", "resolution.party"));
  CROSSLINE_TRY(body.reason, bounded_text(in.reason(), kMaxReasonBytes, "resolution.reason"));
  return body;
}

Result<movement::Body> permit_change_from(const pb::PermitChange& in) {
  movement::PermitChange body;
  CROSSLINE_TRY(body.kind, bounded_name(in.kind(), "permit_change.kind"));
  CROSSLINE_TRY(body.subject.bytes, fixed_bytes<16>(in.subject(), "permit_change.subject"));
  body.withdrawn = in.withdrawn();
  body.valid_from.ms = in.valid_from_ms();
  body.valid_until.ms = in.valid_until_ms();
  if (!body.withdrawn && body.valid_until <= body.valid_from)
    return fail(ErrorCode::kMalformed, "permit_change: ends before it begins");
  CROSSLINE_TRY(body.party, bounded_name(in.party(), "permit_change.party"));
  CROSSLINE_TRY(body.reason, bounded_text(in.reason(), kMaxReasonBytes, "permit_change.reason"));
  return body;
}

Result<movement::Body> override_grant_from(const pb::OverrideGrant& in) {
  movement::OverrideGrant body;
  CROSSLINE_TRY(body.subject.bytes, fixed_bytes<16>(in.subject(), "override_grant.subject"));
  CROSSLINE_TRY(body.article, bounded_name(in.article(), "override_grant.article"));
  CROSSLINE_TRY(body.role, bounded_name(in.role(), "override_grant.role"));
  CROSSLINE_TRY(body.reason, bounded_text(in.reason(), kMaxReasonBytes, "override_grant.reason"));
  return body;
}

Result<movement::Body> notice_from(const pb::NoticeAct& in) {
  movement::NoticeAct body;
  CROSSLINE_TRY(body.subject.bytes, fixed_bytes<16>(in.subject(), "notice.subject"));
  CROSSLINE_TRY(body.step, from_wire<movement::NoticeStep>(in.step(), kNoticeSteps, "notice.step"));
  CROSSLINE_TRY(body.party, bounded_name(in.party(), "notice.party"));
  CROSSLINE_TRY(body.reason, bounded_text(in.reason(), kMaxReasonBytes, "notice.reason"));
  return body;
}

Result<movement::Body> body_from(const pb::Event& in) {
  switch (in.body_case()) {
    case pb::Event::kMovement: {
      CROSSLINE_TRY(movement::Movement body, movement_from(in.movement(), false));
      return body;
    }
    case pb::Event::kCorrection:
      return correction_from(in.correction());
    case pb::Event::kClosure: {
      CROSSLINE_TRY(movement::Closure body, closure_from(in.closure()));
      return body;
    }
    case pb::Event::kListChange:
      return list_change_from(in.list_change());
    case pb::Event::kShift: {
      movement::Shift body;
      body.started = in.shift().started();
      CROSSLINE_TRY(body.direction,
                    from_wire<movement::Direction>(in.shift().direction(), kDirections, "shift.direction"));
      return body;
    }
    case pb::Event::kHeartbeat:
      return movement::JournalHeartbeat{in.heartbeat().unsent()};
    case pb::Event::kLookup:
      return lookup_from(in.lookup());
    case pb::Event::kResolution:
      return resolution_from(in.resolution());
    case pb::Event::kEditionAdopted: {
      movement::EditionAdopted body;
      body.number = in.edition_adopted().number();
      CROSSLINE_TRY(body.hash.bytes, fixed_bytes<32>(in.edition_adopted().hash(), "edition_adopted.hash"));
      return body;
    }
    case pb::Event::kSlipSeen: {
      CROSSLINE_CHECK_OK(decode_slip(as_bytes(in.slip_seen().slip())));
      return movement::SlipSeen{in.slip_seen().slip()};
    }
    case pb::Event::kPermitChange:
      return permit_change_from(in.permit_change());
    case pb::Event::kOverrideGrant:
      return override_grant_from(in.override_grant());
    case pb::Event::kQuotaLease: {
      CROSSLINE_TRY(movement::QuotaLease body, quota_lease_from(in.quota_lease()));
      return body;
    }
    case pb::Event::kNotice:
      return notice_from(in.notice());
    case pb::Event::BODY_NOT_SET:
      break;
  }
  return fail(ErrorCode::kMalformed, "event: has no body");
}

}  // namespace

Result<movement::Event> parse_event(ByteView bytes) {
  if (bytes.size() > limits::kMaxEventBytes) {
    return fail(ErrorCode::kMalformed, "event: {} bytes, at most {} are allowed", bytes.size(),
                limits::kMaxEventBytes);
  }
  thread_local pb::Event in;  // reused: keeps its allocations from event to event
  CROSSLINE_CHECK_OK(parse_strict(bytes, in, "event"));
  if (in.schema() != kEventSchema)
    return fail(ErrorCode::kUnsupported, "event: schema {}, this build knows {}", in.schema(), kEventSchema);
  movement::Event event;
  CROSSLINE_TRY(event.agent, bounded_name(in.agent(), "agent"));
  event.journal_index = JournalIndex(in.journal_index());
  event.recorded_at.ms = in.recorded_at_ms();
  event.steady_ms = in.steady_ms();
  event.boot_id = in.boot_id();
  CROSSLINE_TRY(event.beacon, beacon_from(in.beacon()));
  CROSSLINE_TRY(event.officer, bounded_text(in.officer(), movement::kMaxNameBytes, "officer"));
  CROSSLINE_TRY(event.body, body_from(in));
  return event;
}

Result<movement::Event> decode_event(ByteView bytes) {
  Result<movement::Event> event{std::in_place};
  if (!read_plain_event(bytes, *event)) event = parse_event(bytes);
  return event;
}

std::string encode_event(const movement::Event& event) {
  pb::Event out;
  out.set_schema(kEventSchema);
  out.set_agent(event.agent);
  out.set_journal_index(event.journal_index.value());
  out.set_recorded_at_ms(event.recorded_at.ms);
  out.set_steady_ms(event.steady_ms);
  out.set_boot_id(event.boot_id);
  if (event.beacon.size.value() > 0) to_proto(event.beacon, *out.mutable_beacon());
  out.set_officer(event.officer);
  std::visit([&out](const auto& body) { set_body(body, out); }, event.body);
  return serialise(out);
}

}  // namespace crossline::wire
