#include "crossline/enrolment/registry.hpp"

#include "crossline/base/assert.hpp"
#include "crossline/base/limits.hpp"
#include "crossline/base/text.hpp"
#include "crossline/merkle/tree_head.hpp"

#include <algorithm>

namespace crossline::enrolment {
namespace {

bool party_may_serve(std::string_view party, std::string_view side) {
  if (side == "joint") return party == "A" || party == "B" || party == "G";
  return party == side;
}

bool is_reason(std::string_view reason) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return !reason.empty() && reason.size() <= limits::kMaxReasonBytes && is_utf8(reason) &&
         std::ranges::none_of(reason, is_control);
}

Result<void> check_reason(std::string_view reason) {
  if (is_reason(reason)) return {};
  return fail(ErrorCode::kInvalidArgument, "a reason is one line of 1 to {} bytes", limits::kMaxReasonBytes);
}

Result<void> check_key(std::string_view what, const merkle::NoteVerifierKey& key, std::string_view origin) {
  if (key.name == origin && key.type == merkle::NoteKeyType::kEd25519) return {};
  return fail(ErrorCode::kInvalidArgument, "{} is not an Ed25519 key named {}", what, origin);
}

Result<void> check_record(std::string_view line, const AgentRecord& record) {
  CROSSLINE_CHECK_OK(record.post.check());
  if (record.post.line != line) {
    return fail(ErrorCode::kInvalidArgument, "agent {} is of line {}, not {}", record.post.agent,
                record.post.line, line);
  }
  if (!party_may_serve(record.party, record.post.side)) {
    return fail(ErrorCode::kInvalidArgument, "party '{}' does not serve posts of side {}", record.party,
                record.post.side);
  }
  if (record.post.agent == kOffice) {
    return fail(ErrorCode::kInvalidArgument, "no agent may be called {}: that journal is the server's own",
                kOffice);
  }
  CROSSLINE_CHECK_OK(
      check_key("the journal key", record.journal_key, merkle::journal_origin(line, record.post.agent)));
  return record.revocation ? check_reason(record.revocation->reason) : Result<void>{};
}

}  // namespace

Result<void> LineKeys::check() const {
  if (!crypto::is_plain_name(line)) {
    return fail(ErrorCode::kInvalidArgument,
                "a line has a name of 1 to {} lower-case letters, digits and '-'", limits::kMaxNameBytes);
  }
  CROSSLINE_CHECK_OK(check_key("the ledger key", ledger_key, merkle::ledger_origin(line)));
  return check_key("the office key", office_key, merkle::journal_origin(line, kOffice));
}

Registry::Registry(LineKeys keys) : keys_(std::move(keys)) {
  CROSSLINE_ASSERT(keys_.check().has_value());
}

const AgentRecord* Registry::find(std::string_view agent) const {
  const auto found = agents_.find(agent);
  return found == agents_.end() ? nullptr : &found->second;
}

Result<void> Registry::enrol(AgentRecord record) {
  CROSSLINE_CHECK_OK(check_record(keys_.line, record));
  if (agents_.size() >= limits::kMaxEnrolledAgents) {
    return fail(ErrorCode::kInvalidArgument, "a line has at most {} agents", limits::kMaxEnrolledAgents);
  }
  if (find(record.post.agent) != nullptr) {
    return fail(ErrorCode::kConflict, "agent {} is enrolled already; a name is never used twice",
                record.post.agent);
  }
  for (const auto& [name, other] : agents_) {
    if (other.certificate == record.certificate) {
      return fail(ErrorCode::kConflict, "the certificate of agent {} is enrolled as {}'s", record.post.agent,
                  name);
    }
    if (other.journal_key.key == record.journal_key.key) {
      return fail(ErrorCode::kConflict, "the journal key of agent {} is enrolled as {}'s", record.post.agent,
                  name);
    }
  }
  std::string name = record.post.agent;
  agents_.emplace(std::move(name), std::move(record));
  return {};
}

Result<void> Registry::revoke(std::string_view agent, UtcMillis at, std::string reason) {
  CROSSLINE_CHECK_OK(check_reason(reason));
  const auto found = agents_.find(agent);
  if (found == agents_.end()) return fail(ErrorCode::kNotFound, "agent {} is not enrolled", agent);
  if (!found->second.active()) return fail(ErrorCode::kConflict, "agent {} is revoked already", agent);
  found->second.revocation = Revocation{.at = at, .reason = std::move(reason)};
  return {};
}

Result<void> Registry::revoke_auditor(AuditorKey auditor, UtcMillis at, std::string reason) {
  CROSSLINE_CHECK_OK(check_reason(reason));
  CROSSLINE_CHECK_OK((crypto::AuditorName{keys_.line, auditor.name}.check()));
  if (auditor.party != "A" && auditor.party != "B" && auditor.party != "G")
    return fail(ErrorCode::kInvalidArgument, "'{}' is no party: A, B or G", auditor.party);
  if (revoked_auditors_.contains(auditor))
    return fail(ErrorCode::kConflict, "auditor {} of party {} is revoked already", auditor.name,
                auditor.party);
  if (revoked_auditors_.size() >= limits::kMaxRevokedAuditors)
    return fail(ErrorCode::kInvalidArgument, "a line has at most {} revoked auditors",
                limits::kMaxRevokedAuditors);
  revoked_auditors_.emplace(std::move(auditor), Revocation{.at = at, .reason = std::move(reason)});
  return {};
}

Result<void> Registry::admit_auditor(const crypto::Certificate& peer, std::string_view root_party) const {
  const Result<crypto::AuditorName> name = peer.auditor();
  if (!name || name->line != keys_.line || root_party.empty())
    return fail(ErrorCode::kForbidden, "the certificate is not that of an auditor of this line");
  if (revoked_auditors_.contains(AuditorKey{std::string(root_party), name->name}))
    return fail(ErrorCode::kRevoked, "auditor {} of party {} is revoked", name->name, root_party);
  return {};
}

Result<const AgentRecord*> Registry::admit(const crypto::Certificate& peer,
                                           std::string_view root_party) const {
  const Result<crypto::PostName> post = peer.post();
  if (!post)
    return fail(ErrorCode::kUnauthenticated, "the certificate names no post: {}", post.error().message);
  const AgentRecord* record = find(post->agent);
  if (record == nullptr) return fail(ErrorCode::kUnauthenticated, "agent {} is not enrolled", post->agent);
  if (*post != record->post) {
    return fail(ErrorCode::kForbidden, "the certificate names {}, the registry {}", post->uri(),
                record->post.uri());
  }
  if (root_party != record->party) {
    return fail(ErrorCode::kForbidden, "agent {} was enrolled by party {}, the certificate is party {}'s",
                post->agent, record->party, root_party);
  }
  if (peer.fingerprint != record->certificate) {
    return fail(ErrorCode::kForbidden, "the certificate is not the one that agent {} was enrolled with",
                post->agent);
  }
  if (!record->active()) return fail(ErrorCode::kRevoked, "agent {} is revoked", post->agent);
  return record;
}

}  // namespace crossline::enrolment
