// A mirror as an auditor reads it.
#pragma once

#include "crossline/audit/auditor.hpp"
#include "crossline/mirror/mirror.hpp"

#include <string>
#include <vector>

namespace crossline::mirror {

// Borrows both. Entries come from the mirror; an edition and its envelope from the mirror or, the first time,
// from `log`, which may be null.
class MirroredLedger final : public audit::LedgerSource {
 public:
  MirroredLedger(Mirror& mirror, LogSource* log) : mirror_(mirror), log_(log) {}

  Result<std::vector<std::string>> read(LedgerIndex first, std::size_t count) override;
  [[nodiscard]] std::vector<crypto::Hash> leaves(LedgerIndex first, std::size_t count) const override;
  Result<std::optional<std::string>> edition(const crypto::Hash& hash) override;
  Result<std::optional<std::string>> edition_envelope(const crypto::Hash& hash) override;

 private:
  // What stands under this path, kept in the mirror if it is of the edition; nothing when nobody has it.
  template <class IsOfTheEdition>
  Result<std::optional<std::string>> find(const std::string& path, const IsOfTheEdition& is_of_the_edition);

  Mirror& mirror_;
  LogSource* log_;
};

}  // namespace crossline::mirror
