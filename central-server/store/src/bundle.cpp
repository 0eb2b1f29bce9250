#include "bundle.hpp"

#include "crossline/base/assert.hpp"

namespace crossline::server {

Bytes bundle(std::span<const std::string> strings) {
  std::size_t size = 0;
  for (const std::string& text : strings) size += 2 + text.size();
  Bytes out;
  out.reserve(size);
  for (const std::string& text : strings) {
    CROSSLINE_ASSERT(text.size() <= 0xffff);
    out.push_back(static_cast<std::uint8_t>(text.size() >> 8));
    out.push_back(static_cast<std::uint8_t>(text.size() & 0xff));
    const ByteView bytes = as_bytes(text);
    out.insert(out.end(), bytes.begin(), bytes.end());
  }
  return out;
}

Result<std::vector<ByteView>> unbundle(ByteView bytes) {
  std::vector<ByteView> parts;
  while (!bytes.empty()) {
    const std::size_t size = bytes.size() < 2 ? 0 : (std::size_t{bytes[0]} << 8) | bytes[1];
    if (bytes.size() < 2 || bytes.size() - 2 < size) {
      return fail(ErrorCode::kCorruptData, "a bundle of the store is cut off");
    }
    parts.push_back(bytes.subspan(2, size));
    bytes = bytes.subspan(2 + size);
  }
  return parts;
}

}  // namespace crossline::server
