#include "tools/load/synthetic.hpp"

#include "crossline/crypto/commitment.hpp"
#include "crossline/merkle/tree_head.hpp"
#include "crossline/wire/event_codec.hpp"

#include <utility>

#include <fmt/format.h>

namespace crossline::tools {
namespace {

using movement::Direction;
using movement::Side;

// A number for a person that looks like a pseudonym; nobody's document is behind it.
crypto::SubjectId subject_of(const Crowd& crowd, std::uint32_t pair, std::uint64_t person) {
  std::array<std::uint8_t, 24> seed{};
  store_u64_be(crowd.seed, seed.data());
  store_u64_be(pair, seed.data() + 8);
  store_u64_be(person, seed.data() + 16);
  const crypto::Hash hash = crypto::sha256(seed);
  crypto::SubjectId subject;
  std::copy_n(hash.bytes.begin(), subject.bytes.size(), subject.bytes.begin());
  return subject;
}

}  // namespace

SyntheticPost::SyntheticPost(Options options, crypto::Signer signer)
    : options_(std::move(options)),
      origin_(merkle::journal_origin(options_.line, options_.agent)),
      signer_(std::move(signer)) {}

movement::Event SyntheticPost::make_event() const {
  const std::uint64_t index = range_.size().value();
  const std::uint64_t person = index % options_.crowd.people;
  const bool away = index / options_.crowd.people % 2 == 0;  // even rounds lead from A to B
  movement::Event event;
  event.agent = options_.agent;
  event.journal_index = JournalIndex(index);
  // The exit of a round comes half a step before the entry at the other post.
  const bool exit = away == (options_.side == Side::kA);
  event.recorded_at = options_.start.plus(static_cast<std::int64_t>(index) * options_.step_ms +
                                          (exit ? 0 : options_.step_ms / 2));
  event.steady_ms = index * static_cast<std::uint64_t>(options_.step_ms);
  event.boot_id = options_.crowd.seed;
  event.officer = "load";

  movement::Movement body;
  body.subject = subject_of(options_.crowd, options_.pair, person);
  body.direction = exit ? Direction::kExit : Direction::kEntry;
  body.outcome = movement::Outcome::kPassed;
  body.category = "resident_a";
  body.sex = person % 2 == 0 ? movement::Sex::kFemale : movement::Sex::kMale;
  body.age_years = static_cast<std::uint16_t>(18 + person % 60);
  body.document_kind = "passport";
  body.document_issuer = "XAA";
  body.document_valid_days = static_cast<std::int32_t>(100 + person % 2'000);
  body.verdict = movement::Verdict::kAllow;
  body.articles = {"3(1)"};
  body.decided_offline = true;
  body.edition = 1;
  event.body = std::move(body);
  return event;
}

wire::IdentityAttachment SyntheticPost::identity_of(std::uint64_t person, std::uint32_t offset) const {
  wire::IdentityAttachment attachment;
  attachment.offset = offset;
  store_u64_be(person, attachment.opening.data());
  attachment.identity = wire::encode_identity({.document_kind = "passport",
                                               .document_issuer = "XAA",
                                               .document_number = fmt::format("L{:08}", person),
                                               .primary_name = "LOAD",
                                               .secondary_name = "TEST",
                                               .birth_date = "900101",
                                               .expiry_date = "300101",
                                               .nationality = "XAA",
                                               .sex = movement::Sex::kUnspecified});
  return attachment;
}

wire::Submit SyntheticPost::next(std::size_t count) {
  wire::Submit submit;
  submit.first_index = JournalIndex(range_.size().value());
  submit.events.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    movement::Event event = make_event();
    const std::uint64_t index = range_.size().value();
    if (options_.crowd.with_identities && index < options_.crowd.people) {
      submit.identities.push_back(identity_of(index, static_cast<std::uint32_t>(i)));
      const auto& attachment = submit.identities.back();
      std::get<movement::Movement>(event.body).commitment =
          crypto::commit(attachment.opening, as_bytes(attachment.identity));
    }
    submit.events.push_back(wire::encode_event(event));
    range_.append(merkle::leaf_hash(as_bytes(submit.events.back())));
  }
  submit.head_signature = head().signature;
  return submit;
}

wire::SignedHead SyntheticPost::head() const {
  const merkle::TreeHead head{range_.size(), range_.root()};
  return {head, merkle::sign_tree_head(origin_, head, signer_)};
}

}  // namespace crossline::tools
