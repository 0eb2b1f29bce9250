// A server's ledger over HTTPS.
#pragma once

#include "crossline/mirror/log_source.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace crossline::mirror {

struct HttpsLogOptions {
  std::string url;  // "https://server.example:8443": what is below /tlog/ is fetched
  // Whose certificate the server must show, and what opens the entries. `crossline pki auditor` makes them.
  std::vector<std::string> server_roots_pem;
  std::string certificate_pem;
  std::string private_key_pem;
  std::uint64_t timeout_ms = 15'000;  // of one request
  std::size_t connections = 4;        // at once
};

// Fetches over a few connections that are kept. Blocks its caller and runs a thread of its own.
class HttpsLog final : public LogSource {
 public:
  // kInvalidArgument: the address is no https address, a certificate or key cannot be read. Connects to
  // nobody.
  static Result<std::unique_ptr<HttpsLog>> open(const HttpsLogOptions& options);
  ~HttpsLog() override;

  Result<std::vector<std::string>> fetch(std::span<const std::string> paths) override;
  // What the server answers to GET of this target beside the ledger, such as "/api/v1/statistics?from=...";
  // at most kMaxAnswerBytes. Errors of fetch().
  static constexpr std::size_t kMaxAnswerBytes = 16u << 20;
  Result<std::string> get(const std::string& target);

 private:
  struct State;
  explicit HttpsLog(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace crossline::mirror
