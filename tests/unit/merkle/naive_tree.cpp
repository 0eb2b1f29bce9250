#include "naive_tree.hpp"

#include <string>

namespace crossline::merkle::naive {
namespace {

std::size_t largest_power_of_two_below(std::size_t n) {
  std::size_t k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

std::vector<Hash> subproof(std::size_t m, Leaves leaves, bool complete) {
  const std::size_t n = leaves.size();
  if (m == n) return complete ? std::vector<Hash>{} : std::vector<Hash>{root(leaves)};
  const std::size_t k = largest_power_of_two_below(n);
  std::vector<Hash> hashes;
  if (m <= k) {
    hashes = subproof(m, leaves.first(k), complete);
    hashes.push_back(root(leaves.subspan(k)));
  } else {
    hashes = subproof(m - k, leaves.subspan(k), false);
    hashes.push_back(root(leaves.first(k)));
  }
  return hashes;
}

Hash sha256_of(std::initializer_list<ByteView> parts) {
  Bytes all;
  for (const ByteView part : parts) all.insert(all.end(), part.begin(), part.end());
  return crypto::sha256(all);
}

}  // namespace

Hash root(Leaves leaves) {
  if (leaves.empty()) return sha256_of({});
  if (leaves.size() == 1) return leaves[0];
  const std::size_t k = largest_power_of_two_below(leaves.size());
  const Bytes prefix = {0x01};
  return sha256_of({prefix, root(leaves.first(k)).view(), root(leaves.subspan(k)).view()});
}

std::vector<Hash> path(std::size_t m, Leaves leaves) {
  if (leaves.size() == 1) return {};
  const std::size_t k = largest_power_of_two_below(leaves.size());
  std::vector<Hash> hashes;
  if (m < k) {
    hashes = path(m, leaves.first(k));
    hashes.push_back(root(leaves.subspan(k)));
  } else {
    hashes = path(m - k, leaves.subspan(k));
    hashes.push_back(root(leaves.first(k)));
  }
  return hashes;
}

std::vector<Hash> proof(std::size_t m, Leaves leaves) {
  return subproof(m, leaves, true);
}

std::vector<Hash> numbered_leaves(std::size_t count) {
  std::vector<Hash> leaves;
  for (std::size_t i = 0; i < count; ++i)
    leaves.push_back(sha256_of({Bytes{0x00}, as_bytes(std::to_string(i))}));
  return leaves;
}

}  // namespace crossline::merkle::naive
