#include "crossline/runtime/http_static.hpp"

#include "crossline/base/text.hpp"
#include "crossline/crypto/sha256.hpp"
#include "crossline/runtime/file.hpp"
#include "crossline/runtime/http_guard.hpp"

#include <algorithm>
#include <array>

#include <fmt/ranges.h>

namespace crossline::runtime {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kIndex = "index.html";
constexpr std::string_view kHashedFolder = "assets/";
constexpr std::size_t kEtagBytes = 16;
constexpr std::string_view kForEver = "public, max-age=31536000, immutable";
constexpr std::string_view kAskAgain = "no-cache";

constexpr std::array<std::pair<std::string_view, std::string_view>, 16> kContentTypes = {{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".yaml", "application/yaml"},
    {".map", "application/json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".webmanifest", "application/manifest+json"},
    {".woff2", "font/woff2"},
    {".woff", "font/woff"},
    {".mp3", "audio/mpeg"},
    {".wav", "audio/wav"},
    {".txt", "text/plain; charset=utf-8"},
    {".wasm", "application/wasm"},
}};

std::string_view content_type_of(const fs::path& path) {
  const std::string extension = path.extension().string();
  const auto found = std::ranges::find(kContentTypes, extension, &decltype(kContentTypes)::value_type::first);
  return found == kContentTypes.end() ? "application/octet-stream" : found->second;
}

// If-None-Match holds "*" or a list of tags, weak ones marked W/ (RFC 9110 section 13.1.2).
bool names_tag(std::string_view header, std::string_view etag) {
  for (std::string_view tag : split(header, ',')) {
    while (tag.starts_with(' ')) tag.remove_prefix(1);
    while (tag.ends_with(' ')) tag.remove_suffix(1);
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag == etag || tag == "*") return true;
  }
  return false;
}

}  // namespace

Result<std::shared_ptr<const StaticFiles>> StaticFiles::load(const fs::path& folder,
                                                             std::size_t max_total_bytes) {
  const auto loaded = std::make_shared<StaticFiles>();
  std::size_t room = max_total_bytes;
  std::error_code error;
  fs::recursive_directory_iterator walk(folder, error);
  if (error) return fail(ErrorCode::kNotFound, "{}: {}", folder.string(), error.message());
  for (; walk != fs::recursive_directory_iterator(); walk.increment(error)) {
    const fs::directory_entry& entry = *walk;
    if (entry.path().filename().string().starts_with('.')) {
      walk.disable_recursion_pending();
      continue;
    }
    if (entry.symlink_status().type() != fs::file_type::regular) continue;
    CROSSLINE_TRY(auto body, read_text_file(entry.path(), room));
    room -= body.size();
    const std::string name = entry.path().lexically_relative(folder).generic_string();
    const auto hash = crypto::sha256(as_bytes(body));
    File file{.body = std::move(body),
              .content_type = std::string(content_type_of(entry.path())),
              .etag = fmt::format("\"{}\"", to_hex(hash.view().first(kEtagBytes))),
              .immutable = name.starts_with(kHashedFolder)};
    loaded->files_.emplace(name, std::move(file));
  }
  if (error) return fail(ErrorCode::kUnavailable, "{}: {}", folder.string(), error.message());
  if (!loaded->files_.contains(kIndex)) {
    return fail(ErrorCode::kNotFound, "{}: there is no {} in it", folder.string(), kIndex);
  }
  return loaded;
}

HttpResponse StaticFiles::respond(const HttpRequest& request) const {
  if (request.method != "GET" && request.method != "HEAD") {
    HttpResponse refused = problem(405, "method_not_allowed", "allowed here: GET, HEAD");
    refused.headers.set("Allow", "GET, HEAD");
    return refused;
  }
  const std::string name =
      request.segments.empty() ? std::string(kIndex) : fmt::format("{}", fmt::join(request.segments, "/"));
  const auto found = files_.find(name);
  if (found == files_.end()) return problem(404, "not_found", "there is nothing at this path");
  const File& file = found->second;
  HttpResponse response;
  response.headers.add("ETag", file.etag);
  response.headers.add("Cache-Control", std::string(file.immutable ? kForEver : kAskAgain));
  response.headers.add("Content-Security-Policy", std::string(kPagePolicy));
  if (names_tag(request.headers.find("If-None-Match").value_or(""), file.etag)) {
    response.status = 304;
    return response;
  }
  response.headers.add("Content-Type", file.content_type);
  response.body = file.body;
  return response;
}

}  // namespace crossline::runtime
