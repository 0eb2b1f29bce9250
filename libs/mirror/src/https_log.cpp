#include "crossline/mirror/https_log.hpp"

#include "crossline/runtime/http_client.hpp"
#include "crossline/runtime/http_url.hpp"
#include "crossline/runtime/io_threads.hpp"
#include "folder_log.hpp"

#include <utility>

#include <fmt/format.h>

namespace crossline::mirror {
namespace {

using runtime::HttpResponse;
using runtime::Task;

constexpr std::string_view kLogPrefix = "/tlog/";

// One call of fetch(), shared by the connections. On one strand.
struct Fetching {
  std::string_view prefix;
  std::span<const std::string> paths;
  std::vector<std::string> contents;  // in the order of the paths
  std::size_t next = 0;
  std::optional<Error> error;  // the first
};

Result<std::string> content_of(std::size_t max_bytes, HttpResponse response) {
  switch (response.status) {
    case 200:
      if (response.body.size() > max_bytes)
        return fail(ErrorCode::kMalformed, "the server gives {} bytes, and this has at most {}",
                    response.body.size(), max_bytes);
      return std::move(response.body);
    case 400:
      return fail(ErrorCode::kInvalidArgument, "the server does not take this request for one (status 400)");
    case 401:
    case 403:
      if (response.body.contains("\"code\":\"revoked\""))
        return fail(ErrorCode::kRevoked,
                    "the server refuses it (status {}): this auditor's certificate was revoked; "
                    "`crossline pki auditor` makes one of another name",
                    response.status);
      return fail(
          ErrorCode::kForbidden,
          "the server refuses it (status {}): entries are for auditors of this line, whose certificate "
          "`crossline pki auditor` makes",
          response.status);
    case 404:
      return fail(ErrorCode::kNotFound, "the server has no such file");
    case 503:
      return fail(ErrorCode::kUnavailable, "the server is preparing its tiles: try again");
    default:
      return fail(ErrorCode::kUnavailable, "the server answers with status {}", response.status);
  }
}

Task<> join_all(runtime::TaskGroup tasks) {
  co_await tasks.join();
}

}  // namespace

struct HttpsLog::State {
  State(runtime::HttpUrl url_in, std::size_t connections, const runtime::HttpClientOptions& http)
      : url(std::move(url_in)) {
    for (std::size_t i = 0; i < connections; ++i)
      clients.push_back(std::make_unique<runtime::HttpClient>(http));
  }
  Result<std::vector<std::string>> fetch(std::string_view prefix, std::span<const std::string> paths);
  Task<> fetch_with(runtime::HttpClient* client, Fetching* fetching);

  const runtime::HttpUrl url;
  runtime::IoThreads io{1};
  const runtime::Executor strand = io.new_strand();
  std::vector<std::unique_ptr<runtime::HttpClient>> clients;
};

Task<> HttpsLog::State::fetch_with(runtime::HttpClient* client, Fetching* fetching) {
  while (!fetching->error && fetching->next < fetching->paths.size()) {
    const std::size_t place = fetching->next++;
    const std::string& path = fetching->paths[place];
    std::string target = fmt::format("{}{}{}", url.prefix, fetching->prefix, path);
    const std::size_t max_bytes = fetching->prefix.empty() ? kMaxAnswerBytes : max_bytes_of(path);
    auto response = co_await client->request("GET", std::move(target));
    auto content = response ? content_of(max_bytes, *std::move(response))
                            : Result<std::string>(std::unexpected(std::move(response).error()));
    if (content) {
      fetching->contents[place] = *std::move(content);
    } else if (!fetching->error) {
      const std::string where = runtime::Endpoint{url.host, url.port}.to_string();
      fetching->error = std::move(content).error().at(fmt::format("{}: {}", where, path));
    }
  }
}

HttpsLog::HttpsLog(std::unique_ptr<State> state) : state_(std::move(state)) {}
HttpsLog::~HttpsLog() = default;

Result<std::unique_ptr<HttpsLog>> HttpsLog::open(const HttpsLogOptions& options) {
  CROSSLINE_TRY(runtime::HttpUrl url, runtime::HttpUrl::parse(options.url));
  if (!url.tls)
    return fail(ErrorCode::kInvalidArgument, "'{}': a ledger is read over https:// only", options.url);
  runtime::TlsClientOptions tls;
  for (const std::string& pem : options.server_roots_pem) tls.server_roots.push_back({"server", pem});
  tls.certificate_chain_pem = options.certificate_pem;
  tls.private_key_pem = options.private_key_pem;
  tls.server_name = url.host;
  runtime::HttpClientOptions http;
  http.host = url.host;
  http.port = url.port;
  http.timeout_ms = options.timeout_ms;
  http.max_response_bytes = kMaxLogFileBytes;
  CROSSLINE_TRY(http.tls, runtime::TlsContext::client(tls));
  auto state = std::make_unique<State>(std::move(url), options.connections, http);
  return std::unique_ptr<HttpsLog>(new HttpsLog(std::move(state)));
}

Result<std::vector<std::string>> HttpsLog::fetch(std::span<const std::string> paths) {
  return state_->fetch(kLogPrefix, paths);
}

Result<std::string> HttpsLog::get(const std::string& target) {
  CROSSLINE_TRY(auto contents, state_->fetch("", std::span(&target, 1)));
  return std::move(contents.front());
}

Result<std::vector<std::string>> HttpsLog::State::fetch(std::string_view prefix,
                                                        std::span<const std::string> paths) {
  Fetching fetching{.prefix = prefix,
                    .paths = paths,
                    .contents = std::vector<std::string>(paths.size()),
                    .next = 0,
                    .error = {}};
  runtime::TaskGroup tasks(clients.size(), [](std::string_view) {});
  for (const auto& client : clients)
    CROSSLINE_CHECK_OK(tasks.spawn(strand, "fetch", fetch_with(client.get(), &fetching)));
  io.run(join_all(tasks));
  if (fetching.error) return std::unexpected(*std::move(fetching.error));
  return std::move(fetching.contents);
}

}  // namespace crossline::mirror
