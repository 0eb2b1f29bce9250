// Whatever a reader delivers, read_mrz() answers; what it calls valid needed no repair and is valid again
// when its own lines are read.
#include "crossline/base/assert.hpp"
#include "crossline/base/bytes.hpp"
#include "crossline/documents/mrz.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace {

using namespace crossline::documents;
using namespace std::chrono_literals;

constexpr CivilDate kToday = 2026y / 11 / 24;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto mrz = read_mrz(crossline::as_text({data, size}), {.today = kToday});
  if (!mrz) {
    CROSSLINE_ASSERT(mrz.error().code == crossline::ErrorCode::kMalformed);
    return 0;
  }
  for (const FieldEvidence& field : mrz->fields) CROSSLINE_ASSERT(!message_of(field).empty());
  CROSSLINE_ASSERT(!document_key(*mrz).empty());
  if (!mrz->valid()) return 0;
  CROSSLINE_ASSERT(mrz->repairs.empty());
  std::string lines;
  for (const std::string& line : mrz->lines) lines += line + "\n";
  const auto again = read_mrz(lines, {.today = kToday});
  CROSSLINE_ASSERT(again && again->valid() && again->number == mrz->number);
  return 0;
}
