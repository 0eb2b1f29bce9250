// The slip on paper: a page for the station's printer, in the traveller's language.
#pragma once

#include "crossline/agent/station.hpp"

#include <string>
#include <string_view>

namespace crossline::agent {

// An SVG image of the text as a QR code, level M, with its quiet zone. kInvalidArgument when it needs more
// than version 25.
Result<std::string> qr_svg(std::string_view text);

// A whole HTML page without scripts, with links to the same in each other language. `language` is a code of
// slip_words.hpp; any other gives English.
Result<std::string> slip_page(const Station::IssuedSlip& slip, const Settings& settings,
                              std::string_view language);

}  // namespace crossline::agent
