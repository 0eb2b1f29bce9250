#include "crossline/adoption/chain.hpp"

#include "crossline/base/assert.hpp"
#include "crossline/base/limits.hpp"
#include "crossline/base/text.hpp"
#include "unique_keys.hpp"

#include <fmt/format.h>

namespace crossline::adoption {
namespace {

template <class... Args>
std::unexpected<Refused> refuse(Refusal reason, fmt::format_string<Args...> format, Args&&... args) {
  return std::unexpected(Refused{reason, fmt::format(format, std::forward<Args>(args)...)});
}

// Reads signed bytes. What is valid in another spelling is told apart from what is not valid at all.
Judged<procedure::Edition> load(ByteView sealed) {
  if (auto unique = check_unique_keys(as_text(sealed), "the sealed procedure"); !unique) {
    if (unique.error().reason == Refusal::kDuplicateKey) return std::unexpected(std::move(unique).error());
    return refuse(Refusal::kInvalidEdition, "{}", unique.error().message);
  }
  auto edition = procedure::Edition::load(sealed);
  if (edition) return *std::move(edition);
  const bool spelling = edition.error().message.ends_with("not in canonical form");
  return refuse(spelling ? Refusal::kNotCanonical : Refusal::kInvalidEdition, "{}", edition.error().message);
}

}  // namespace

Judged<Verified> Chain::judge(std::string_view text) const {
  auto envelope = Envelope::parse(text);
  if (!envelope) return std::unexpected(std::move(envelope).error());
  if (envelope->type != kEditionType)
    return refuse(Refusal::kWrongType, "an envelope of type '{}'; an edition's is '{}'", envelope->type,
                  kEditionType);
  const crypto::Hash hash = crypto::sha256(envelope->payload);
  for (const Verified& known : editions_) {
    if (known.edition().hash() != hash) continue;
    const bool newest = &known == &editions_.back();
    return refuse(newest ? Refusal::kAlreadyAdopted : Refusal::kOlderEdition,
                  "edition {} ({}) was adopted already{}", known.edition().number(), hash.hex(),
                  newest ? "" : " and others followed it");
  }
  auto by_predecessor = tally(*envelope, keys_);
  if (!by_predecessor) return std::unexpected(std::move(by_predecessor).error());
  if (auto enough = check_thresholds(*by_predecessor, keys_); !enough)
    return std::unexpected(std::move(enough).error());

  auto edition = load(envelope->payload);
  if (!edition) return std::unexpected(std::move(edition).error());
  if (auto placed = check_place(*edition); !placed) return std::unexpected(std::move(placed).error());

  auto own_keys = keys_.after(*edition);
  if (!own_keys) return std::unexpected(std::move(own_keys).error());
  auto by_own = tally(*envelope, *own_keys);
  if (!by_own) return std::unexpected(std::move(by_own).error());
  if (auto enough = check_thresholds(*by_own, *own_keys); !enough) {
    enough.error().message = "by the edition's own keys and thresholds: " + enough.error().message;
    return std::unexpected(std::move(enough).error());
  }
  Verified verified(*std::move(edition), *std::move(own_keys));
  verified.sealed_ = as_text(envelope->payload);
  verified.envelope_ = text;
  verified.signers_ = *std::move(by_own);
  return verified;
}

Judged<void> Chain::check_place(const procedure::Edition& edition) const {
  if (edition.name() != keys_.procedure())
    return refuse(Refusal::kOtherProcedure, "an edition of '{}'; these keys sign '{}'", edition.name(),
                  keys_.procedure());
  const std::string& supersedes = edition.procedure().supersedes;
  if (editions_.empty()) {
    if (edition.number() != 1)
      return refuse(Refusal::kSkippedEdition, "the first edition of a line is number 1, this is {}",
                    edition.number());
    if (!supersedes.empty())
      return refuse(Refusal::kOtherPredecessor, "the first edition supersedes nothing, this one {}",
                    supersedes);
    return {};
  }
  if (editions_.size() >= limits::kMaxEditionsOfLine)
    return refuse(Refusal::kTooLarge, "a line has at most {} editions", limits::kMaxEditionsOfLine);
  const procedure::Edition& last = editions_.back().edition();
  if (edition.number() <= last.number())
    return refuse(Refusal::kOlderEdition, "edition {} cannot follow edition {}", edition.number(),
                  last.number());
  if (edition.number() != last.number() + 1)
    return refuse(Refusal::kSkippedEdition, "edition {} cannot follow edition {}: {} comes next",
                  edition.number(), last.number(), last.number() + 1);
  if (supersedes != "sha256:" + last.hash().hex())
    return refuse(Refusal::kOtherPredecessor, "it supersedes '{}'; edition {} is 'sha256:{}'", supersedes,
                  last.number(), last.hash().hex());
  if (edition.from() != last.until())
    return refuse(edition.from() < last.until() ? Refusal::kOverlap : Refusal::kGap,
                  "edition {} ends at {}, edition {} begins at {}: it has to begin that instant",
                  last.number(), format_utc(last.until()), edition.number(), format_utc(edition.from()));
  return {};
}

Judged<void> Chain::extend(std::string_view lines) {
  bool any = false;
  for (const std::string_view line : split(lines, '\n')) {
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    any = true;
    auto verified = judge(line);
    if (!verified) return std::unexpected(std::move(verified).error());
    append(*std::move(verified));
  }
  if (!any) return refuse(Refusal::kMalformedEnvelope, "there is no envelope in it");
  return {};
}

Result<Chain> open_chain(std::string_view keys_toml, std::string_view envelopes) {
  auto keys = KeySet::parse(keys_toml);
  if (!keys) return std::unexpected(std::move(keys).error().at("the parties' keys"));
  Chain chain(*std::move(keys));
  if (const auto taken = chain.extend(envelopes); !taken)
    return std::unexpected(taken.error().error().at(fmt::format("edition {}", chain.editions().size() + 1)));
  return chain;
}

const Verified* Chain::at(UtcMillis now) const {
  const Verified* found = editions_.empty() ? nullptr : &editions_.front();
  for (const Verified& verified : editions_)
    if (verified.edition().from() <= now) found = &verified;
  return found;
}

void Chain::append(Verified verified) {
  CROSSLINE_ASSERT(check_place(verified.edition()).has_value());
  keys_ = verified.keys_after_;
  editions_.push_back(std::move(verified));
}

}  // namespace crossline::adoption
