// What sealing refuses although every part can be read: what only the whole procedure can show.
#pragma once

#include "crossline/procedure/authoring.hpp"
#include "crossline/procedure/edition.hpp"

#include <vector>

namespace crossline::procedure {

// Every problem of the sealed procedure, in the order of the file; see seal().
[[nodiscard]] std::vector<Problem> check_sealed(const Edition& edition, const Positions& positions);

}  // namespace crossline::procedure
