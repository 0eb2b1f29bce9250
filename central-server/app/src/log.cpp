#include "log.hpp"

#include "crossline/base/time.hpp"
#include "crossline/runtime/system_clock.hpp"

#include <cstdio>
#include <string>

#include <nlohmann/json.hpp>

namespace crossline::server {

runtime::LogFn make_log() {
  return [](std::string_view message) {
    const nlohmann::json line = {{"time", format_utc(runtime::SystemClock().now())},
                                 {"program", "crossline-server"},
                                 {"message", message}};
    const std::string text = line.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace) + '\n';
    std::fwrite(text.data(), 1, text.size(), stderr);
  };
}

}  // namespace crossline::server
