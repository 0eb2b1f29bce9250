#include "tools/procedure/submit_command.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/runtime/http_client.hpp"
#include "crossline/runtime/io_threads.hpp"
#include "tools/accounts/password_source.hpp"
#include "tools/support/exit.hpp"
#include "tools/support/input_file.hpp"
#include "tools/support/output.hpp"

#include <charconv>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace crossline::tools {
namespace {

using Json = nlohmann::ordered_json;
using runtime::HttpHeaders;
using runtime::HttpResponse;
using runtime::Task;

constexpr std::size_t kMaxCertificateBytes = 64 * 1024;
constexpr std::uint64_t kTimeoutMs = 30'000;
constexpr std::uint16_t kHttpsPort = 443;
constexpr int kCreated = 201;

struct SubmitOptions {
  std::string envelope;
  std::string server;
  std::string ca;
  std::string user;
  std::string password_file;
  bool json = false;
};

struct Address {
  std::string host;
  std::uint16_t port = kHttpsPort;
};

// https://NAME[:PORT][/]
Result<Address> parse_server(std::string_view url) {
  constexpr std::string_view kScheme = "https://";
  const Error wrong{ErrorCode::kInvalidArgument,
                    fmt::format("--server {}: expected https://NAME or https://NAME:PORT", url)};
  if (!url.starts_with(kScheme)) return std::unexpected(wrong);
  url.remove_prefix(kScheme.size());
  if (url.ends_with('/')) url.remove_suffix(1);
  Address address;
  const std::size_t colon = url.rfind(':');
  const bool has_port = colon != std::string_view::npos && url.find(']', colon) == std::string_view::npos;
  if (has_port) {
    const std::string_view digits = url.substr(colon + 1);
    const auto [end, error] = std::from_chars(digits.begin(), digits.end(), address.port);
    if (error != std::errc() || end != digits.end() || address.port == 0) return std::unexpected(wrong);
    url = url.substr(0, colon);
  }
  if (url.starts_with('[') && url.ends_with(']')) url = url.substr(1, url.size() - 2);
  if (url.empty() || url.find('/') != std::string_view::npos) return std::unexpected(wrong);
  address.host = url;
  return address;
}

// A session of one person, for one act.
class Session {
 public:
  explicit Session(runtime::HttpClientOptions options) : client_(std::move(options)) {}

  Task<Result<void>> sign_in(std::string user, std::string password) {
    const Json credentials{{"name", std::move(user)}, {"password", std::move(password)}};
    std::string body = credentials.dump();
    CROSSLINE_CO_TRY(const HttpResponse response, co_await send("POST", "/api/v1/session", std::move(body)));
    if (response.status != kCreated) co_return std::unexpected(error_of(response));
    const auto cookie = response.headers.find("Set-Cookie");
    const Json session = Json::parse(response.body, nullptr, false);
    if (!cookie || !session.is_object() || !session.contains("csrf_token"))
      co_return fail(ErrorCode::kMalformed, "the server gave no session");
    cookie_ = std::string(cookie->substr(0, cookie->find(';')));
    csrf_ = session["csrf_token"].get<std::string>();
    co_return Result<void>();
  }

  Task<Result<HttpResponse>> send(std::string method, std::string target, std::string body) {
    HttpHeaders headers;
    headers.add("Content-Type", "application/json");
    headers.add("Sec-Fetch-Site", "same-origin");
    if (!cookie_.empty()) headers.add("Cookie", cookie_);
    if (!csrf_.empty()) headers.add("X-CSRF-Token", csrf_);
    co_return co_await client_.request(std::move(method), std::move(target), std::move(headers),
                                       std::move(body));
  }

  // What the server says is wrong: "<code>: <detail>".
  static Error error_of(const HttpResponse& response) {
    const Json problem = Json::parse(response.body, nullptr, false);
    if (!problem.is_object() || !problem.contains("code"))
      return {ErrorCode::kUnavailable, fmt::format("the server answered {}", response.status)};
    return {ErrorCode::kForbidden, fmt::format("{}: {}", problem["code"].get<std::string>(),
                                               problem.value("detail", std::string()))};
  }

 private:
  runtime::HttpClient client_;
  std::string cookie_;
  std::string csrf_;
};

struct Outcome {
  Result<HttpResponse> response = fail(ErrorCode::kUnavailable, "the server was not asked");
};

Task<> submit(runtime::HttpClientOptions options, std::string user, std::string password,
              std::string envelope, Outcome* outcome) {
  Session session(std::move(options));
  if (auto signed_in = co_await session.sign_in(std::move(user), std::move(password)); !signed_in) {
    outcome->response = std::unexpected(std::move(signed_in).error());
    co_return;
  }
  outcome->response = co_await session.send("POST", "/api/v1/procedure/editions", std::move(envelope));
  (void)co_await session.send("DELETE", "/api/v1/session", "");
}

runtime::HttpClientOptions client_options(const SubmitOptions& options) {
  const Address address = value_or_exit(parse_server(options.server));
  runtime::TlsClientOptions tls;
  tls.server_roots = {{"server", read_input(options.ca, kMaxCertificateBytes)}};
  tls.server_name = address.host;
  runtime::HttpClientOptions http;
  http.host = address.host;
  http.port = address.port;
  http.tls = value_or_exit(runtime::TlsContext::client(tls));
  http.timeout_ms = kTimeoutMs;
  return http;
}

void run_submit(const SubmitOptions& options) {
  std::string envelope = read_input(options.envelope, limits::kMaxEnvelopeBytes);
  while (envelope.ends_with('\n')) envelope.pop_back();
  runtime::HttpClientOptions client = client_options(options);  // before anybody types a password
  std::string password = value_or_exit(
      options.password_file.empty() ? own_password_from_stdin() : password_from_file(options.password_file));
  Outcome outcome;
  runtime::IoThreads io(1);
  io.run(submit(std::move(client), options.user, std::move(password), std::move(envelope), &outcome));
  const HttpResponse response = value_or_exit(std::move(outcome.response));
  const Json answer = Json::parse(response.body, nullptr, false);
  if (response.status != kCreated) {
    if (options.json && answer.is_object()) print(answer.dump(2) + "\n");
    note(fmt::format("{}: {}", options.envelope, Session::error_of(response).message));
    throw Exit{kExitFailed};
  }
  if (options.json) return print(answer.dump(2) + "\n");
  const Json& edition = answer.at("edition");
  print(fmt::format("Adopted edition {} of {} as ledger entry {}; {} from {}\n  sha256:{}\n",
                    edition.at("number").get<std::uint64_t>(), edition.at("name").get<std::string>(),
                    answer.at("ledger_index").get<std::uint64_t>(), edition.at("state").get<std::string>(),
                    edition.at("from").get<std::string>(), edition.at("hash").get<std::string>()));
}

}  // namespace

void add_submit_command(CLI::App& procedure) {
  const auto options = std::make_shared<SubmitOptions>();
  CLI::App* submit = procedure.add_subcommand(
      "submit",
      "Hand a signed edition to a running server, which verifies it, records it and tells the agents");
  submit->add_option("envelope", options->envelope, "The envelope with enough signatures of each party")
      ->required();
  submit->add_option("--server", options->server, "https://NAME[:PORT] of the server")->required();
  submit->add_option("--ca", options->ca, "PEM file with the root that certifies the server")->required();
  submit->add_option("--user", options->user, "Account of a negotiator or administrator")->required();
  submit->add_option("--password-file", options->password_file,
                     "File with the password; without it, it is read from standard input");
  submit->add_flag("--json", options->json, "Print JSON");
  submit->footer(
      "Exit codes: 0 adopted; 1 refused, or the server was not reached: the reason is told, and the edition "
      "in force stays in force; 2 a file cannot be read, or usage.");
  submit->callback([options] { run_submit(*options); });
}

}  // namespace crossline::tools
