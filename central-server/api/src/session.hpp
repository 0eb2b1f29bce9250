// /api/v1/session: who asks.
#pragma once

#include "crossline/accounts/sessions.hpp"
#include "crossline/api/http_api.hpp"
#include "crossline/api/problem.hpp"
#include "crossline/runtime/http_message.hpp"

#include <cstdint>
#include <string>

namespace crossline::api {

struct Credentials {
  std::string name;
  std::string password;
};
[[nodiscard]] Answer<Credentials> read_credentials(const runtime::HttpRequest& request);
[[nodiscard]] Problem too_many_attempts(std::uint64_t wait_ms);

// Who asks, once the session, the token against CSRF and the form of the body are in order. Blocks.
[[nodiscard]] Answer<accounts::Principal> admit(accounts::Sessions& sessions,
                                                const runtime::HttpRequest& request, accounts::Use use);

// Whether the connection showed a certificate; whose it is, is not said.
[[nodiscard]] bool shows_certificate(const runtime::HttpRequest& request);
// 403 unless the certificate is that of an auditor of this line who was not revoked. Requires one. Blocks.
[[nodiscard]] Answer<void> admit_certificate(const Services& services, const runtime::HttpRequest& request);

// The three operations; they block.
[[nodiscard]] runtime::HttpResponse run_sign_in(const HttpApiParts& parts, const Credentials& credentials);
[[nodiscard]] runtime::HttpResponse run_get_session(const HttpApiParts& parts,
                                                    const runtime::HttpRequest& request);
[[nodiscard]] runtime::HttpResponse run_sign_out(const HttpApiParts& parts,
                                                 const runtime::HttpRequest& request);

}  // namespace crossline::api
