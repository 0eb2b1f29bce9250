#include "crossline/enrolment/registry.hpp"

namespace crossline::enrolment {
namespace {

// A TOML basic string. Reasons hold no control characters, so only two characters need an escape.
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  result += '"';
  return result;
}

std::string entry(const AgentRecord& record) {
  std::string text = fmt::format(
      "\n[[agent]]\n"
      "agent       = {}\n"
      "checkpoint  = {}\n"
      "side        = {}\n"
      "party       = {}\n"
      "certificate = {}\n"
      "journal_key = {}\n"
      "status      = {}\n"
      "enrolled    = {}\n",
      quoted(record.post.agent), quoted(record.post.checkpoint), quoted(record.post.side),
      quoted(record.party), quoted(record.certificate.hex()), quoted(record.journal_key.to_string()),
      quoted(record.active() ? "active" : "revoked"), format_utc(record.enrolled));
  if (record.revocation) {
    text += fmt::format(
        "revoked     = {}\n"
        "reason      = {}\n",
        format_utc(record.revocation->at), quoted(record.revocation->reason));
  }
  return text;
}

std::string entry(const AuditorKey& auditor, const Revocation& revocation) {
  return fmt::format(
      "\n[[revoked_auditor]]\n"
      "auditor = {}\n"
      "party   = {}\n"
      "revoked = {}\n"
      "reason  = {}\n",
      quoted(auditor.name), quoted(auditor.party), format_utc(revocation.at), quoted(revocation.reason));
}

}  // namespace

std::string Registry::to_toml() const {
  std::string text = fmt::format(
      "# Who may speak on this line. Written by `crossline pki`; docs/formats/registry.md says what each key "
      "means.\n"
      "line       = {}\n"
      "ledger_key = {}\n"
      "office_key = {}\n",
      quoted(keys_.line), quoted(keys_.ledger_key.to_string()), quoted(keys_.office_key.to_string()));
  for (const auto& [name, record] : agents_) text += entry(record);
  for (const auto& [auditor, revocation] : revoked_auditors_) text += entry(auditor, revocation);
  return text;
}

}  // namespace crossline::enrolment
