// From what a reader delivers to the facts about a person and their identity.
#pragma once

#include "crossline/agent/settings.hpp"
#include "crossline/documents/mrz.hpp"
#include "crossline/movement/event.hpp"
#include "crossline/procedure/edition.hpp"
#include "crossline/wire/event_codec.hpp"

#include <string>
#include <vector>

namespace crossline::agent {

// A person before the desk, as the document tells. Holds personal data: never log it.
struct Traveller {
  documents::Mrz document;
  wire::Identity identity;
  // Subject, sex, age, document; category when exactly one fits. Direction, companions and verdict come
  // later.
  movement::Movement movement;
  std::vector<std::string> categories;  // that the document may belong to, in the edition's order
};

// The local day of `now` on the procedure's clock.
[[nodiscard]] documents::CivilDate local_day(const procedure::Edition& edition, UtcMillis now);

// Requires a document that is valid() or repaired().
[[nodiscard]] Traveller traveller_from(documents::Mrz document, const procedure::Edition& edition,
                                       const crypto::LineKey& line_key, UtcMillis now);

}  // namespace crossline::agent
