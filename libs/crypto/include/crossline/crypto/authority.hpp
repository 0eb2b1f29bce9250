// A party's certification authority: one root that signs the certificates of its own machines directly.
// What each certificate contains, and why, is certs/policy.md.
#pragma once

#include "crossline/base/result.hpp"
#include "crossline/base/time.hpp"
#include "crossline/crypto/certificate.hpp"
#include "crossline/crypto/post_name.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::crypto {

inline constexpr std::uint32_t kRootValidDays = 3'652;  // ten years
inline constexpr std::uint32_t kLeafValidDays = 731;    // two years

// A certificate with the private key made for it (PKCS#8 PEM, unencrypted: the caller writes it with mode
// 0600).
struct Credential {
  std::string certificate_pem;
  std::string private_key_pem;
};

// What a server certificate is for.
struct ServerRequest {
  ServerName name;
  std::vector<std::string> dns_names;     // lower-case host names, no wildcards
  std::vector<std::string> ip_addresses;  // IPv4 or IPv6
};

// Holds a root's private key; wiped on destruction. Keys and serial numbers come from OpenSSL's CSPRNG.
// Move-only; one thread at a time. Certificates are valid from an hour before `now`, for machines whose clock
// is behind.
class Authority {
 public:
  // A new root (ECDSA P-256, CA:TRUE, pathlen 0) of `party` ("A", "B" or "G") for `line`.
  static Result<Authority> create(std::string_view line, std::string_view party, UtcMillis now);
  // kMalformed when either cannot be read, kConflict when they do not belong together or it is no authority.
  static Result<Authority> load(std::string_view certificate_pem, std::string_view private_key_pem);
  ~Authority();
  Authority(Authority&&) noexcept;
  Authority& operator=(Authority&&) noexcept;

  [[nodiscard]] const Certificate& certificate() const;
  [[nodiscard]] std::string private_key_pem() const;

  // kInvalidArgument names the part of the request that is wrong.
  Result<Credential> issue_server(const ServerRequest& request, UtcMillis now) const;
  Result<Credential> issue_agent(const PostName& post, UtcMillis now) const;
  Result<Credential> issue_auditor(const AuditorName& auditor, UtcMillis now) const;

 private:
  struct State;
  explicit Authority(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace crossline::crypto
