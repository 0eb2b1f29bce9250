#include "evidence.hpp"

#include "crossline/crypto/sha256.hpp"
#include "crossline/merkle/tree_head.hpp"
#include "crossline/runtime/file.hpp"
#include "crossline/runtime/http_url.hpp"
#include "crossline/runtime/timeout.hpp"

#include <algorithm>
#include <utility>

namespace crossline::agent {
namespace {

namespace fs = std::filesystem;
using runtime::Task;

constexpr std::uint64_t kFirstRetryMs = 5'000;
constexpr std::uint64_t kMaxRetryMs = 300'000;
constexpr std::size_t kMaxAnswerBytes = 64 * 1024;
constexpr const char* kExtension = ".misbehaviour";
constexpr const char* kReported = ".reported";

std::uint64_t size_of(const merkle::SignedNote& head) {
  const auto parsed = merkle::parse_tree_head(head.text);
  return parsed ? parsed->head.size.value() : 0;
}

struct Unreported {
  fs::path file;
  std::string text;
};

std::vector<Unreported> unreported_in(const fs::path& folder) {
  std::vector<Unreported> found;
  std::error_code ignored;  // no folder: nothing to report
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const fs::path& file = entry.path();
    if (file.extension() != kExtension || fs::exists(file.string() + kReported)) continue;
    if (auto text = runtime::read_text_file(file, merkle::Misbehaviour::kMaxBytes))
      found.push_back({file, *std::move(text)});
  }
  return found;
}

}  // namespace

Evidence::Evidence(runtime::Executor executor, fs::path folder, WitnessOptions witness, runtime::LogFn log)
    : folder_(std::move(folder)),
      witness_(std::move(witness)),
      log_(std::move(log)),
      kept_(std::move(executor)) {
  const auto url = runtime::HttpUrl::parse(witness_.url);
  if (witness_.url.empty() || !url) return;
  runtime::HttpClientOptions options;
  options.host = url->host;
  options.port = url->port;
  options.max_response_bytes = kMaxAnswerBytes;
  if (url->tls) {
    runtime::TlsClientOptions tls;
    tls.server_roots.push_back({"witness", witness_.root_pem});
    tls.server_name = url->host;
    auto context = runtime::TlsContext::client(tls);
    if (!context) {
      log_("the witness cannot be told anything: " + context.error().to_string());
      return;
    }
    options.tls = *std::move(context);
  }
  prefix_ = url->prefix;
  client_.emplace(std::move(options));
}

void Evidence::keep(const merkle::Misbehaviour& evidence) {
  const std::string text = evidence.to_string();
  const std::string id = crypto::sha256(as_bytes(text)).hex().substr(0, 8);
  const fs::path file = folder_ / fmt::format("ledger-{}-{}-{}{}", size_of(evidence.heads[0]),
                                              size_of(evidence.heads[1]), id, kExtension);
  std::error_code error;
  if (fs::exists(file, error)) return;
  fs::create_directories(folder_, error);
  if (const auto written = runtime::write_file_atomic(file, as_bytes(text)); !written)
    return log_("evidence against the server is not kept: " + written.error().to_string());
  log_(fmt::format("evidence against the server: {}", file.string()));
  kept_.notify();
}

Task<> Evidence::report() {
  if (!client_) co_return;
  std::uint64_t retry_ms = kFirstRetryMs;
  const fs::path folder = folder_;
  const auto look = [folder] { return unreported_in(folder); };
  for (;;) {
    const auto found = co_await disk_.run(look);
    bool all_told = found.has_value();
    if (found) {
      for (const Unreported& one : *found) {
        const auto told = co_await report_one(one.file, one.text);
        if (told) continue;
        all_told = false;
        log_(fmt::format("{} is not reported to the witness: {}", one.file.filename().string(),
                         told.error().message));
      }
    }
    if (all_told) {
      retry_ms = kFirstRetryMs;
      co_await kept_.wait();
      continue;
    }
    co_await runtime::sleep_for(retry_ms);
    retry_ms = std::min(retry_ms * 2, kMaxRetryMs);
  }
}

Task<Result<void>> Evidence::report_one(fs::path file, std::string text) {
  runtime::HttpHeaders headers;
  headers.set("Content-Type", "text/plain; charset=utf-8");
  std::string target = prefix_ + "/misbehaviour";
  const auto response =
      co_await client_->request("POST", std::move(target), std::move(headers), std::move(text));
  if (!response) co_return std::unexpected(response.error());
  if (response->status != 200)
    co_return fail(ErrorCode::kForbidden, "status {}: {}", response->status, response->body.substr(0, 200));
  const fs::path note = file.string() + kReported;
  const std::string answer = response->body;
  auto mark = [note, answer] { return runtime::write_file_atomic(note, as_bytes(answer)); };
  co_return co_await disk_.run(mark);
}

}  // namespace crossline::agent
