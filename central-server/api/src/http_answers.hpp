// Operations' answers as HTTP.
#pragma once

#include "crossline/accounts/sessions.hpp"
#include "crossline/api/problem.hpp"
#include "crossline/runtime/http_message.hpp"

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace crossline::api {

[[nodiscard]] runtime::HttpResponse response_of(const Problem& problem);
[[nodiscard]] runtime::HttpResponse response_of(int status, const nlohmann::json& body);

// The session's token, when the request carries one that could be.
[[nodiscard]] std::optional<accounts::SessionToken> token_of(const runtime::HttpRequest& request);

// Refuses an unsafe request without the session's CSRF token (403 `csrf`) or with a body that is not declared
// as JSON (415 `malformed`).
[[nodiscard]] Answer<void> check_unsafe(const runtime::HttpRequest& request,
                                        const accounts::SessionToken& token);
[[nodiscard]] Answer<void> check_json_body(const runtime::HttpRequest& request);
[[nodiscard]] bool is_safe(std::string_view method);

// Set-Cookie values.
[[nodiscard]] std::string session_cookie(const accounts::SessionToken& token);
[[nodiscard]] std::string expired_session_cookie();

// Whose attempts are counted together: an IPv4 address, or the first 64 bits of an IPv6 address, which one
// subscriber holds.
[[nodiscard]] std::string throttle_key(std::string_view address);

}  // namespace crossline::api
