// What a document is, by its code and issuer (Doc 9303-4 section 4.2.2.3, 9303-5, 9303-7, 9303-8).
#pragma once

#include "crossline/documents/kinds.hpp"

#include <string_view>

namespace crossline::documents {

// `code` and `issuer` without fillers.
[[nodiscard]] DocumentKind kind_of(std::string_view code, std::string_view issuer);
// Whether Doc 9303 gives this code for the format. Documents made before 2026 may carry others.
[[nodiscard]] bool is_usual_code(MrzFormat format, std::string_view code);

}  // namespace crossline::documents
