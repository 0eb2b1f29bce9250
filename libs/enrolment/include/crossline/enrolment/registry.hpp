// The registry: which agent serves which post with which keys, and which no longer may
// (docs/formats/registry.md). `crossline pki` writes it, the server and the auditors read it. Text in, text
// out: no file is touched here.
#pragma once

#include "crossline/base/result.hpp"
#include "crossline/base/time.hpp"
#include "crossline/crypto/certificate.hpp"
#include "crossline/crypto/post_name.hpp"
#include "crossline/merkle/note.hpp"

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace crossline::enrolment {

// The name of the server's own journal, in which supervisors' acts are recorded. No agent may bear it.
inline constexpr std::string_view kOffice = "office";

// Whose registry it is, with the two keys that speak for the server.
struct LineKeys {
  std::string line;
  merkle::NoteVerifierKey ledger_key;  // signs the ledger's tree heads; named by the ledger's origin
  merkle::NoteVerifierKey office_key;  // signs the office's journal; named by that journal's origin

  // kInvalidArgument when the line's name is none or a key does not bear the name it must have.
  [[nodiscard]] Result<void> check() const;
};

struct Revocation {
  UtcMillis at;
  std::string reason;  // one line, at most limits::kMaxReasonBytes; no personal data
  friend bool operator==(const Revocation&, const Revocation&) = default;
};

// One enrolled agent. The name stays taken after revocation: a journal has one key for ever.
struct AgentRecord {
  crypto::PostName post;
  std::string party;                    // "A", "B" or "G": whose root issued the certificate
  crypto::Hash certificate;             // SHA-256 of its DER form
  merkle::NoteVerifierKey journal_key;  // named by the journal's origin, type kEd25519
  UtcMillis enrolled;
  std::optional<Revocation> revocation;

  [[nodiscard]] bool active() const { return !revocation.has_value(); }
};

// An auditor whose certificates no longer open anything. Auditors are not enrolled: whoever a party's root
// names is one, until its name stands here; then it is never used again.
struct AuditorKey {
  std::string party;  // "A", "B" or "G": whose root issued the certificates
  std::string name;
  friend auto operator<=>(const AuditorKey&, const AuditorKey&) = default;
};

// A value type; not thread-safe. Always consistent: names, certificates and journal keys are each there once.
class Registry {
 public:
  using Agents = std::map<std::string, AgentRecord, std::less<>>;
  using RevokedAuditors = std::map<AuditorKey, Revocation>;

  // An empty one. Requires keys.check().
  explicit Registry(LineKeys keys);
  // kMalformed with line and column; unknown keys are errors, with the nearest known one.
  static Result<Registry> parse(std::string_view toml);
  // Ordered by agent, so that two registries of the same agents are the same text.
  [[nodiscard]] std::string to_toml() const;

  [[nodiscard]] const std::string& line() const { return keys_.line; }
  [[nodiscard]] const LineKeys& keys() const { return keys_; }
  // By agent name.
  [[nodiscard]] const Agents& agents() const { return agents_; }
  // Null when there is none.
  [[nodiscard]] const AgentRecord* find(std::string_view agent) const;

  // kInvalidArgument when the record contradicts itself or the line (a post of side A is party A's, of side B
  // party B's, a joint one either's or the guarantor's; the journal key bears the journal's name), kConflict
  // when its name, certificate or journal key is taken. Unchanged on failure.
  Result<void> enrol(AgentRecord record);
  // kNotFound, kConflict when it is revoked already, kInvalidArgument for a bad reason. Unchanged on failure.
  Result<void> revoke(std::string_view agent, UtcMillis at, std::string reason);

  [[nodiscard]] const RevokedAuditors& revoked_auditors() const { return revoked_auditors_; }
  // kConflict when it is revoked already; kInvalidArgument for a bad name, party or reason, or more than
  // limits::kMaxRevokedAuditors. Unchanged on failure.
  Result<void> revoke_auditor(AuditorKey auditor, UtcMillis at, std::string reason);
  // Whether a verified TLS peer may read what is for auditors. `root_party` is the party whose root verified
  // its chain, empty when none did. kForbidden: it is no auditor of this line. kRevoked.
  [[nodiscard]] Result<void> admit_auditor(const crypto::Certificate& peer,
                                           std::string_view root_party) const;

  // The agent that a verified TLS peer speaks for. `root_party` is the party whose root verified its chain.
  // kUnauthenticated: the certificate names no enrolled agent. kForbidden: certificate and registry disagree
  // on the certificate itself, the post or the party. kRevoked. The pointer is valid until the registry
  // changes.
  [[nodiscard]] Result<const AgentRecord*> admit(const crypto::Certificate& peer,
                                                 std::string_view root_party) const;

 private:
  LineKeys keys_;
  Agents agents_;
  RevokedAuditors revoked_auditors_;
};

}  // namespace crossline::enrolment
