#include "crossline/crypto/sha256.hpp"

#include "crossline/base/assert.hpp"
#include "openssl.hpp"

#include <algorithm>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

namespace crossline::crypto {
namespace {

// Fetching walks OpenSSL's providers, so it is done once. Never freed: a thread that outlives static
// destruction may still hash.
const EVP_MD* sha256_algorithm() {
  static const EVP_MD* const kAlgorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  CROSSLINE_ASSERT(kAlgorithm != nullptr);
  return kAlgorithm;
}

EVP_MAC_CTX* make_hmac_context() {
  static EVP_MAC* const kAlgorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  CROSSLINE_ASSERT(kAlgorithm != nullptr);
  EVP_MAC_CTX* context = EVP_MAC_CTX_new(kAlgorithm);
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                   OSSL_PARAM_construct_end()};
  CROSSLINE_ASSERT(context != nullptr && EVP_MAC_CTX_set_params(context, parameters) == 1);
  return context;
}

}  // namespace

Result<Hash> hash_from(ByteView bytes) {
  Hash hash;
  if (bytes.size() != hash.bytes.size()) {
    return fail(ErrorCode::kMalformed, "a SHA-256 value has 32 bytes, not {}", bytes.size());
  }
  std::ranges::copy(bytes, hash.bytes.begin());
  return hash;
}

struct Sha256::Context {
  Context() : evp(EVP_MD_CTX_new()) {
    CROSSLINE_ASSERT(evp != nullptr);
    reset();
  }
  void reset() { CROSSLINE_ASSERT(EVP_DigestInit_ex2(evp.get(), sha256_algorithm(), nullptr) == 1); }

  DigestContextPtr evp;
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

Sha256& Sha256::update(ByteView bytes) {
  CROSSLINE_ASSERT(EVP_DigestUpdate(context_->evp.get(), bytes.data(), bytes.size()) == 1);
  return *this;
}

Hash Sha256::finish() {
  Hash hash;
  CROSSLINE_ASSERT(EVP_DigestFinal_ex(context_->evp.get(), hash.bytes.data(), nullptr) == 1);
  context_->reset();
  return hash;
}

Hash sha256(ByteView bytes) {
  thread_local Sha256 context;
  return context.update(bytes).finish();
}

Hash hmac_sha256(ByteView key, ByteView message) {
  thread_local const MacContextPtr kContext(make_hmac_context());
  // A null key would mean "the key of the last call" to OpenSSL.
  static constexpr std::uint8_t kEmptyKey = 0;
  Hash hash;
  std::size_t size = 0;
  const bool done =
      EVP_MAC_init(kContext.get(), key.empty() ? &kEmptyKey : key.data(), key.size(), nullptr) == 1 &&
      EVP_MAC_update(kContext.get(), message.data(), message.size()) == 1 &&
      EVP_MAC_final(kContext.get(), hash.bytes.data(), &size, hash.bytes.size()) == 1;
  CROSSLINE_ASSERT(done && size == hash.bytes.size());
  return hash;
}

bool equal_constant_time(ByteView a, ByteView b) {
  return a.size() == b.size() && (a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

}  // namespace crossline::crypto
