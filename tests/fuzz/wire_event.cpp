// An event's bytes are refused, or say what they say again.
#include "crossline/wire/event_codec.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/support/sample_events.hpp"

namespace crossline::fuzz::wire_event {

std::vector<std::string> seeds() {
  std::vector<std::string> all;
  for (const movement::Event& event : testing::sample_events()) all.push_back(wire::encode_event(event));
  return all;
}

bool takes(std::string_view input) {
  return round_trips(input, wire::decode_event, wire::encode_event);
}

}  // namespace crossline::fuzz::wire_event
