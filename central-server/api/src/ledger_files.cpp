#include "ledger_files.hpp"

#include "http_answers.hpp"
#include "session.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace crossline::api {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;

constexpr std::size_t kCachedTiles = 2'048;  // of 8 KiB
constexpr std::string_view kEditionPrefix = "edition/";
constexpr std::string_view kEnvelopePrefix = "envelope/";
constexpr std::string_view kForEver = "public, max-age=31536000, immutable";
constexpr std::string_view kAskAgain = "no-cache";
constexpr std::string_view kForAuditors = "private, max-age=31536000, immutable";

HttpResponse not_found() {
  return response_of(refuse(404, "not_found", "the ledger has no such file").error());
}

HttpResponse not_ready() {
  Problem problem = refuse(503, "unavailable", "the ledger's tiles are being prepared").error();
  problem.retry_after_ms = 1'000;
  return response_of(problem);
}

HttpResponse head_response(const std::optional<PublishedHead>& head) {
  if (!head) return not_ready();
  HttpResponse response = runtime::text_response(200, "text/plain; charset=utf-8", head->note.to_string());
  response.headers.set("Cache-Control", std::string(kAskAgain));
  return response;
}

// What a path holds never changes: a partial tile is named by its width.
HttpResponse tile_response(std::string body, std::string_view caching) {
  HttpResponse response = runtime::text_response(200, "application/octet-stream", std::move(body));
  response.headers.set("Cache-Control", std::string(caching));
  response.headers.set("Cross-Origin-Resource-Policy", "same-origin");
  return response;
}

HttpResponse other_method() {
  HttpResponse response =
      response_of(refuse(405, "method_not_allowed", "the ledger can only be read").error());
  response.headers.set("Allow", "GET, HEAD");
  return response;
}

}  // namespace

std::optional<HttpResponse> LedgerFiles::respond_at_once(const HttpRequest& request) {
  if (!is_safe(request.method)) return other_method();
  const std::string_view file = std::string_view(request.path).substr(kLogPrefix.size());
  if (file == "checkpoint") return head_response(parts_.services.log.state().newest);
  if (file == "settled") {
    LogState state = parts_.services.log.state();
    return state.settled ? head_response(state.settled) : not_found();
  }
  if (const Body body = cached(request.path)) return tile_response(*body, kForEver);
  return std::nullopt;
}

HttpResponse LedgerFiles::respond(const HttpRequest& request) {
  const std::string_view file = std::string_view(request.path).substr(kLogPrefix.size());
  if (file.starts_with(kEditionPrefix))
    return of_edition(request, kEditionPrefix,
                      [this](const crypto::Hash& hash) { return parts_.services.log.edition(hash); });
  if (file.starts_with(kEnvelopePrefix))
    return of_edition(request, kEnvelopePrefix, [this](const crypto::Hash& hash) {
      return parts_.services.log.edition_envelope(hash);
    });
  const auto path = merkle::parse_tile_path(file);
  if (!path) return not_found();
  const bool entries = path->kind == merkle::TileKind::kEntries;
  if (entries) {
    if (const auto admitted = admit_auditor(request); !admitted) return response_of(admitted.error());
  }
  if (!parts_.services.log.state().newest) return not_ready();
  const auto bytes = parts_.services.log.tile(*path);
  if (!bytes) {
    if (bytes.error().code == ErrorCode::kNotFound) return not_found();
    parts_.log(fmt::format("GET {}: {}", merkle::tile_path(*path), bytes.error().to_string()));
    return response_of(problem_of(bytes.error()));
  }
  std::string body(as_text(*bytes));
  if (!entries && path->id.width == merkle::kTileWidth)
    keep(request.path, std::make_shared<const std::string>(body));
  return tile_response(std::move(body), entries ? kForAuditors : kForEver);
}

// What stands under an edition's hash, which never changes either.
template <class Read>
HttpResponse LedgerFiles::of_edition(const HttpRequest& request, std::string_view prefix, const Read& read) {
  const std::string_view name = std::string_view(request.path).substr(kLogPrefix.size() + prefix.size());
  const auto bytes = from_hex(name);
  const auto hash = bytes ? crypto::hash_from(*bytes) : std::unexpected(bytes.error());
  if (!hash || hash->hex() != name) return not_found();
  if (const auto admitted = admit_auditor(request); !admitted) return response_of(admitted.error());
  auto content = read(*hash);
  if (content) return tile_response(*std::move(content), kForAuditors);
  if (content.error().code == ErrorCode::kNotFound) return not_found();
  parts_.log(fmt::format("GET {}{}: {}", prefix, name, content.error().to_string()));
  return response_of(problem_of(content.error()));
}

// A certificate that a party's root has signed for one of its auditors and that was not revoked, or the
// session of an auditor.
Answer<void> LedgerFiles::admit_auditor(const HttpRequest& request) {
  if (shows_certificate(request)) return admit_certificate(parts_.services, request);
  CROSSLINE_ANSWER_TRY(const auto caller, admit(parts_.sessions, request, accounts::Use::kProlongs));
  if (accounts::may(caller.role, accounts::Permission::kReadEntries)) return {};
  return refuse(403, "forbidden", fmt::format("the role {} may not do this", accounts::name_of(caller.role)));
}

LedgerFiles::Body LedgerFiles::cached(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const auto found = by_path_.find(path);
  if (found == by_path_.end()) return nullptr;
  newest_first_.splice(newest_first_.begin(), newest_first_, found->second);
  return found->second->second;
}

void LedgerFiles::keep(std::string path, Body body) {
  const std::lock_guard lock(mutex_);
  if (by_path_.contains(path)) return;
  newest_first_.emplace_front(path, std::move(body));
  by_path_.emplace(std::move(path), newest_first_.begin());
  if (newest_first_.size() <= kCachedTiles) return;
  by_path_.erase(newest_first_.back().first);
  newest_first_.pop_back();
}

}  // namespace crossline::api
