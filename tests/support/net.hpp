// Networking for tests: coroutines run to their end, connected pairs, certificates of synthetic parties.
#pragma once

#include "crossline/crypto/authority.hpp"
#include "crossline/runtime/io_threads.hpp"
#include "crossline/runtime/system_clock.hpp"
#include "crossline/runtime/tcp.hpp"
#include "crossline/runtime/tls.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace crossline::testing {

inline constexpr std::uint64_t kSoonMs = 20'000;  // only a broken test waits this long

template <class T>
runtime::Task<> store(runtime::Task<T> task, std::optional<T>* result) {
  result->emplace(co_await std::move(task));
}

// Runs `task` on a new strand of `io` and returns what it returned.
template <class T>
T run(runtime::IoThreads& io, runtime::Task<T> task) {
  std::optional<T> result;
  io.run(store(std::move(task), &result));
  return *std::move(result);
}

// Both ends of one connection over loopback.
template <class Stream>
struct Pair {
  std::unique_ptr<Stream> client;
  std::unique_ptr<Stream> server;
};

inline runtime::Task<Pair<runtime::TcpStream>> connected_pair() {
  const auto listener =
      runtime::TcpListener::bind(co_await boost::asio::this_coro::executor, "127.0.0.1", 0).value();
  auto client =
      co_await runtime::connect_tcp("127.0.0.1", listener->port(), runtime::Deadline::in_ms(kSoonMs));
  auto server = co_await listener->accept();
  co_return Pair<runtime::TcpStream>{std::move(client).value(), std::move(server).value()};
}

// One party with its root, and what that root signs.
class Party {
 public:
  explicit Party(const std::string& name, UtcMillis now = runtime::SystemClock().now())
      : name_(name), now_(now), authority_(crypto::Authority::create("line-one", name, now).value()) {}

  [[nodiscard]] runtime::TrustRoots roots() const { return {name_, authority_.certificate().to_pem()}; }
  [[nodiscard]] crypto::Credential server() {
    return authority_.issue_server({{"line-one"}, {"localhost"}, {"127.0.0.1"}}, now_).value();
  }
  [[nodiscard]] crypto::Credential agent(const std::string& agent = "agent-1") {
    return authority_.issue_agent({"line-one", "bridge", "A", agent}, now_).value();
  }

 private:
  std::string name_;
  UtcMillis now_;
  crypto::Authority authority_;
};

}  // namespace crossline::testing
