// Reads a procedure from its tree, authored or sealed: both have one shape, the sealed one with what sealing
// adds (instants, offsets, timelines) and without what it removes (local dates, short forms).
#pragma once

#include "crossline/procedure/authoring.hpp"
#include "strict_json.hpp"

namespace crossline::procedure {

enum class Form : std::uint8_t { kAuthored, kSealed };

Checked<Authored> read_procedure(const Json& root, Form form, const Positions& positions);

// The sealed tree of a procedure whose instants and timelines are set.
[[nodiscard]] Json write_procedure(const Procedure& procedure);

}  // namespace crossline::procedure
