// What an X.509 certificate says. Reading it proves nothing: the TLS layer verifies the chain, and tells
// whose root did.
#pragma once

#include "crossline/base/bytes.hpp"
#include "crossline/base/time.hpp"
#include "crossline/crypto/post_name.hpp"
#include "crossline/crypto/sha256.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace crossline::crypto {

struct Certificate {
  Bytes der;
  Hash fingerprint;     // SHA-256 of `der`: how the registry names it
  std::string serial;   // lower-case hexadecimal
  std::string subject;  // RFC 2253 text, for people
  std::string issuer;
  UtcMillis not_before;
  UtcMillis not_after;            // valid up to and including this instant
  std::vector<std::string> uris;  // URI subject alternative names
  bool is_authority = false;      // may sign certificates

  // kMalformed unless the bytes are exactly one certificate.
  static Result<Certificate> from_der(ByteView der);
  static Result<Certificate> from_pem(std::string_view pem);

  // The post it names; kMalformed unless it carries exactly one URI and that is a post's, the server's or an
  // auditor's.
  [[nodiscard]] Result<PostName> post() const;
  [[nodiscard]] Result<ServerName> server() const;
  [[nodiscard]] Result<AuditorName> auditor() const;
  [[nodiscard]] bool valid_at(UtcMillis now) const { return not_before <= now && now <= not_after; }
  [[nodiscard]] std::string to_pem() const;
};

// Whether `root` is an authority whose key signed `certificate` and whose name it gives as its issuer.
[[nodiscard]] bool is_issued_by(const Certificate& certificate, const Certificate& root);

}  // namespace crossline::crypto
