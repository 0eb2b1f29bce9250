#include "crossline/agent/post_editions.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace crossline::agent {
namespace {

using adoption::Judged;
using adoption::Refusal;
using adoption::Refused;

template <class... Args>
std::unexpected<Refused> refuse(Refusal reason, fmt::format_string<Args...> format, Args&&... args) {
  return std::unexpected(Refused{reason, fmt::format(format, std::forward<Args>(args)...)});
}

// Without keys nobody can tell who signed: the edition in the envelope is worth what a sealed one is.
Judged<std::string> sealed_in(const OfferedEdition& offered) {
  if (offered.envelope.empty()) return offered.sealed;
  auto envelope = adoption::Envelope::parse(offered.envelope);
  if (!envelope) return std::unexpected(std::move(envelope).error());
  return std::string(as_text(envelope->payload));
}

}  // namespace

crypto::Hash hash_of(const OfferedEdition& offered) {
  const auto sealed = sealed_in(offered);
  return crypto::sha256(as_bytes(sealed ? *sealed : offered.envelope));
}

Result<PostEditions> PostEditions::open(const ConfiguredProcedure& configured,
                                        std::span<const KeptEdition> kept) {
  std::optional<adoption::Chain> chain;
  if (configured.keys) chain.emplace(*configured.keys);
  PostEditions made(std::move(chain));
  if (made.chain_) {
    if (const auto taken = made.chain_->extend(configured.text); !taken)
      return std::unexpected(
          taken.error().error().at(fmt::format("edition {}", made.chain_->editions().size() + 1)));
    for (const adoption::Verified& verified : made.chain_->editions()) made.book_.add(verified.edition());
  } else {
    CROSSLINE_TRY(procedure::Edition edition, procedure::Edition::load(as_bytes(configured.text)));
    made.book_.add(std::move(edition));
  }
  const std::uint64_t configured_number = made.book_.newest()->number();
  for (const KeptEdition& edition : kept) {
    // What nobody signed is no news for a machine with keys, nor is what its own file has gone past.
    if (made.chain_ ? !edition.enveloped : edition.number <= configured_number) continue;
    const OfferedEdition offered = edition.enveloped
                                       ? OfferedEdition{.sealed = {}, .envelope = edition.bytes}
                                       : OfferedEdition{.sealed = edition.bytes, .envelope = {}};
    auto judged = made.judge(offered);
    if (!judged) {
      made.left_out_ = std::move(judged).error();
    } else if (*judged) {
      made.take(**std::move(judged));
    }
  }
  return made;
}

Judged<std::optional<PostEditions::Acceptable>> PostEditions::judge(const OfferedEdition& offered) const {
  auto sealed = sealed_in(offered);
  if (!sealed) return std::unexpected(std::move(sealed).error());
  if (book_.find(crypto::sha256(as_bytes(*sealed))) != nullptr) return std::nullopt;
  if (!chain_) return judge_sealed(*sealed);
  if (offered.envelope.empty())
    return refuse(Refusal::kTooFewSignatures,
                  "an edition ({}) without any signature, where the parties' keys are known",
                  hash_of(offered).hex());
  return judge_signed(offered.envelope);
}

Judged<std::optional<PostEditions::Acceptable>> PostEditions::judge_signed(
    const std::string& envelope) const {
  auto verified = chain_->judge(envelope);
  if (!verified) return std::unexpected(std::move(verified).error());
  KeptEdition kept{.number = verified->edition().number(), .enveloped = true, .bytes = envelope};
  return Acceptable(std::move(kept), *std::move(verified));
}

Judged<std::optional<PostEditions::Acceptable>> PostEditions::judge_sealed(const std::string& sealed) const {
  auto edition = procedure::Edition::load(as_bytes(sealed));
  if (!edition)
    return refuse(Refusal::kInvalidEdition, "an edition that does not load: {}", edition.error().message);
  const procedure::Edition& newest = *book_.newest();
  if (edition->name() != newest.name())
    return refuse(Refusal::kOtherProcedure, "an edition of '{}', this post works by '{}'", edition->name(),
                  newest.name());
  if (edition->number() <= newest.number() || edition->from() < newest.from())
    return refuse(Refusal::kOlderEdition, "edition {} from {} where edition {} from {} is known",
                  edition->number(), format_utc(edition->from()), newest.number(), format_utc(newest.from()));
  KeptEdition kept{.number = edition->number(), .enveloped = false, .bytes = sealed};
  return Acceptable(std::move(kept), *std::move(edition));
}

void PostEditions::take(Acceptable acceptable) {
  if (auto* verified = std::get_if<adoption::Verified>(&acceptable.edition_)) {
    book_.add(verified->edition());
    chain_->append(std::move(*verified));
  } else {
    book_.add(std::get<procedure::Edition>(std::move(acceptable.edition_)));
  }
}

}  // namespace crossline::agent
