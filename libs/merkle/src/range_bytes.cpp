#include "crossline/merkle/range_bytes.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace crossline::merkle {
namespace {

constexpr std::size_t kBytesOfHash = sizeof(Hash::bytes);

}  // namespace

Bytes range_bytes(const CompactRange& range) {
  Bytes bytes;
  bytes.reserve(range.hashes().size() * kBytesOfHash);
  for (const Hash& hash : range.hashes()) bytes.insert(bytes.end(), hash.bytes.begin(), hash.bytes.end());
  return bytes;
}

Result<CompactRange> range_from(TreeSize size, ByteView bytes) {
  std::vector<Hash> hashes;
  while (!bytes.empty()) {
    const ByteView next = bytes.first(std::min(kBytesOfHash, bytes.size()));
    CROSSLINE_TRY(hashes.emplace_back(), crypto::hash_from(next));
    bytes = bytes.subspan(next.size());
  }
  return CompactRange::restore(size, std::move(hashes));
}

}  // namespace crossline::merkle
