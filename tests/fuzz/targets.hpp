// The fuzz targets: for each a source beside this header with
//   seeds()   inputs that takes() is true for: where the drivers begin
//   takes()   whether the code under test takes the input; ends the process when what must hold of every
//             input, whoever made it, does not
// libfuzzer.cpp drives one under clang (`make fuzz`), replay_test.cpp all of them with the tests of every
// build.
#pragma once

#include "crossline/base/assert.hpp"
#include "crossline/base/bytes.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace crossline::fuzz {

// The first step of many targets: `input` is refused in words, or is a value that its own encoding
// gives again. `decode` takes a ByteView and returns a Result; `encode` takes its value.
bool round_trips(std::string_view input, auto decode, auto encode) {
  const auto value = decode(as_bytes(input));
  if (!value) {
    CROSSLINE_ASSERT(!value.error().message.empty());
    return false;
  }
  const auto again = decode(as_bytes(encode(*value)));
  CROSSLINE_ASSERT(again && *again == *value);
  return true;
}

// The same of a text form that has one spelling: `parse` takes a string_view, and to_string() gives the
// input.
bool has_one_spelling(std::string_view input, auto parse) {
  const auto value = parse(input);
  if (!value) {
    CROSSLINE_ASSERT(!value.error().message.empty());
    return false;
  }
  CROSSLINE_ASSERT(value->to_string() == input);
  return true;
}

namespace adoption_envelope {
std::vector<std::string> seeds();
bool takes(std::string_view input);
}  // namespace adoption_envelope
namespace documents_mrz {
std::vector<std::string> seeds();
bool takes(std::string_view input);
}  // namespace documents_mrz
namespace enrolment_registry {
std::vector<std::string> seeds();
bool takes(std::string_view input);
}  // namespace enrolment_registry
namespace merkle_note {
std::vector<std::string> seeds();
bool takes(std::string_view input);
}  // namespace merkle_note
namespace merkle_receipt {
std::vector<std::string> seeds();
bool takes(std::string_view input);
}  // namespace merkle_receipt
namespace procedure_authored {
std::vector<std::string> seeds();
bool takes(std::string_view input);
}  // namespace procedure_authored
namespace procedure_facts {
std::vector<std::string> seeds();
bool takes(std::string_view input);
}  // namespace procedure_facts
namespace procedure_sealed {
std::vector<std::string> seeds();
bool takes(std::string_view input);
}  // namespace procedure_sealed
namespace wire_agent_frame {
std::vector<std::string> seeds();
bool takes(std::string_view input);
}  // namespace wire_agent_frame
namespace wire_event {
std::vector<std::string> seeds();
bool takes(std::string_view input);
}  // namespace wire_event
namespace wire_ledger_entry {
std::vector<std::string> seeds();
bool takes(std::string_view input);
}  // namespace wire_ledger_entry
namespace wire_server_frame {
std::vector<std::string> seeds();
bool takes(std::string_view input);
}  // namespace wire_server_frame
namespace wire_slip {
std::vector<std::string> seeds();
bool takes(std::string_view input);
}  // namespace wire_slip

}  // namespace crossline::fuzz
