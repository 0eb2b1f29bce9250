// Generated travellers for the demo, for tests and for load: documents that read correctly, of people who do
// not exist, and what they set out to do. The same seed gives the same travellers.
#pragma once

#include "crossline/base/result.hpp"
#include "crossline/movement/event.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::tools {

// Why a traveller is in the sample.
enum class TravellerKind : std::uint8_t {
  kResident,      // crosses
  kFamily,        // an adult with children, as one group
  kVisitor,       // a third party's passport
  kRoundTrip,     // crosses and comes back
  kTurnsBack,     // leaves one side, changes their mind, returns
  kStaysBetween,  // leaves one side and has not entered the other when the sample ends
  kChildAlone,    // under 16, nobody with them
  kExpired,       // the document has expired
  kVisaOnly,      // shows a document that admits nobody
};
[[nodiscard]] std::string_view name_of(TravellerKind kind);  // "resident", "family", ...

struct TravellerDocument {
  std::string text;      // the machine-readable zone, lines separated by '\n'
  std::string category;  // what the officer would choose where several fit
};

// One visit to a desk. Everybody of the traveller's party is scanned.
struct TravellerStep {
  movement::Side side = movement::Side::kA;
  movement::Direction direction = movement::Direction::kExit;
};

struct Traveller {
  std::uint32_t number = 0;
  TravellerKind kind = TravellerKind::kResident;
  std::size_t checkpoint = 0;                // which of the line's checkpoints
  std::vector<TravellerDocument> documents;  // the adult first, then the children
  std::vector<TravellerStep> steps;  // what they try, in order; an attempt that fails ends the journey
};

// `count` travellers over `checkpoints` checkpoints, in a fixed mixture of kinds. `today` decides ages and
// expiry.
[[nodiscard]] std::vector<Traveller> generate_travellers(std::uint32_t count, std::size_t checkpoints,
                                                         std::uint64_t seed,
                                                         std::chrono::year_month_day today);

}  // namespace crossline::tools
