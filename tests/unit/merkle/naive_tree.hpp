// The Merkle tree as RFC 9162 section 2.1 writes it: recursive, slow and obvious. Every root and proof of the
// shipping code is compared with it.
#pragma once

#include "crossline/merkle/tree.hpp"

#include <span>
#include <vector>

namespace crossline::merkle::naive {

using Leaves = std::span<const Hash>;

// MTH(D[n])
Hash root(Leaves leaves);
// PATH(m, D[n])
std::vector<Hash> path(std::size_t m, Leaves leaves);
// PROOF(m, D[n])
std::vector<Hash> proof(std::size_t m, Leaves leaves);

// Distinct leaf hashes: leaf i is the hash of i in decimal.
std::vector<Hash> numbered_leaves(std::size_t count);

}  // namespace crossline::merkle::naive
