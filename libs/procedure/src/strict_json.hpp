// JSON as sealed procedures use it: integers only, no duplicate key, bounded, one canonical spelling.
#pragma once

#include "crossline/base/bytes.hpp"
#include "crossline/base/result.hpp"

#include <string>

#include <nlohmann/json.hpp>

namespace crossline::procedure {

using Json = nlohmann::json;  // keys sorted by byte

// kMalformed, saying where, for anything that is not one JSON value of UTF-8 text without duplicate keys,
// fractions, or more than limits::kMaxNesting levels and limits::kMaxProcedureBytes.
Result<Json> parse_strict(ByteView text);

// The canonical form: keys sorted, no white space, the shortest escapes.
[[nodiscard]] std::string canonical(const Json& value);

}  // namespace crossline::procedure
