// What every decoder must survive: each truncation, each flipped bit, bytes behind the end.
#pragma once

#include "crossline/base/bytes.hpp"

#include <string>

#include <gtest/gtest.h>

namespace crossline::testing {

// `decode` takes a ByteView and returns a Result; `encode` takes its value and returns the bytes. A damaged
// input is either refused, or decodes to a value whose own encoding decodes to the same value: never a crash,
// never garbage.
template <class Decode, class Encode>
void survives_damage(const std::string& bytes, Decode decode, Encode encode) {
  ASSERT_TRUE(decode(as_bytes(bytes)).has_value());
  const auto check = [&](const std::string& damaged, const std::string& what) {
    const auto decoded = decode(as_bytes(damaged));
    if (!decoded) {
      EXPECT_FALSE(decoded.error().message.empty()) << what;
      return;
    }
    const auto again = decode(as_bytes(encode(*decoded)));
    ASSERT_TRUE(again.has_value()) << what;
    EXPECT_TRUE(*again == *decoded) << what;
  };
  for (std::size_t size = 0; size < bytes.size(); ++size)
    check(bytes.substr(0, size), "truncated to " + std::to_string(size));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
      check(damaged, "byte " + std::to_string(i) + " bit " + std::to_string(bit));
    }
  }
  for (int tail = 0; tail < 256; ++tail)
    check(bytes + static_cast<char>(tail), "followed by " + std::to_string(tail));
}

}  // namespace crossline::testing
