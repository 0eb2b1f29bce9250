#include "crossline/adoption/refusal.hpp"

#include <array>
#include <utility>

namespace crossline::adoption {
namespace {

struct Row {
  std::string_view name;
  ErrorCode code;
};

// In the order of Refusal.
constexpr std::array<Row, 16> kRows{{{"too_large", ErrorCode::kInvalidArgument},
                                     {"malformed_envelope", ErrorCode::kMalformed},
                                     {"duplicate_key", ErrorCode::kMalformed},
                                     {"wrong_type", ErrorCode::kUnsupported},
                                     {"bad_signature", ErrorCode::kBadSignature},
                                     {"too_few_signatures", ErrorCode::kForbidden},
                                     {"invalid_edition", ErrorCode::kMalformed},
                                     {"not_canonical", ErrorCode::kMalformed},
                                     {"other_procedure", ErrorCode::kConflict},
                                     {"already_adopted", ErrorCode::kConflict},
                                     {"older_edition", ErrorCode::kConflict},
                                     {"skipped_edition", ErrorCode::kConflict},
                                     {"other_predecessor", ErrorCode::kConflict},
                                     {"gap", ErrorCode::kConflict},
                                     {"overlap", ErrorCode::kConflict},
                                     {"bad_keys", ErrorCode::kInvalidArgument}}};

}  // namespace

std::string_view name_of(Refusal reason) {
  return kRows[std::to_underlying(reason)].name;
}

Error Refused::error() const {
  const Row& row = kRows[std::to_underlying(reason)];
  return {row.code, std::string(row.name) + ": " + message};
}

}  // namespace crossline::adoption
