// Which person a request means.
#pragma once

#include "crossline/api/operations.hpp"
#include "crossline/api/reading.hpp"

namespace crossline::api {

// From exactly one of the members `document` and `subject`, for a look-up also `scan` and `reference`, of a
// request. A scan that is no document in order is 422 `unreadable_document`, a slip's reference that does not
// fit the record it names 422 `wrong_reference`: nobody is looked up on a guess. 404 `unknown_reference` when
// the ledger has no such record of a person.
enum class Ways { kDocumentOrSubject, kLookUp };
[[nodiscard]] Answer<SubjectId> subject_meant(const Services& services, ObjectReader& body, Ways ways);

}  // namespace crossline::api
