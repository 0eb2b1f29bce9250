#include "session.hpp"

#include "crossline/api/reading.hpp"
#include "crossline/api/time_text.hpp"
#include "crossline/crypto/certificate.hpp"
#include "http_answers.hpp"

#include <nlohmann/json.hpp>

namespace crossline::api {
namespace {

using runtime::HttpRequest;
using runtime::HttpResponse;

nlohmann::json session_json(const Services& services, const accounts::Principal& principal,
                            const accounts::SessionToken& token) {
  return {{"user", principal.account},
          {"role", accounts::name_of(principal.role)},
          {"party", accounts::name_of(principal.party)},
          {"language", principal.language},
          {"csrf_token", accounts::csrf_token_of(token)},
          {"line", services.line},
          {"now", instant_text(services.clock.now())},
          {"expires_at", instant_text(principal.session_ends_at)},
          {"idle_timeout_ms", accounts::kIdleLimitMs}};
}

std::unexpected<Problem> not_signed_in() {
  return refuse(401, "unauthenticated", "not signed in, or the session has ended");
}

}  // namespace

Answer<Credentials> read_credentials(const HttpRequest& request) {
  if (auto checked = check_json_body(request); !checked) return std::unexpected(checked.error());
  CROSSLINE_ANSWER_TRY(const nlohmann::json value, parse_json(request.body));
  ObjectReader body(value);
  Credentials credentials;
  credentials.name = body.text("name", 1, accounts::kMaxNameBytes);
  credentials.password = body.text("password", 1, accounts::kMaxPasswordBytes, ObjectReader::Kind::kLines);
  if (const auto problem = body.problem()) return std::unexpected(*problem);
  return credentials;
}

Problem too_many_attempts(std::uint64_t wait_ms) {
  Problem problem =
      refuse(429, "too_many_attempts", "too many attempts to sign in; wait before the next").error();
  problem.retry_after_ms = wait_ms;
  return problem;
}

Answer<accounts::Principal> admit(accounts::Sessions& sessions, const HttpRequest& request,
                                  accounts::Use use) {
  const auto token = token_of(request);
  if (!token) return not_signed_in();
  CROSSLINE_ANSWER_TRY(auto principal, sessions.authenticate(*token, use));
  if (auto checked = check_unsafe(request, *token); !checked) return std::unexpected(checked.error());
  return principal;
}

bool shows_certificate(const HttpRequest& request) {
  return request.tls && !request.tls->certificate_der.empty();
}

Answer<void> admit_certificate(const Services& services, const HttpRequest& request) {
  const auto certificate = crypto::Certificate::from_der(request.tls->certificate_der);
  if (!certificate) return refuse(403, "forbidden", "what was shown is no certificate");
  const auto admitted = services.queries.admit_auditor(*certificate, request.tls->party);
  if (!admitted) return std::unexpected(problem_of(admitted.error()));
  return {};
}

HttpResponse run_sign_in(const HttpApiParts& parts, const Credentials& credentials) {
  const auto session = parts.sessions.sign_in(credentials.name, credentials.password);
  if (!session && session.error().code == ErrorCode::kUnauthenticated) {
    return response_of(refuse(401, "wrong_credentials", session.error().message).error());
  }
  if (!session) return response_of(problem_of(session.error()));
  HttpResponse response = response_of(201, session_json(parts.services, session->principal, session->token));
  response.headers.set("Set-Cookie", session_cookie(session->token));
  return response;
}

HttpResponse run_get_session(const HttpApiParts& parts, const HttpRequest& request) {
  const auto principal = admit(parts.sessions, request, accounts::Use::kLooks);
  if (!principal) return response_of(principal.error());
  return response_of(200, session_json(parts.services, *principal, *token_of(request)));
}

HttpResponse run_sign_out(const HttpApiParts& parts, const HttpRequest& request) {
  if (const auto principal = admit(parts.sessions, request, accounts::Use::kLooks); !principal) {
    return response_of(principal.error());
  }
  if (const auto ended = parts.sessions.sign_out(*token_of(request)); !ended) {
    return response_of(problem_of(ended.error()));
  }
  HttpResponse response;
  response.status = 204;
  response.headers.set("Set-Cookie", expired_session_cookie());
  return response;
}

}  // namespace crossline::api
