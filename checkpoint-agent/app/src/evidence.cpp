#include "evidence.hpp"

#include "crossline/crypto/sha256.hpp"
#include "crossline/merkle/tree_head.hpp"
#include "crossline/runtime/file.hpp"
#include "crossline/runtime/http_url.hpp"
#include "crossline/runtime/timeout.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <sys/types.h>

namespace crossline::agent {
namespace {

namespace fs = std::filesystem;
using runtime::Task;

constexpr std::uint64_t kFirstRetryMs = 5'000;  // before a witness is told again; doubles
constexpr std::uint64_t kMaxRetryMs = 300'000;  // up to this
constexpr std::size_t kMaxAnswerBytes = 64 * 1024;
constexpr std::size_t kMaxShownBytes = 200;  // of a witness's answer, in the log
constexpr mode_t kPrivate = 0600;
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

// Those that are kept; none when there is no folder yet.
std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (entry->path().extension() == kExtension) files.push_back(entry->path());
  return files;
}

std::vector<Unreported> unreported_in(const fs::path& folder) {
  std::vector<Unreported> found;
  for (const fs::path& file : files_in(folder)) {
    std::error_code error;
    if (fs::exists(file.string() + kReported, error)) continue;
    if (auto text = runtime::read_text_file(file, merkle::Misbehaviour::kMaxBytes))
      found.push_back({file, *std::move(text)});
  }
  return found;
}

// What proves it as it is, is never kept out by what leaves it open.
std::string_view kind_of(const merkle::Misbehaviour& evidence) {
  const bool is_of_one_size = size_of(evidence.heads[0]) == size_of(evidence.heads[1]);
  return is_of_one_size || evidence.index || evidence.prefix ? "proof" : "claim";
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
  const std::uint64_t seen = size_of(evidence.heads[0]);
  const std::uint64_t shown = size_of(evidence.heads[1]);
  const std::string_view kind = kind_of(evidence);
  const std::string id = crypto::sha256(as_bytes(text)).hex().substr(0, 8);
  const fs::path file = folder_ / fmt::format("{}-{}-{}-{}{}", kind, seen, shown, id, kExtension);
  std::error_code error;
  if (fs::exists(file, error)) return;
  const auto is_of_the_kind = [kind](const fs::path& kept) {
    return kept.filename().string().starts_with(kind);
  };
  if (std::cmp_greater_equal(std::ranges::count_if(files_in(folder_), is_of_the_kind), kMaxFilesOfAKind)) {
    return log_(fmt::format("{} holds {} {}s against the server: no more are kept", folder_.string(),
                            kMaxFilesOfAKind, kind));
  }
  fs::create_directories(folder_, error);
  fs::permissions(folder_, fs::perms::owner_all, error);
  if (const auto written = runtime::write_file_atomic(file, as_bytes(text), kPrivate); !written)
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
        std::string why = fmt::format("{} is not reported to the witness yet: {}",
                                      one.file.filename().string(), told.error().message);
        if (why != last_complaint_) log_(why);
        last_complaint_ = std::move(why);
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
    co_return fail(ErrorCode::kForbidden, "status {}: {}", response->status,
                   response->body.substr(0, kMaxShownBytes));
  const fs::path note = file.string() + kReported;
  const std::string answer = response->body;
  auto mark = [note, answer] { return runtime::write_file_atomic(note, as_bytes(answer), kPrivate); };
  co_return co_await disk_.run(mark);
}

}  // namespace crossline::agent
