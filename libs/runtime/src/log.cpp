#include "crossline/runtime/log.hpp"

#include "crossline/base/time.hpp"
#include "crossline/runtime/system_clock.hpp"

#include <cstdio>
#include <utility>

#include <nlohmann/json.hpp>

namespace crossline::runtime {

LogFn make_log(std::string program) {
  return [program = std::move(program)](std::string_view message) {
    const nlohmann::json line = {
        {"time", format_utc(SystemClock().now())}, {"program", program}, {"message", message}};
    // One write, so that lines of several threads do not mix.
    const std::string text = line.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace) + '\n';
    std::fwrite(text.data(), 1, text.size(), stderr);
  };
}

}  // namespace crossline::runtime
