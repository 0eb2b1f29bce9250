// An agent of the river line with real keys and a real certificate, and its registry record.
#pragma once

#include "crossline/crypto/authority.hpp"
#include "crossline/crypto/random.hpp"
#include "crossline/enrolment/registry.hpp"
#include "crossline/merkle/tree_head.hpp"

namespace crossline::enrolment {

inline constexpr std::string_view kLine = "river-line";
inline constexpr UtcMillis kEnrolled{1'790'841'600'000};  // 2026-10-01T08:00:00Z
inline constexpr UtcMillis kRevoked{1'790'928'000'250};   // a day later and a quarter of a second

// A fresh key for notes of that name.
inline merkle::NoteVerifierKey note_key(std::string_view name) {
  crypto::SystemRandom random;
  return merkle::NoteVerifierKey::make(std::string(name), merkle::NoteKeyType::kEd25519,
                                       crypto::Signer::generate(random).public_key());
}

inline Registry empty_registry() {
  return Registry({.line = std::string(kLine),
                   .ledger_key = note_key(merkle::ledger_origin(kLine)),
                   .office_key = note_key(merkle::journal_origin(kLine, kOffice))});
}

inline crypto::PostName post_name(std::string_view agent, std::string_view side) {
  return {.line = std::string(kLine),
          .checkpoint = "bridge",
          .side = std::string(side),
          .agent = std::string(agent)};
}

inline crypto::Certificate issue(const crypto::Authority& root, const crypto::PostName& post) {
  return crypto::Certificate::from_pem(root.issue_agent(post, kEnrolled)->certificate_pem).value();
}

inline AgentRecord record_of(const crypto::PostName& post, std::string_view party,
                             const crypto::Hash& certificate) {
  return {.post = post,
          .party = std::string(party),
          .certificate = certificate,
          .journal_key = note_key(merkle::journal_origin(post.line, post.agent)),
          .enrolled = kEnrolled,
          .revocation = std::nullopt};
}

// A record whose certificate is made up; for tests in which nobody connects.
inline AgentRecord paper_record(std::string_view agent, std::string_view side = "A") {
  return record_of(post_name(agent, side), side == "joint" ? "G" : side, crypto::sha256(as_bytes(agent)));
}

}  // namespace crossline::enrolment
