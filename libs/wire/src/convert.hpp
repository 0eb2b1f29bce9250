// Between generated protobuf types and domain types; protobuf stops in this folder's .cpp files.
#pragma once

#include "crossline/merkle/tree_head.hpp"
#include "crossline/movement/event.hpp"
#include "crossline/movement/record_change.hpp"
#include "crossline/movement/state.hpp"
#include "crossline/v1/event.pb.h"
#include "crossline/v1/ledger.pb.h"
#include "crossline/v1/link.pb.h"
#include "crossline/wire/link.hpp"
#include "strict.hpp"

#include <array>
#include <string>
#include <string_view>

#include <google/protobuf/message.h>

namespace crossline::wire {

namespace pb = crossline::v1;

// Parses `bytes` into `message`: all of them, with no field this build does not know at any depth.
Result<void> parse_strict(ByteView bytes, google::protobuf::Message& message, const MessageShape& shape,
                          std::string_view what);
template <class Message>
Result<void> parse_strict(ByteView bytes, Message& message, std::string_view what) {
  static const MessageShape shape(*Message::descriptor());
  return parse_strict(bytes, message, shape, what);
}

// The enumerators of the wire are those of the domain plus one, with 0 for "absent".
template <class Domain, class Wire>
[[nodiscard]] Wire to_wire(Domain value) {
  return static_cast<Wire>(static_cast<int>(value) + 1);
}
// kMalformed for 0 and for numbers without a name.
template <class Domain>
Result<Domain> from_wire(int value, int count, std::string_view field) {
  if (value < 1 || value > count)
    return fail(ErrorCode::kMalformed, "{}: {} is not a known value", field, value);
  return static_cast<Domain>(value - 1);
}

inline constexpr int kDirections = 4;
inline constexpr int kVerdicts = 3;
inline constexpr int kOutcomes = 5;
inline constexpr int kNoticeSteps = 5;
inline constexpr int kRelations = static_cast<int>(procedure::kRelations);
inline constexpr int kModes = 2;
inline constexpr int kSexes = 2;     // and 0 for "unspecified"
inline constexpr int kStatuses = 5;  // 0 is "unknown" on both sides
inline constexpr std::uint32_t kMaxAgeYears = 150;

template <std::size_t N>
Result<std::array<std::uint8_t, N>> fixed_bytes(const std::string& bytes, std::string_view field) {
  if (bytes.size() != N)
    return fail(ErrorCode::kMalformed, "{}: {} bytes where {} belong", field, bytes.size(), N);
  std::array<std::uint8_t, N> out;
  std::copy(bytes.begin(), bytes.end(), out.begin());
  return out;
}
template <std::size_t N>
[[nodiscard]] std::string to_string_bytes(const std::array<std::uint8_t, N>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), N};
}

// UTF-8 without control characters.
[[nodiscard]] bool is_clean_text(std::string_view text);
// Text that must be UTF-8 without control characters and at most `max` bytes.
Result<std::string> bounded_text(const std::string& text, std::size_t max, std::string_view field);
// As bounded_text, and not empty.
Result<std::string> bounded_name(const std::string& text, std::string_view field);

[[nodiscard]] pb::Sex sex_to(movement::Sex sex);
Result<movement::Sex> sex_from(int value);
Result<movement::Status> status_from(int value, std::string_view field);

void to_proto(const movement::Movement& movement, pb::Movement& out);
Result<movement::Movement> movement_from(const pb::Movement& in, bool consult);
void to_proto(const movement::DeclaredGoods& goods, pb::Goods& out);
Result<std::vector<movement::DeclaredGoods>> goods_from(
    const google::protobuf::RepeatedPtrField<pb::Goods>& in);
void to_proto(const movement::RecordChange& change, pb::RecordChange& out);
Result<movement::RecordChange> record_change_from(const pb::RecordChange& in);
void to_proto(const movement::QuotaLease& lease, pb::QuotaLease& out);
Result<movement::QuotaLease> quota_lease_from(const pb::QuotaLease& in);
void to_proto(const movement::Closure& closure, pb::Closure& out);
Result<movement::Closure> closure_from(const pb::Closure& in);
void to_proto(const movement::Beacon& beacon, pb::Beacon& out);
Result<movement::Beacon> beacon_from(const pb::Beacon& in);
void to_proto(const SignedHead& head, pb::SignedHead& out);
Result<SignedHead> signed_head_from(const pb::SignedHead& in, std::string_view field);
void to_proto(const LedgerQuestion& question, pb::LedgerQuestion& out);
Result<LedgerQuestion> ledger_question_from(const pb::LedgerQuestion& in, std::string_view field);

[[nodiscard]] Result<std::vector<std::string>> articles_from(
    const google::protobuf::RepeatedPtrField<std::string>& in);

// Serialises deterministically into a string.
[[nodiscard]] std::string serialise(const google::protobuf::Message& message);

}  // namespace crossline::wire
