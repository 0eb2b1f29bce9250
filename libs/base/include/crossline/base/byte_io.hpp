// Integers and texts in bytes, for stores that only this program reads: big-endian, so that keys sort.
#pragma once

#include "crossline/base/bytes.hpp"

#include <array>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace crossline {

class ByteWriter {
 public:
  template <std::integral Integer>
  ByteWriter& put(Integer value) {
    const auto bits = static_cast<std::make_unsigned_t<Integer>>(value);
    for (std::size_t i = sizeof(Integer); i-- > 0;)
      out_.push_back(static_cast<char>((bits >> (8 * i)) & 0xffu));
    return *this;
  }
  template <class Enum>
    requires std::is_enum_v<Enum>
  ByteWriter& put(Enum value) {
    return put(static_cast<std::uint8_t>(value));
  }
  template <std::size_t N>
  ByteWriter& put(const std::array<std::uint8_t, N>& bytes) {
    out_.append(reinterpret_cast<const char*>(bytes.data()), N);
    return *this;
  }
  // At most 65,535 bytes, their number before them.
  ByteWriter& put_text(std::string_view text) {
    put(static_cast<std::uint16_t>(text.size()));
    out_.append(text);
    return *this;
  }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

// Reads what a ByteWriter wrote. Past the end everything is zero and ok() is false.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  template <std::integral Integer>
  Integer get() {
    std::make_unsigned_t<Integer> bits = 0;
    for (const char c : next(sizeof(Integer))) {
      bits = static_cast<std::make_unsigned_t<Integer>>((static_cast<std::uint64_t>(bits) << 8) |
                                                        static_cast<std::uint8_t>(c));
    }
    return static_cast<Integer>(bits);
  }
  // One of the `count` enumerators from 0 on.
  template <class Enum>
  Enum get_enum(int count) {
    const auto value = get<std::uint8_t>();
    if (value >= count) ok_ = false;
    return ok_ ? static_cast<Enum>(value) : Enum{};
  }
  template <std::size_t N>
  std::array<std::uint8_t, N> get_array() {
    std::array<std::uint8_t, N> out{};
    const std::string_view bytes = next(N);
    for (std::size_t i = 0; i < bytes.size(); ++i) out[i] = static_cast<std::uint8_t>(bytes[i]);
    return out;
  }
  std::string get_text() { return std::string(next(get<std::uint16_t>())); }

  [[nodiscard]] bool ok() const { return ok_; }
  // Everything was read, and nothing more than there is.
  [[nodiscard]] bool finished() const { return ok_ && bytes_.empty(); }

 private:
  std::string_view next(std::size_t size) {
    if (size > bytes_.size()) {
      ok_ = false;
      bytes_ = {};
      return {};
    }
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }
  std::string_view bytes_;
  bool ok_ = true;
};

}  // namespace crossline
