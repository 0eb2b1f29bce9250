#include "crossline/merkle/tree.hpp"

#include <bit>

namespace crossline::merkle {
namespace {

// RFC 6962 section 2.1: different first bytes keep a leaf from being read as a node.
constexpr std::uint8_t kLeafPrefix = 0x00;
constexpr std::uint8_t kNodePrefix = 0x01;

}  // namespace

Hash empty_root() {
  return crypto::sha256({});
}

Hash leaf_hash(ByteView entry) {
  thread_local crypto::Sha256 context;
  return context.update({&kLeafPrefix, 1}).update(entry).finish();
}

Hash node_hash(const Hash& left, const Hash& right) {
  std::array<std::uint8_t, 65> node;
  node[0] = kNodePrefix;
  std::memcpy(node.data() + 1, left.bytes.data(), left.bytes.size());
  std::memcpy(node.data() + 33, right.bytes.data(), right.bytes.size());
  return crypto::sha256(node);
}

Result<CompactRange> CompactRange::restore(TreeSize size, std::vector<Hash> hashes) {
  const auto expected = static_cast<std::size_t>(std::popcount(size.value()));
  if (hashes.size() != expected) {
    return fail(ErrorCode::kCorruptData, "a tree of {} leaves is kept as {} hashes, not {}", size.value(),
                expected, hashes.size());
  }
  CompactRange range;
  range.size_ = size;
  range.hashes_ = std::move(hashes);
  return range;
}

void CompactRange::append(const Hash& leaf) {
  // Like adding one to a binary number: each one-bit that carries is a perfect subtree that grows.
  Hash hash = leaf;
  for (std::uint64_t carry = size_.value(); (carry & 1) != 0; carry >>= 1) {
    hash = node_hash(hashes_.back(), hash);
    hashes_.pop_back();
  }
  hashes_.push_back(hash);
  size_ = size_.next();
}

Hash CompactRange::root() const {
  if (hashes_.empty()) return empty_root();
  Hash root = hashes_.back();
  for (std::size_t i = hashes_.size() - 1; i > 0; --i) root = node_hash(hashes_[i - 1], root);
  return root;
}

}  // namespace crossline::merkle
