// Compact ranges in a column: 32 bytes a hash, largest subtree first.
#pragma once

#include "crossline/base/bytes.hpp"
#include "crossline/merkle/tree.hpp"

namespace crossline::server {

[[nodiscard]] Bytes join_hashes(const merkle::CompactRange& range);
// kCorruptData when `bytes` are not the hashes of a range of `size`.
Result<merkle::CompactRange> range_from(std::uint64_t size, ByteView bytes);

}  // namespace crossline::server
