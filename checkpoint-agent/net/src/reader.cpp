#include "crossline/agent/reader.hpp"

#include "crossline/agent/scan_splitter.hpp"
#include "crossline/runtime/timeout.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

namespace crossline::agent {
namespace {

namespace asio = boost::asio;
using runtime::Task;

constexpr std::uint64_t kReopenMs = 2'000;

constexpr std::array<std::pair<std::uint32_t, speed_t>, 8> kSpeeds{{{1'200, B1200},
                                                                    {2'400, B2400},
                                                                    {4'800, B4800},
                                                                    {9'600, B9600},
                                                                    {19'200, B19200},
                                                                    {38'400, B38400},
                                                                    {57'600, B57600},
                                                                    {115'200, B115200}}};

std::optional<speed_t> speed_of(std::uint32_t baud) {
  const auto found = std::ranges::find(kSpeeds, baud, &std::pair<std::uint32_t, speed_t>::first);
  return found == kSpeeds.end() ? std::nullopt : std::optional(found->second);
}

Result<void> make_raw(int fd, std::uint32_t baud) {
  termios line{};
  if (tcgetattr(fd, &line) != 0) return fail(ErrorCode::kUnavailable, "{}", std::strerror(errno));
  cfmakeraw(&line);
  line.c_cflag |= CLOCAL | CREAD;
  cfsetispeed(&line, *speed_of(baud));
  cfsetospeed(&line, *speed_of(baud));
  if (tcsetattr(fd, TCSANOW, &line) != 0) return fail(ErrorCode::kUnavailable, "{}", std::strerror(errno));
  return {};
}

Result<asio::posix::stream_descriptor> open_device(const asio::any_io_executor& executor,
                                                   const ReaderOptions& options) {
  struct stat status{};
  if (stat(options.device.c_str(), &status) != 0)
    return fail(ErrorCode::kUnavailable, "{}", std::strerror(errno));
  // A pipe held open for writing, too, does not end when its last writer leaves.
  const int access = S_ISFIFO(status.st_mode) ? O_RDWR : O_RDONLY;
  const int fd = open(options.device.c_str(), access | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0) return fail(ErrorCode::kUnavailable, "{}", std::strerror(errno));
  asio::posix::stream_descriptor device(executor, fd);
  if (isatty(fd) != 0) CROSSLINE_CHECK_OK(make_raw(fd, options.baud));
  return device;
}

// What has come, at most the buffer; 0 when nothing came in time.
Task<Result<std::size_t>> read_some(std::shared_ptr<asio::posix::stream_descriptor> device,
                                    std::span<char> buffer) {
  boost::system::error_code error;
  const std::size_t count = co_await device->async_read_some(
      asio::buffer(buffer.data(), buffer.size()), asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return fail(ErrorCode::kUnavailable, "{}", error.message());
  co_return count;
}

Task<> scan(StationHost* host, std::string text, runtime::LogFn log) {
  auto scan = [text](Station& station) {
    return station.scan({.text = text, .typed = false, .category = {}, .with = std::nullopt});
  };
  const auto taken = co_await host->call(scan);
  if (!taken) log(fmt::format("reader: the scan was not taken: {}", taken.error().message));
}

// Until the device fails; the error says how.
Task<Error> read_device(asio::posix::stream_descriptor opened, StationHost* host, std::uint64_t silence_ms,
                        runtime::LogFn log) {
  auto device = std::make_shared<asio::posix::stream_descriptor>(std::move(opened));
  ScanSplitter splitter;
  std::array<char, 256> buffer{};
  for (;;) {
    Result<std::size_t> count = fail(ErrorCode::kTimeout, "nothing read");
    // While a delivery is open, silence ends it.
    if (splitter.is_empty()) {
      count = co_await read_some(device, buffer);
    } else {
      count = co_await runtime::with_timeout(read_some(device, buffer), silence_ms);
    }
    std::vector<std::string> complete;
    if (count) {
      complete = splitter.push(std::string_view(buffer.data(), *count));
    } else if (count.error().code != ErrorCode::kTimeout) {
      co_return count.error();
    } else if (auto rest = splitter.flush()) {
      complete.push_back(*std::move(rest));
    }
    for (const std::string& text : complete) co_await scan(host, text, log);
  }
}

}  // namespace

Result<void> check_reader(const ReaderOptions& options) {
  if (speed_of(options.baud)) return {};
  return fail(ErrorCode::kInvalidArgument, "a serial line has no speed of {} baud", options.baud);
}

Task<> keep_reader(StationHost* host, ReaderOptions options, runtime::LogFn log) {
  const auto executor = co_await asio::this_coro::executor;
  std::string last;  // said once, not every two seconds
  for (;;) {
    auto device = open_device(executor, options);
    std::string state = device ? "ready" : device.error().message;
    if (state != last) log(fmt::format("reader {}: {}", options.device.string(), state));
    last = std::move(state);
    if (device) {
      const Error end = co_await read_device(*std::move(device), host, options.silence_ms, log);
      last = end.message;
      log(fmt::format("reader {}: {}", options.device.string(), last));
    }
    co_await runtime::sleep_for(kReopenMs);
  }
}

}  // namespace crossline::agent
