// Reads the fields of a protobuf message in the order of their numbers, each at most once unless it is
// repeated.
#pragma once

#include "convert.hpp"
#include "crossline/base/bytes.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace crossline::wire {

// Each call asks for one field. It is taken when it comes next; otherwise nothing moves, and a field that
// nobody asks for in its place is left over. A value that does not suit makes the whole reading fail: nothing
// is taken any more, and finished() is false. Borrows the bytes.
class PlainReader {
 public:
  explicit PlainReader(ByteView bytes) : at_(bytes.data()), end_(at_ + bytes.size()) {}

  // Everything was taken, and everything suited.
  [[nodiscard]] bool finished() const { return at_ == end_ && !failed_; }
  void fail() {
    failed_ = true;
    at_ = end_;
  }
  // What has to be there.
  void require(bool taken) {
    if (!taken) fail();
  }

  // An integer of 0 to `max`; never more than 63 bits.
  [[nodiscard]] std::optional<std::uint64_t> integer(int field, std::uint64_t max = INT64_MAX) {
    if (!take_tag(field, kVarint)) return std::nullopt;
    const std::uint64_t value = take_varint();
    if (value <= max) return value;
    fail();
    return std::nullopt;
  }
  // Protobuf's sint32 and sint64: the sign is the lowest bit.
  [[nodiscard]] std::optional<std::int64_t> signed_integer(int field, std::uint64_t max_bits) {
    const auto bits = integer(field, max_bits);
    if (!bits) return std::nullopt;
    const auto half = static_cast<std::int64_t>(*bits >> 1);
    return (*bits & 1) == 0 ? half : -half - 1;
  }
  [[nodiscard]] std::optional<bool> answer(int field) {
    const auto value = integer(field, 1);
    return value ? std::optional(*value != 0) : std::nullopt;
  }
  // An answer of which none is a no.
  [[nodiscard]] bool flag(int field) { return answer(field).value_or(false); }
  // One of `count` enumerators of the domain, which are one less than those of the wire.
  template <class Domain>
  [[nodiscard]] std::optional<Domain> enumerator(int field, int count) {
    const auto value = integer(field, static_cast<std::uint64_t>(count));
    if (!value) return std::nullopt;
    if (*value == 0) return fail(), std::nullopt;
    return static_cast<Domain>(static_cast<int>(*value) - 1);
  }
  // The same where it has to be there.
  template <class Domain>
  void enumerator(int field, int count, Domain& out) {
    const auto value = enumerator<Domain>(field, count);
    require(value.has_value());
    if (value) out = *value;
  }
  [[nodiscard]] std::uint64_t fixed64(int field) {
    std::uint64_t value = 0;
    if (!take_tag(field, kFixed64)) return value;
    const ByteView bytes = take(8);
    for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | bytes[i];
    return value;
  }
  // Exactly as many bytes as belong.
  template <std::size_t N>
  [[nodiscard]] bool fixed(int field, std::array<std::uint8_t, N>& out) {
    const auto bytes = delimited(field);
    if (!bytes) return false;
    if (bytes->size() == N)
      std::memcpy(out.data(), bytes->data(), N);
    else
      fail();
    return true;
  }
  // Text as bounded_text has it.
  bool text(int field, std::size_t max, std::string& out) {
    const auto bytes = delimited(field);
    if (!bytes) return false;
    const std::string_view text = as_text(*bytes);
    if (text.size() <= max && is_clean_text(text))
      out = text;
    else
      fail();
    return true;
  }
  // What a field with a length holds: bytes, or a message to be read with a reader of its own.
  [[nodiscard]] std::optional<ByteView> delimited(int field) {
    if (!take_tag(field, kDelimited)) return std::nullopt;
    return take(take_varint());
  }

 private:
  enum Encoding : std::uint8_t { kVarint = 0, kFixed64 = 1, kDelimited = 2 };

  // Tags of one byte or two: fields up to 2,047.
  bool take_tag(int field, Encoding encoding) {
    const auto tag = static_cast<unsigned>(field) << 3 | encoding;
    if (tag < 0x80) {
      if (at_ == end_ || *at_ != tag) return false;
      ++at_;
      return true;
    }
    if (end_ - at_ < 2 || at_[0] != ((tag & 0x7f) | 0x80) || at_[1] != tag >> 7) return false;
    at_ += 2;
    return true;
  }
  // Up to 63 bits: nine bytes.
  std::uint64_t take_varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 63 && at_ != end_; shift += 7) {
      const std::uint8_t byte = *at_++;
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return value;
    }
    fail();
    return 0;
  }
  ByteView take(std::uint64_t size) {
    if (size > static_cast<std::uint64_t>(end_ - at_)) {
      fail();
      return {};
    }
    const ByteView bytes(at_, static_cast<std::size_t>(size));
    at_ += size;
    return bytes;
  }

  const std::uint8_t* at_;
  const std::uint8_t* end_;
  bool failed_ = false;
};

}  // namespace crossline::wire
