// Evidence for every field of a reading.
#pragma once

#include "crossline/documents/mrz.hpp"
#include "repair.hpp"
#include "zone.hpp"

#include <vector>

namespace crossline::documents {

// In the order of the format, the composite last; before them what is wrong with the zone as a whole.
[[nodiscard]] std::vector<FieldEvidence> evidence_of(const Reading& reading, const Zone& zone,
                                                     bool frame_checksum_wrong);

}  // namespace crossline::documents
