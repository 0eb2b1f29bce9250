#include "edition_check.hpp"

#include "crossline/crypto/sha256.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace crossline::audit {

EditionCheck::EditionCheck(std::optional<adoption::KeySet> keys) {
  if (keys) chain_.emplace(*std::move(keys));
}

bool EditionCheck::is_verified(const crypto::Hash& hash) const {
  const auto is_it = [&hash](const adoption::Verified& verified) {
    return verified.edition().hash() == hash;
  };
  return std::ranges::any_of(chain_->editions(), is_it);
}

void EditionCheck::take(LedgerIndex at, const movement::EditionAdopted& adopted,
                        const std::optional<std::string>& envelope, Findings& findings) {
  if (!chain_) {
    ++unverified_;
    return;
  }
  if (is_verified(adopted.hash)) return;
  ++unverified_;
  if (broken_at_) {
    findings.add_once(
        {.kind = FindingKind::kRefusedEdition,
         .entry = at,
         .agent = {},
         .words = fmt::format("edition {} was adopted after edition {}, whose signatures do not "
                              "stand: nobody knows whose signatures it needs",
                              adopted.number, *broken_at_),
         .evidence = {{"edition", adopted.hash.hex()}, {"refusal", "unknown_keys"}},
         .repeats = 0},
        "after one that was refused");
    return;
  }
  if (!envelope) {
    broken_at_ = adopted.number;
    return findings.add(
        {.kind = FindingKind::kUnsignedEdition,
         .entry = at,
         .agent = {},
         .words = fmt::format("edition {} was adopted, and nobody shows signatures of it", adopted.number),
         .evidence = {{"edition", adopted.hash.hex()}},
         .repeats = 0});
  }
  auto judged = chain_->judge(*envelope);
  if (!judged) {
    return refuse(at, adopted, *envelope, adoption::name_of(judged.error().reason),
                  fmt::format("edition {} was adopted, and its signatures do not stand: {}", adopted.number,
                              judged.error().message),
                  findings);
  }
  if (judged->edition().hash() != adopted.hash) {
    return refuse(at, adopted, *envelope, "other_edition",
                  fmt::format("edition {} was adopted, and what is shown as its signatures is of another, "
                              "edition {} with hash {}",
                              adopted.number, judged->edition().number(), judged->edition().hash().hex()),
                  findings);
  }
  --unverified_;
  chain_->append(*std::move(judged));
}

void EditionCheck::refuse(LedgerIndex at, const movement::EditionAdopted& adopted,
                          const std::string& envelope, std::string_view refusal, std::string words,
                          Findings& findings) {
  broken_at_ = adopted.number;
  findings.add({.kind = FindingKind::kRefusedEdition,
                .entry = at,
                .agent = {},
                .words = std::move(words),
                .evidence = {{"edition", adopted.hash.hex()},
                             {"refusal", std::string(refusal)},
                             {"envelope", crypto::sha256(as_bytes(envelope)).hex()}},
                .repeats = 0});
}

}  // namespace crossline::audit
