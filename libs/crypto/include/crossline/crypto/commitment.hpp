// Commitments to identities and pseudonyms of documents (docs/formats/identity.md).
#pragma once

#include "crossline/crypto/sha256.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string_view>

namespace crossline::crypto {

// The random opening of a commitment; with the identity it is what has to be destroyed to erase a person.
using Opening = std::array<std::uint8_t, 32>;

// HMAC-SHA256(Kc, opening || u32 big-endian length || identity), Kc the public constant of IETF Key
// Transparency.
[[nodiscard]] Hash commit(const Opening& opening, ByteView identity);

// The pseudonym of a person in the ledger: the first 16 bytes of HMAC-SHA256(line key, document key).
// RFC 2104 section 5 allows truncation to half the hash; 128 bits keep an accidental match out of reach.
struct SubjectId {
  std::array<std::uint8_t, 16> bytes{};
  friend auto operator<=>(const SubjectId&, const SubjectId&) = default;
  [[nodiscard]] std::string hex() const { return to_hex(bytes); }
};
Result<SubjectId> subject_from(ByteView bytes);

// The secret under which a line's pseudonyms are made; shared by its posts and the server, never in the
// ledger.
using LineKey = std::array<std::uint8_t, 32>;
// The form it has in a file: 64 hexadecimal digits, with or without a line feed after them. kMalformed
// otherwise.
Result<LineKey> line_key_from_text(std::string_view text);
[[nodiscard]] std::string line_key_text(const LineKey& key);

// `document_key` is the normalised text of documents::document_key.
[[nodiscard]] SubjectId pseudonym(const LineKey& key, std::string_view document_key);

}  // namespace crossline::crypto

template <>
struct std::hash<crossline::crypto::SubjectId> {
  std::size_t operator()(const crossline::crypto::SubjectId& id) const noexcept {
    std::size_t value = 0;
    std::memcpy(&value, id.bytes.data(), sizeof value);
    return value;
  }
};
