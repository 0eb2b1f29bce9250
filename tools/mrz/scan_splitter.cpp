#include "tools/mrz/scan_splitter.hpp"

#include <utility>

namespace crossline::tools {
namespace {

constexpr char kSoh = '\x01';
constexpr char kStx = '\x02';
constexpr std::size_t kCardWidth = 30;
constexpr std::size_t kWidestLine = 44;

}  // namespace

bool ScanSplitter::is_frame(std::string_view line) {
  return line.starts_with(kSoh) || line.starts_with(kStx);
}

std::optional<std::string> ScanSplitter::add(std::string_view line) {
  if (line.find_first_not_of(" \t") == std::string_view::npos) return take();
  if (pending_lines_ == 0) {
    wanted_ = lines_wanted(line);
  } else {
    pending_ += '\n';
  }
  pending_ += line;
  if (++pending_lines_ < wanted_) return std::nullopt;
  return take();
}

std::optional<std::string> ScanSplitter::take() {
  if (pending_lines_ == 0) return std::nullopt;
  pending_lines_ = 0;
  return std::exchange(pending_, {});
}

std::size_t ScanSplitter::lines_wanted(std::string_view first) const {
  const bool prefixed = !prefix_.empty() && first.starts_with(prefix_);
  const std::size_t width = first.size() - (prefixed ? prefix_.size() : 0);
  if (width <= kCardWidth) return 3;
  return width <= kWidestLine ? 2 : 1;
}

}  // namespace crossline::tools
