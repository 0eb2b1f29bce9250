#include "strict.hpp"

#include <optional>

#include <google/protobuf/wire_format_lite.h>

namespace crossline::wire {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;

constexpr unsigned kEncodingBits = 3;
constexpr std::uint64_t kEncodingMask = 7;
enum Encoding : std::uint8_t { kVarint = 0, kFixed64 = 1, kDelimited = 2, kFixed32 = 5 };

std::optional<std::uint64_t> take_varint(ByteView& bytes) {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < bytes.size() && i < 10; ++i) {
    value |= std::uint64_t{bytes[i] & 0x7fU} << (7 * i);
    if ((bytes[i] & 0x80) != 0) continue;
    bytes = bytes.subspan(i + 1);
    return value;
  }
  return std::nullopt;
}

// Behind a field's tag; for a delimited one, what it holds.
std::optional<ByteView> take_value(ByteView& bytes, std::uint64_t encoding) {
  std::size_t size = 0;
  if (encoding == kVarint) {
    return take_varint(bytes) ? std::optional(ByteView()) : std::nullopt;
  } else if (encoding == kFixed64) {
    size = 8;
  } else if (encoding == kFixed32) {
    size = 4;
  } else if (encoding == kDelimited) {
    const auto length = take_varint(bytes);
    if (!length || *length > bytes.size()) return std::nullopt;
    size = static_cast<std::size_t>(*length);
  } else {
    return std::nullopt;  // a group: no message of ours has one
  }
  if (bytes.size() < size) return std::nullopt;
  const ByteView value = bytes.first(size);
  bytes = bytes.subspan(size);
  return value;
}

}  // namespace

void MessageShape::fill(const Descriptor& descriptor, Parts& parts) {
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    const auto number = static_cast<std::size_t>(field.number());
    if (fields_.size() <= number) fields_.resize(number + 1);
    Field& made = fields_[number];
    made.known = true;
    made.packable = field.is_packable();
    made.encoding = static_cast<std::uint8_t>(
        WireFormatLite::WireTypeForFieldType(static_cast<WireFormatLite::FieldType>(field.type())));
    const Descriptor* held = field.message_type();
    if (held == nullptr) continue;
    // There before it is filled: a message may hold one of its own type.
    const auto [part, is_new] = parts.try_emplace(held);
    if (is_new) {
      part->second.reset(new MessageShape());
      part->second->fill(*held, parts);
    }
    made.message = part->second.get();
  }
}

bool MessageShape::knows(ByteView bytes) const {
  while (!bytes.empty()) {
    const auto tag = take_varint(bytes);
    if (!tag) return false;
    const std::uint64_t number = *tag >> kEncodingBits;
    const std::uint64_t encoding = *tag & kEncodingMask;
    if (number >= fields_.size() || !fields_[number].known) return false;
    const Field& field = fields_[number];
    if (encoding != field.encoding && !(field.packable && encoding == kDelimited)) return false;
    const auto value = take_value(bytes, encoding);
    if (!value || (field.message != nullptr && !field.message->knows(*value))) return false;
  }
  return true;
}

}  // namespace crossline::wire
