#include "hashes.hpp"

#include <utility>
#include <vector>

namespace crossline::server {

Bytes join_hashes(const merkle::CompactRange& range) {
  Bytes out;
  out.reserve(range.hashes().size() * 32);
  for (const crypto::Hash& hash : range.hashes()) out.insert(out.end(), hash.bytes.begin(), hash.bytes.end());
  return out;
}

Result<merkle::CompactRange> range_from(std::uint64_t size, ByteView bytes) {
  std::vector<crypto::Hash> hashes;
  for (; bytes.size() >= 32; bytes = bytes.subspan(32)) {
    CROSSLINE_TRY(hashes.emplace_back(), crypto::hash_from(bytes.first(32)));
  }
  return merkle::CompactRange::restore(TreeSize(size), std::move(hashes));
}

}  // namespace crossline::server
