// Whether those who have to sign an edition have signed it (docs/formats/edition-envelope.md).
#pragma once

#include "crossline/adoption/chain.hpp"
#include "crossline/movement/event.hpp"
#include "findings.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace crossline::audit {

// Judges each edition that the ledger adopts by those before it. After one that is refused nobody knows whose
// signatures the next one needs: that one, and all that follow, are one finding.
class EditionCheck {
 public:
  // Nothing is verified, and everything counted, without the keys that may sign the first edition.
  explicit EditionCheck(std::optional<adoption::KeySet> keys);

  // `envelope` is the JSON that the source has for the edition, if it has one.
  void take(LedgerIndex at, const movement::EditionAdopted& adopted,
            const std::optional<std::string>& envelope, Findings& findings);

  [[nodiscard]] bool has_keys() const { return chain_.has_value(); }
  [[nodiscard]] std::uint64_t verified() const { return chain_ ? chain_->editions().size() : 0; }
  [[nodiscard]] std::uint64_t unverified() const { return unverified_; }

 private:
  [[nodiscard]] bool is_verified(const crypto::Hash& hash) const;
  void refuse(LedgerIndex at, const movement::EditionAdopted& adopted, const std::string& envelope,
              std::string_view refusal, std::string words, Findings& findings);

  std::optional<adoption::Chain> chain_;
  std::optional<std::uint64_t> broken_at_;  // number of the first edition that was refused
  std::uint64_t unverified_ = 0;
};

}  // namespace crossline::audit
