// Which century a YYMMDD of the zone means. Doc 9303 has no rule; docs/formats/documents.md gives ours.
#pragma once

#include "crossline/documents/mrz.hpp"

#include <string_view>

namespace crossline::documents {

// The latest date that is not after `today`; the one a century before stays possible within one lifetime.
[[nodiscard]] MrzDate birth_date(std::string_view yymmdd, CivilDate today);
// The year nearest to today's, from 50 years before to 49 after.
[[nodiscard]] MrzDate expiry_date(std::string_view yymmdd, CivilDate today);

}  // namespace crossline::documents
