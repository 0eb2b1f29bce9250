#include "crossline/crypto/post_name.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/base/text.hpp"

#include <algorithm>
#include <array>

namespace crossline::crypto {
namespace {

constexpr std::string_view kScheme = "crossline://";
constexpr std::array<std::string_view, 3> kSides = {"A", "B", "joint"};

// The parts of a crossline URI between its slashes, the line first.
Result<std::vector<std::string_view>> uri_parts(std::string_view uri) {
  if (!uri.starts_with(kScheme))
    return fail(ErrorCode::kMalformed, "a name that does not start with {}", kScheme);
  return split(uri.substr(kScheme.size()), '/');
}

Result<void> check_name(ErrorCode code, std::string_view part, std::string_view name) {
  if (is_plain_name(name)) return {};
  return fail(code, "the {} is not a name of 1 to {} lower-case letters, digits and '-'", part,
              limits::kMaxNameBytes);
}

Result<void> check_post(ErrorCode code, const PostName& name) {
  CROSSLINE_CHECK_OK(check_name(code, "line", name.line));
  CROSSLINE_CHECK_OK(check_name(code, "checkpoint", name.checkpoint));
  if (std::ranges::find(kSides, name.side) == kSides.end()) {
    return fail(code, "the side of a post is A, B or joint");
  }
  return check_name(code, "agent", name.agent);
}

}  // namespace

bool is_plain_name(std::string_view name) {
  if (name.empty() || name.size() > limits::kMaxNameBytes || name.front() == '-') return false;
  return std::ranges::all_of(
      name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

Result<PostName> PostName::parse(std::string_view uri) {
  CROSSLINE_TRY(const auto parts, uri_parts(uri));
  if (parts.size() != 5 || parts[1] != "post") {
    return fail(ErrorCode::kMalformed,
                "a post's name has the form crossline://<line>/post/<checkpoint>/<side>/<agent>");
  }
  PostName name{.line = std::string(parts[0]),
                .checkpoint = std::string(parts[2]),
                .side = std::string(parts[3]),
                .agent = std::string(parts[4])};
  CROSSLINE_CHECK_OK(check_post(ErrorCode::kMalformed, name));
  return name;
}

Result<void> PostName::check() const {
  return check_post(ErrorCode::kInvalidArgument, *this);
}

std::string PostName::uri() const {
  return fmt::format("{}{}/post/{}/{}/{}", kScheme, line, checkpoint, side, agent);
}

Result<ServerName> ServerName::parse(std::string_view uri) {
  CROSSLINE_TRY(const auto parts, uri_parts(uri));
  if (parts.size() != 2 || parts[1] != "server") {
    return fail(ErrorCode::kMalformed, "the server's name has the form crossline://<line>/server");
  }
  CROSSLINE_CHECK_OK(check_name(ErrorCode::kMalformed, "line", parts[0]));
  return ServerName{.line = std::string(parts[0])};
}

std::string ServerName::uri() const {
  return fmt::format("{}{}/server", kScheme, line);
}

Result<AuditorName> AuditorName::parse(std::string_view uri) {
  CROSSLINE_TRY(const auto parts, uri_parts(uri));
  if (parts.size() != 3 || parts[1] != "auditor") {
    return fail(ErrorCode::kMalformed, "an auditor's name has the form crossline://<line>/auditor/<name>");
  }
  CROSSLINE_CHECK_OK(check_name(ErrorCode::kMalformed, "line", parts[0]));
  CROSSLINE_CHECK_OK(check_name(ErrorCode::kMalformed, "auditor", parts[2]));
  return AuditorName{.line = std::string(parts[0]), .name = std::string(parts[2])};
}

Result<void> AuditorName::check() const {
  CROSSLINE_CHECK_OK(check_name(ErrorCode::kInvalidArgument, "line", line));
  return check_name(ErrorCode::kInvalidArgument, "auditor", name);
}

std::string AuditorName::uri() const {
  return fmt::format("{}{}/auditor/{}", kScheme, line, name);
}

}  // namespace crossline::crypto
