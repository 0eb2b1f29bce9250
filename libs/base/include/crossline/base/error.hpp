// Errors are values. A code says who acts next; the message says what, where and what to do about it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace crossline {

// Who has to act after an error. Every ErrorCode belongs to exactly one kind.
enum class ErrorKind : std::uint8_t {
  kRetryLater,  // nothing is wrong; the same request may succeed later
  kRedo,        // the caller's input is wrong; correct it and try again
  kRefused,     // the caller may not do this; repeating it does not help
  kCorrupt,     // stored or received data contradicts itself; keep the evidence
  kFatal,       // this process cannot go on safely; stop and recover from disk
};

enum class ErrorCode : std::uint8_t {
  // kRetryLater
  kBusy,         // a bounded queue is full
  kUnavailable,  // the peer or a resource is out of reach
  kTimeout,
  // kRedo
  kInvalidArgument,  // a value is outside what is allowed
  kMalformed,        // bytes or text do not follow their format
  kUnsupported,      // a version or a feature this build does not know
  kNotFound,
  kConflict,  // the request contradicts what is already recorded
  // kRefused
  kUnauthenticated,
  kForbidden,
  kRevoked,
  kBadSignature,
  // kCorrupt
  kCorruptData,
  kForked,  // two histories under one key
  // kFatal
  kStorageFailed,  // a write or fsync failed: nothing after it may be acknowledged
  kStorageFull,
};

[[nodiscard]] ErrorKind kind_of(ErrorCode code) noexcept;
// Stable lower-case name for logs, JSON and the wire, for example "bad_signature".
[[nodiscard]] std::string_view name_of(ErrorCode code) noexcept;

struct Error {
  ErrorCode code = ErrorCode::kInvalidArgument;
  std::string message;  // no personal data: it ends up in logs

  [[nodiscard]] ErrorKind kind() const noexcept { return kind_of(code); }
  // "<name>: <message>"
  [[nodiscard]] std::string to_string() const;
  // The same error with where it happened put in front: "<where>: <message>".
  [[nodiscard]] Error at(std::string_view where) &&;

  friend bool operator==(const Error&, const Error&) = default;
};

}  // namespace crossline
