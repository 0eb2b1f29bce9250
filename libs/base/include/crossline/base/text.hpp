// Small text helpers used by every parser: splitting, UTF-8, nearest known name.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crossline {

// Pieces between separators; an empty text gives one empty piece.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
// Decimal digits only, no sign, no leading zero but "0" itself, fits 64 bits; otherwise nothing.
[[nodiscard]] std::optional<std::uint64_t> parse_u64(std::string_view text);
// Well-formed UTF-8 (no surrogates, no overlong forms).
[[nodiscard]] bool is_utf8(std::string_view text);
// The rest of a text behind the byte order mark that some editors put before UTF-8; all of it without one.
[[nodiscard]] std::string_view without_byte_order_mark(std::string_view text);
// The known name closest to `name` by edit distance (at most a third of its length, at least 1), for
// "did you mean"; nothing when none is close.
[[nodiscard]] std::optional<std::string_view> nearest_name(std::string_view name,
                                                           std::span<const std::string_view> known);

}  // namespace crossline
