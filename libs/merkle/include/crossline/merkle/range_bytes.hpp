// Compact ranges as stores keep them: 32 bytes a hash, largest subtree first.
#pragma once

#include "crossline/base/bytes.hpp"
#include "crossline/merkle/tree.hpp"

namespace crossline::merkle {

[[nodiscard]] Bytes range_bytes(const CompactRange& range);
// kMalformed or kCorruptData when `bytes` are not the hashes of a range of `size`.
Result<CompactRange> range_from(TreeSize size, ByteView bytes);

}  // namespace crossline::merkle
