// Events and identities as bytes (proto/crossline/v1/event.proto, docs/formats/event.md).
#pragma once

#include "crossline/base/bytes.hpp"
#include "crossline/movement/event.hpp"

#include <string>

namespace crossline::wire {

inline constexpr std::uint32_t kEventSchema = 1;

// Serialised once, by whoever signs it. Requires names and reasons within movement::kMax... bounds.
[[nodiscard]] std::string encode_event(const movement::Event& event);

// Strict: kUnsupported for another schema version; kMalformed, naming the field, for everything else that
// does not follow the format: unknown fields, trailing bytes, enum values without a name, wrong lengths,
// names out of bounds.
Result<movement::Event> decode_event(ByteView bytes);

// A person's identity as it travels beside an event.
struct Identity {
  std::string document_kind;
  std::string document_issuer;
  std::string document_number;
  std::string primary_name;
  std::string secondary_name;
  std::string birth_date;   // YYMMDD, '<' where unknown
  std::string expiry_date;  // YYMMDD, '<' where unknown
  std::string nationality;
  movement::Sex sex = movement::Sex::kUnspecified;
  friend bool operator==(const Identity&, const Identity&) = default;
};

[[nodiscard]] std::string encode_identity(const Identity& identity);
Result<Identity> decode_identity(ByteView bytes);

}  // namespace crossline::wire
