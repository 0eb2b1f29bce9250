// A person's state in bytes, for the stores of this program: the server's views, an agent's replica. Nobody
// else reads them, and what they hold can always be folded from the ledger again.
#pragma once

#include "crossline/base/result.hpp"
#include "crossline/movement/state.hpp"

#include <string>
#include <string_view>

namespace crossline::movement {

// Names are written out: ids mean nothing outside their Names. Equal states have equal bytes, whatever ids
// their names have.
[[nodiscard]] std::string encode_state(const SubjectState& state, const Names& names);
// The inverse; takes new names into `names`. kCorruptData for bytes that encode_state of this version did not
// write.
Result<SubjectState> decode_state(std::string_view bytes, Names& names);

}  // namespace crossline::movement
