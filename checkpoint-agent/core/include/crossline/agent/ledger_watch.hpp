// What the server has shown of the ledger, held against what it shows next.
#pragma once

#include "crossline/agent/alarms.hpp"
#include "crossline/agent/replica.hpp"
#include "crossline/agent/settings.hpp"
#include "crossline/base/time.hpp"
#include "crossline/crypto/ed25519.hpp"
#include "crossline/merkle/misbehaviour.hpp"
#include "crossline/wire/link.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace crossline::agent {

// Of the heads that were shown, the replica keeps two: the largest seen, which came with an answer and was
// believed for its signature, and the largest proven, the first of all at least. A greeting, and a question
// now and then, have the server prove that its ledger of now continues both; then that one is seen and
// proven. A server that showed heads of two histories can continue one of them only. One thread at a time.
//
// What shows anything fails with
//   kBadSignature  a head that the line's key has not signed
//   kForked        a smaller ledger than before, another one, or no proof
// after raising the alarm that says so, and with a code of the replica's store otherwise. Nothing shown is
// believed then.
class LedgerWatch {
 public:
  LedgerWatch(const Settings& settings, Replica& replica, Alarms& alarms, const Clock& clock);

  // What to have proven, by a greeting or a heartbeat. Drops the question before.
  [[nodiscard]] wire::LedgerQuestion ask();
  // It is time to ask again: kLedgerQuestionMs after the last question, if that is answered.
  [[nodiscard]] bool is_due() const;
  // A question has waited for its answer for kLedgerReplyMs: only a greeting can settle it now.
  [[nodiscard]] bool is_overdue() const;
  // Steady time of the next of both.
  [[nodiscard]] std::uint64_t next_deadline_ms() const;

  // The server's words.
  Result<void> on_welcome(const std::optional<wire::SignedHead>& ledger, const wire::LedgerProofs& proofs);
  Result<void> on_dispute(const wire::LedgerDispute& dispute);  // always fails
  Result<void> on_reply(const wire::LedgerReply& reply);        // to another question: ignored
  Result<void> on_answer(const wire::SignedHead& ledger);

  // Two signed heads of the ledger that the server could not reconcile: evidence to be kept. Once each. With
  // what the larger one says of its beginning, when the server's own proof shows that it is another.
  [[nodiscard]] std::optional<merkle::Misbehaviour> take_evidence();

 private:
  struct Asked {
    wire::LedgerQuestion question;
    std::optional<wire::SignedHead> seen;  // then
    std::uint64_t at_ms = 0;               // steady
    bool answered = false;
  };
  [[nodiscard]] bool waits() const { return !asked_.answered && asked_.seen; }

  Result<void> check_signature(const wire::SignedHead& head);
  Result<void> check_continues(const wire::SignedHead& shown, const std::optional<wire::SignedHead>& seen,
                               const wire::LedgerProofs& proofs);
  Result<void> check_continues(const wire::SignedHead& shown, const wire::SignedHead& before,
                               std::span<const crypto::Hash> proof);
  Result<void> believe(const wire::SignedHead& head);
  // `begins`: what the server says that the tree of `shown` had at the size of `before`.
  std::unexpected<Error> distrust(AlarmCode code, std::string message,
                                  const std::optional<wire::SignedHead>& before,
                                  const std::optional<wire::SignedHead>& shown,
                                  std::optional<merkle::PrefixClaim> begins = std::nullopt);

  Replica* replica_;
  Alarms* alarms_;
  const Clock* clock_;
  crypto::PublicKey key_;
  crypto::Verifier verifier_;
  std::string origin_;
  Asked asked_;  // last
  std::optional<merkle::Misbehaviour> evidence_;
};

}  // namespace crossline::agent
