#include "crossline/agent/scan_splitter.hpp"

#include "crossline/base/limits.hpp"

#include <utility>

namespace crossline::agent {
namespace {

constexpr char kStx = 0x02;
constexpr char kEtx = 0x03;
constexpr char kFormFeed = 0x0c;

// How many lines a zone has whose first has this length, a few characters too many or lost included.
std::size_t lines_of_zone(std::size_t length) {
  if (length >= 28 && length <= 32) return 3;  // TD1
  if (length >= 33 && length <= 47) return 2;  // TD2, MRV-B, TD3, MRV-A
  return 1;                                    // all lines in one, or no zone
}

}  // namespace

std::vector<std::string> ScanSplitter::push(std::string_view chunk) {
  std::vector<std::string> complete;
  for (const char c : chunk) {
    const bool ends_cr_lf = std::exchange(after_cr_, c == '\r') && c == '\n';
    if (ends_cr_lf && !framed_) continue;
    if (c == kStx) framed_ = true;
    if (framed_) {
      // The zone reader knows what is inside; the frame says where it ends.
      line_ += c;
      if (c == kEtx || line_.size() >= limits::kMaxScanBytes) deliver(complete);
    } else if (c == '\n' || c == '\r' || c == kFormFeed) {
      end_line(complete);
      if (c == kFormFeed) deliver(complete);
    } else {
      line_ += c;
      if (line_.size() >= limits::kMaxScanBytes) deliver(complete);
    }
  }
  return complete;
}

void ScanSplitter::end_line(std::vector<std::string>& complete) {
  if (line_.empty()) return deliver(complete);
  if (lines_ == 0) wanted_ = lines_of_zone(line_.size());
  pending_ += std::exchange(line_, {}) + '\n';
  if (++lines_ == wanted_) deliver(complete);
}

void ScanSplitter::deliver(std::vector<std::string>& complete) {
  if (auto rest = flush()) complete.push_back(*std::move(rest));
}

std::optional<std::string> ScanSplitter::flush() {
  std::string delivery = std::exchange(pending_, {}) + std::exchange(line_, {});
  lines_ = 0;
  framed_ = false;
  if (delivery.empty()) return std::nullopt;
  return delivery;
}

}  // namespace crossline::agent
