// Cuts a stream of lines into the scans of single documents.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace crossline::tools {

// A document ends when it has the lines that the width of its first line asks for, at a blank line, and at
// the end. A serial frame is a scan of its own, with the carriage returns inside it.
class ScanSplitter {
 public:
  explicit ScanSplitter(std::string prefix) : prefix_(std::move(prefix)) {}

  // Takes one line without its line feed; calls `on_scan(std::string_view)` for each scan it completes.
  template <class OnScan>
  void feed(std::string_view line, OnScan&& on_scan) {
    if (is_frame(line)) {
      finish(on_scan);
      on_scan(line);
      return;
    }
    while (true) {
      const std::size_t end = line.find_first_of("\r\f");
      if (auto scan = add(line.substr(0, end))) on_scan(*scan);
      if (end == std::string_view::npos || end + 1 == line.size()) return;
      line.remove_prefix(end + 1);
    }
  }

  // Delivers what is left at the end of the input.
  template <class OnScan>
  void finish(OnScan&& on_scan) {
    if (auto scan = take()) on_scan(*scan);
  }

 private:
  static bool is_frame(std::string_view line);
  std::optional<std::string> add(std::string_view line);
  std::optional<std::string> take();
  // How many lines a document has whose first line is this one.
  [[nodiscard]] std::size_t lines_wanted(std::string_view first) const;

  std::string prefix_;
  std::string pending_;
  std::size_t pending_lines_ = 0;
  std::size_t wanted_ = 0;
};

}  // namespace crossline::tools
