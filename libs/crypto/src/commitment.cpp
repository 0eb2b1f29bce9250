#include "crossline/crypto/commitment.hpp"

#include <algorithm>

namespace crossline::crypto {
namespace {

// The fixed key of IETF Key Transparency (draft-ietf-keytrans-protocol): public, it only separates domains.
constexpr std::array<std::uint8_t, 16> kCommitmentKey = {0xd8, 0x21, 0xf8, 0x79, 0x0d, 0x97, 0x70, 0x97,
                                                         0x96, 0xb4, 0xd7, 0x90, 0x33, 0x57, 0xc3, 0xf5};

}  // namespace

Hash commit(const Opening& opening, ByteView identity) {
  Bytes message(opening.begin(), opening.end());
  message.resize(opening.size() + 4);
  store_u32_be(static_cast<std::uint32_t>(identity.size()), message.data() + opening.size());
  message.insert(message.end(), identity.begin(), identity.end());
  return hmac_sha256(kCommitmentKey, message);
}

Result<SubjectId> subject_from(ByteView bytes) {
  SubjectId subject;
  if (bytes.size() != subject.bytes.size()) {
    return fail(ErrorCode::kMalformed, "a subject has 16 bytes, not {}", bytes.size());
  }
  std::ranges::copy(bytes, subject.bytes.begin());
  return subject;
}

Result<LineKey> line_key_from_text(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  LineKey key{};
  const Result<Bytes> bytes = from_hex(text);
  if (!bytes || bytes->size() != key.size()) {
    return fail(ErrorCode::kMalformed, "a line key is {} hexadecimal digits", 2 * key.size());
  }
  std::ranges::copy(*bytes, key.begin());
  return key;
}

std::string line_key_text(const LineKey& key) {
  return to_hex(key) + "\n";
}

SubjectId pseudonym(const LineKey& key, std::string_view document_key) {
  const Hash hash = hmac_sha256(key, as_bytes(document_key));
  SubjectId subject;
  std::copy_n(hash.bytes.begin(), subject.bytes.size(), subject.bytes.begin());
  return subject;
}

}  // namespace crossline::crypto
