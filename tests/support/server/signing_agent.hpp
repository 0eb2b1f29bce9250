// The other end of the link, without a socket: an agent that keeps and signs its own journal.
#pragma once

#include "crossline/crypto/commitment.hpp"
#include "crossline/merkle/tree_head.hpp"
#include "crossline/wire/event_codec.hpp"
#include "crossline/wire/link.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace crossline::testing {

inline constexpr std::string_view kLine = "river-line";

inline crypto::SubjectId traveller(std::uint32_t number) {
  crypto::SubjectId subject;
  store_u32_be(number, subject.bytes.data());
  return subject;
}

// A resident of side A, or of B, who passes with an allow.
inline movement::Movement passing(const crypto::SubjectId& subject, movement::Direction direction) {
  movement::Movement made;
  made.subject = subject;
  made.direction = direction;
  made.outcome = movement::Outcome::kPassed;
  made.category = "resident_a";
  made.sex = movement::Sex::kFemale;
  made.age_years = 34;
  made.document_kind = "passport";
  made.document_issuer = "XAA";
  made.document_valid_days = 900;
  made.verdict = movement::Verdict::kAllow;
  made.articles = {"3(1)"};
  made.edition = 1;
  return made;
}

// A value: a copy is a second history under the same key, which is what fork tests need.
class SigningAgent {
 public:
  SigningAgent(std::string name, movement::Post post, std::uint8_t seed)
      : name_(std::move(name)), post_(std::move(post)), seed_(32, seed) {}

  movement::Beacon beacon;  // the ledger head that the next events name; none at first

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const movement::Post& post() const { return post_; }
  [[nodiscard]] crypto::PublicKey public_key() const { return signer().public_key(); }
  [[nodiscard]] std::size_t size() const { return events_.size(); }

  // Appends an event to the journal; its index is returned.
  std::size_t record(movement::Body body, UtcMillis at) {
    movement::Event event{.agent = name_,
                          .journal_index = JournalIndex(events_.size()),
                          .recorded_at = at,
                          .steady_ms = 1,
                          .boot_id = 7,
                          .beacon = beacon,
                          .officer = "officer-7",
                          .body = std::move(body)};
    events_.push_back(wire::encode_event(event));
    return events_.size() - 1;
  }

  // Appends a movement that commits to an identity, which travels with it.
  std::size_t record_with_identity(movement::Movement movement, const wire::Identity& identity,
                                   UtcMillis at) {
    wire::IdentityAttachment attachment;
    attachment.opening.fill(static_cast<std::uint8_t>(events_.size() + 1));
    attachment.identity = wire::encode_identity(identity);
    movement.commitment = crypto::commit(attachment.opening, as_bytes(attachment.identity));
    const std::size_t index = record(std::move(movement), at);
    identities_.emplace_back(index, std::move(attachment));
    return index;
  }

  // Events [first, first + count) with the head after them.
  [[nodiscard]] wire::Submit submit(std::size_t first, std::size_t count) const {
    wire::Submit made;
    made.first_index = JournalIndex(first);
    made.events.assign(events_.begin() + static_cast<std::ptrdiff_t>(first),
                       events_.begin() + static_cast<std::ptrdiff_t>(first + count));
    for (const auto& [index, attachment] : identities_) {
      if (index < first || index >= first + count) continue;
      made.identities.push_back(attachment);
      made.identities.back().offset = static_cast<std::uint32_t>(index - first);
    }
    made.head_signature = head(first + count).signature;
    return made;
  }
  // Everything from `first` on.
  [[nodiscard]] wire::Submit submit(std::size_t first = 0) const {
    return submit(first, events_.size() - first);
  }

  [[nodiscard]] wire::SignedHead head(std::size_t size) const {
    merkle::CompactRange range;
    for (std::size_t i = 0; i < size; ++i) range.append(merkle::leaf_hash(as_bytes(events_[i])));
    const merkle::TreeHead head{range.size(), range.root()};
    return {head, merkle::sign_tree_head(merkle::journal_origin(kLine, name_), head, signer())};
  }

  [[nodiscard]] wire::Hello hello() const {
    wire::Hello made;
    made.agent = name_;
    if (!events_.empty()) made.journal = head(events_.size());
    return made;
  }

  // Loses everything after `size`, as a restored backup does.
  void roll_back(std::size_t size) { events_.resize(size); }

 private:
  [[nodiscard]] crypto::Signer signer() const { return crypto::Signer::from_seed(seed_).value(); }

  std::string name_;
  movement::Post post_;
  Bytes seed_;
  std::vector<std::string> events_;
  std::vector<std::pair<std::size_t, wire::IdentityAttachment>> identities_;
};

inline SigningAgent bridge_a(std::uint8_t seed = 11) {
  return {"bridge-a", {"bridge", movement::PostSide::kA}, seed};
}
inline SigningAgent bridge_b(std::uint8_t seed = 12) {
  return {"bridge-b", {"bridge", movement::PostSide::kB}, seed};
}

}  // namespace crossline::testing
