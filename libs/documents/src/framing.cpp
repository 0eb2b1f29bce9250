#include "crossline/documents/framing.hpp"

#include "crossline/documents/check_digit.hpp"

#include <algorithm>

namespace crossline::documents {
namespace {

constexpr char kSoh = '\x01';
constexpr char kStx = '\x02';
constexpr char kEtx = '\x03';
constexpr char kPadding = '_';
constexpr std::size_t kSohHeaderBytes = 5;  // SOH, two bytes of length, device, type
constexpr std::string_view kLineEnds = "\r\n\f";

bool is_zone_width(std::size_t size) {
  return size == 30 || size == 36 || size == 44;
}

// A blank at the end is the reader's, unless the line has its full width only with it.
std::string_view without_blanks(std::string_view line) {
  if (is_zone_width(line.size())) return line;
  const std::size_t first = line.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(" \t") - first + 1);
}

// A run with one separator where each line ends, of whatever character that is not of the zone.
std::vector<std::string> split_at_separators(std::string_view run) {
  struct Shape {
    std::size_t lines;
    std::size_t width;
  };
  for (const auto [lines, width] : {Shape{3, 30}, Shape{2, 36}, Shape{2, 44}}) {
    if (run.size() != lines * (width + 1) - 1) continue;
    std::vector<std::string> pieces;
    bool separated = true;
    for (std::size_t start = 0; start < run.size(); start += width + 1) {
      pieces.emplace_back(run.substr(start, width));
      separated = separated && (start + width == run.size() || mrz_value(run[start + width]) < 0);
    }
    if (separated) return pieces;
  }
  return {std::string(run)};
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(kLineEnds), text.size());
    if (const std::string_view line = without_blanks(text.substr(0, end)); !line.empty())
      lines.emplace_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (lines.size() == 1) return split_at_separators(lines.front());
  return lines;
}

// Readers end a scan with the suffix, with a line end, or with both.
std::string_view without_suffix(std::string_view scan, std::string_view suffix) {
  std::string_view bare = scan;
  while (!bare.ends_with(suffix) && !bare.empty() && kLineEnds.find(bare.back()) != std::string_view::npos)
    bare.remove_suffix(1);
  if (!bare.ends_with(suffix)) return scan;
  return bare.substr(0, bare.size() - suffix.size());
}

// ISO 1745: the exclusive or of what follows SOH, up to and with ETX.
bool check_byte_holds(std::string_view frame, std::size_t etx) {
  if (etx + 1 >= frame.size()) return false;
  unsigned char sum = 0;
  for (const char c : frame.substr(1, etx)) sum ^= static_cast<unsigned char>(c);
  return sum == static_cast<unsigned char>(frame[etx + 1]);
}

Delivery unframe_soh(std::string_view frame) {
  const std::size_t body = kSohHeaderBytes + 2;  // after STX and the flag
  const std::size_t etx = frame.find(kEtx, std::min(body, frame.size()));
  if (etx == std::string_view::npos)
    return {.lines = split_lines(frame.substr(std::min(body, frame.size()))), .frame_checksum_wrong = true};
  Delivery delivery{.lines = split_lines(frame.substr(body, etx - body)),
                    .frame_checksum_wrong = !check_byte_holds(frame, etx)};
  for (std::string& line : delivery.lines) line.erase(line.find_last_not_of(kPadding) + 1);
  std::erase(delivery.lines, "");
  return delivery;
}

}  // namespace

Delivery unframe(std::string_view scan, const Framing& framing) {
  if (!framing.prefix.empty() && scan.starts_with(framing.prefix)) scan.remove_prefix(framing.prefix.size());
  if (!framing.suffix.empty()) scan = without_suffix(scan, framing.suffix);
  if (scan.starts_with(kSoh) && scan.size() > kSohHeaderBytes && scan[kSohHeaderBytes] == kStx)
    return unframe_soh(scan);
  if (scan.starts_with(kStx)) {
    scan.remove_prefix(1);
    scan = scan.substr(0, scan.find(kEtx));
  }
  return {.lines = split_lines(scan)};
}

}  // namespace crossline::documents
