#include "crossline/base/error.hpp"

namespace crossline {

ErrorKind kind_of(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::kBusy:
    case ErrorCode::kUnavailable:
    case ErrorCode::kTimeout:
      return ErrorKind::kRetryLater;
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kMalformed:
    case ErrorCode::kUnsupported:
    case ErrorCode::kNotFound:
    case ErrorCode::kConflict:
      return ErrorKind::kRedo;
    case ErrorCode::kUnauthenticated:
    case ErrorCode::kForbidden:
    case ErrorCode::kRevoked:
    case ErrorCode::kBadSignature:
      return ErrorKind::kRefused;
    case ErrorCode::kCorruptData:
    case ErrorCode::kForked:
      return ErrorKind::kCorrupt;
    case ErrorCode::kStorageFailed:
    case ErrorCode::kStorageFull:
      return ErrorKind::kFatal;
  }
  return ErrorKind::kFatal;
}

std::string_view name_of(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::kBusy:
      return "busy";
    case ErrorCode::kUnavailable:
      return "unavailable";
    case ErrorCode::kTimeout:
      return "timeout";
    case ErrorCode::kInvalidArgument:
      return "invalid_argument";
    case ErrorCode::kMalformed:
      return "malformed";
    case ErrorCode::kUnsupported:
      return "unsupported";
    case ErrorCode::kNotFound:
      return "not_found";
    case ErrorCode::kConflict:
      return "conflict";
    case ErrorCode::kUnauthenticated:
      return "unauthenticated";
    case ErrorCode::kForbidden:
      return "forbidden";
    case ErrorCode::kRevoked:
      return "revoked";
    case ErrorCode::kBadSignature:
      return "bad_signature";
    case ErrorCode::kCorruptData:
      return "corrupt_data";
    case ErrorCode::kForked:
      return "forked";
    case ErrorCode::kStorageFailed:
      return "storage_failed";
    case ErrorCode::kStorageFull:
      return "storage_full";
  }
  return "unknown";
}

std::string Error::to_string() const {
  std::string text(name_of(code));
  text += ": ";
  text += message;
  return text;
}

Error Error::at(std::string_view where) && {
  message = std::string(where) + ": " + message;
  return std::move(*this);
}

}  // namespace crossline
