// From a stream of characters to the deliveries of a reader, one for each document.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::agent {

// A delivery ends when its zone has all its lines (three of about 30 characters, two of about 36 or 44, or
// one with all of them), at a blank line, at a form feed, or at the end of a serial frame (STX .. ETX). What
// is none of that is a delivery of its own, for the zone reader to refuse. One thread at a time.
class ScanSplitter {
 public:
  // The deliveries that `chunk` completes, in order.
  std::vector<std::string> push(std::string_view chunk);
  // What has come since the last delivery, when no more is to be expected: the stream ended or fell silent.
  std::optional<std::string> flush();
  [[nodiscard]] bool is_empty() const { return pending_.empty() && line_.empty(); }

 private:
  void end_line(std::vector<std::string>& complete);
  void deliver(std::vector<std::string>& complete);

  std::string pending_;    // whole lines of the delivery so far, each ended by '\n'
  std::size_t lines_ = 0;  // in pending_
  std::size_t wanted_ = 0;
  std::string line_;
  bool framed_ = false;    // between STX and ETX
  bool after_cr_ = false;  // a line feed now belongs to the carriage return before it
};

}  // namespace crossline::agent
