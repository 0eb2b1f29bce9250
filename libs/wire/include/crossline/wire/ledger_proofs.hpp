// What a server answers to a question about its ledger.
#pragma once

#include "crossline/merkle/proof.hpp"
#include "crossline/wire/link.hpp"

namespace crossline::wire {

// That the tree of `size` leaves continues the heads asked for; nothing is proven of one that is not smaller.
// The reader's error.
Result<LedgerProofs> ledger_proofs(const merkle::HashReader& reader, const LedgerQuestion& asked,
                                   TreeSize size);

}  // namespace crossline::wire
