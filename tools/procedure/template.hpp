// The procedure that `crossline procedure new` writes: a small one that is valid as it is, with a comment for
// every word that an author needs first.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace crossline::tools {

// For a procedure of this name, whose clock is `clock`, in force for the whole year `year`.
[[nodiscard]] std::string procedure_template(std::string_view name, std::string_view clock, int year);

}  // namespace crossline::tools
