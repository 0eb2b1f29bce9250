// Which person a request means.
#pragma once

#include "crossline/api/operations.hpp"
#include "crossline/api/reading.hpp"

namespace crossline::api {

// From exactly one of the members `document`, `scan` (if allowed) and `subject` of a request. A scan that is
// no document in order is 422 `unreadable_document`: nobody is looked up on a guess.
enum class Ways { kDocumentOrSubject, kScanToo };
[[nodiscard]] Answer<SubjectId> subject_meant(const Services& services, ObjectReader& body, Ways ways);

}  // namespace crossline::api
