#include "crossline/wire/ledger_proofs.hpp"

namespace crossline::wire {

Result<LedgerProofs> ledger_proofs(const merkle::HashReader& reader, const LedgerQuestion& asked,
                                   TreeSize size) {
  const auto from = [&](TreeSize old_size) -> Result<std::vector<merkle::Hash>> {
    if (old_size.value() == 0 || old_size >= size) return {};
    return merkle::consistency_proof(reader, old_size, size);
  };
  LedgerProofs proofs;
  CROSSLINE_TRY(proofs.from_seen, from(asked.seen));
  if (asked.proven == asked.seen) return proofs;
  CROSSLINE_TRY(proofs.from_proven, from(asked.proven));
  return proofs;
}

}  // namespace crossline::wire
