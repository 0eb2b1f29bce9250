// The address of a service: where it is asked.
#pragma once

#include "crossline/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace crossline::runtime {

// "http://127.0.0.1:7180/a" taken apart.
struct HttpUrl {
  bool tls = false;
  std::string host;  // name or address, without brackets
  std::uint16_t port = 0;
  std::string prefix;  // of every path, without a slash at the end

  // kInvalidArgument for anything but http:// or https:// with host, perhaps port and path.
  static Result<HttpUrl> parse(std::string_view url);
};

}  // namespace crossline::runtime
