// Text of Beast as text of the standard library.
#pragma once

#include <string_view>

#include <boost/beast/core/string.hpp>

namespace crossline::runtime {

inline std::string_view view(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

}  // namespace crossline::runtime
