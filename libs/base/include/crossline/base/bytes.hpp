// Byte strings and their text forms.
#pragma once

#include "crossline/base/result.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crossline {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

[[nodiscard]] inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
[[nodiscard]] inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
[[nodiscard]] inline Bytes to_bytes(ByteView view) {
  return {view.begin(), view.end()};
}

// Lower-case hexadecimal.
[[nodiscard]] std::string to_hex(ByteView bytes);
// Accepts both cases; kMalformed on an odd length or another character.
Result<Bytes> from_hex(std::string_view text);

// Standard alphabet with padding (RFC 4648 section 4).
[[nodiscard]] std::string to_base64(ByteView bytes);
// Strict: padding required, no white space, unused bits zero (RFC 4648 section 3.5). kMalformed otherwise.
Result<Bytes> from_base64(std::string_view text);

// Big-endian integers, as every length and id in our formats is written.
[[nodiscard]] constexpr std::uint32_t load_u32_be(const std::uint8_t* p) {
  return (std::uint32_t{p[0]} << 24) | (std::uint32_t{p[1]} << 16) | (std::uint32_t{p[2]} << 8) |
         std::uint32_t{p[3]};
}
constexpr void store_u32_be(std::uint32_t value, std::uint8_t* p) {
  p[0] = static_cast<std::uint8_t>(value >> 24);
  p[1] = static_cast<std::uint8_t>(value >> 16);
  p[2] = static_cast<std::uint8_t>(value >> 8);
  p[3] = static_cast<std::uint8_t>(value);
}
[[nodiscard]] constexpr std::uint64_t load_u64_be(const std::uint8_t* p) {
  return (std::uint64_t{load_u32_be(p)} << 32) | load_u32_be(p + 4);
}
constexpr void store_u64_be(std::uint64_t value, std::uint8_t* p) {
  store_u32_be(static_cast<std::uint32_t>(value >> 32), p);
  store_u32_be(static_cast<std::uint32_t>(value), p + 4);
}

}  // namespace crossline
