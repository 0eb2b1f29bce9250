#include "crossline/crypto/ed25519.hpp"

#include "crossline/base/assert.hpp"
#include "openssl.hpp"

#include <algorithm>
#include <utility>

#include <openssl/pem.h>

namespace crossline::crypto {
namespace {

using Encoding = std::array<std::uint8_t, 32>;

// A little-endian encoding whose bytes are `first`, then 30 times 0xff, then 0x7f: the values around p =
// 2^255 - 19.
constexpr Encoding near_prime(std::uint8_t first) {
  Encoding encoding{};
  encoding.fill(0xff);
  encoding.front() = first;
  encoding.back() = 0x7f;
  return encoding;
}

constexpr Encoding small_value(std::uint8_t value) {
  Encoding encoding{};
  encoding.front() = value;
  return encoding;
}

constexpr std::uint8_t kPrimeFirstByte = 0xed;

// Every y that a point of order 1, 2, 4 or 8 can be written with, the sign bit of x cleared: 0, 1, -1 and the
// two of order 8, then 0 and 1 once more in their only other spellings below 2^255, p and p + 1.
constexpr std::array<Encoding, 7> kLowOrderY = {
    small_value(0),
    small_value(1),
    near_prime(kPrimeFirstByte - 1),
    Encoding{0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
             0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
    Encoding{0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
             0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
    near_prime(kPrimeFirstByte),
    near_prime(kPrimeFirstByte + 1),
};

Result<void> check_point(const PublicKey& key) {
  Encoding y = key.bytes;
  y.back() &= 0x7f;
  if (std::ranges::find(kLowOrderY, y) != kLowOrderY.end()) {
    return fail(ErrorCode::kBadSignature, "an Ed25519 key of low order proves nothing");
  }
  if (y.front() >= kPrimeFirstByte && y.back() == 0x7f &&
      std::all_of(y.begin() + 1, y.end() - 1, [](std::uint8_t byte) { return byte == 0xff; })) {
    return fail(ErrorCode::kMalformed, "an Ed25519 key that is not in its canonical encoding");
  }
  return {};
}

template <std::size_t size>
Result<std::array<std::uint8_t, size>> exactly(ByteView bytes, std::string_view what) {
  if (bytes.size() != size)
    return fail(ErrorCode::kMalformed, "{} has {} bytes, not {}", what, size, bytes.size());
  std::array<std::uint8_t, size> array{};
  std::ranges::copy(bytes, array.begin());
  return array;
}

}  // namespace

Result<Signature> signature_from(ByteView bytes) {
  CROSSLINE_TRY(const auto array, exactly<64>(bytes, "an Ed25519 signature"));
  return Signature{array};
}

Result<PublicKey> public_key_from(ByteView bytes) {
  CROSSLINE_TRY(const auto array, exactly<32>(bytes, "an Ed25519 public key"));
  const PublicKey key{array};
  CROSSLINE_CHECK_OK(check_point(key));
  return key;
}

struct Verifier::Key {
  PublicKey public_key;
  PkeyPtr pkey;
};

Verifier::Verifier(std::shared_ptr<const Key> key) : key_(std::move(key)) {}
Verifier::~Verifier() = default;
Verifier::Verifier(Verifier&&) noexcept = default;
Verifier& Verifier::operator=(Verifier&&) noexcept = default;
Verifier::Verifier(const Verifier&) = default;
Verifier& Verifier::operator=(const Verifier&) = default;

Result<Verifier> Verifier::make(const PublicKey& key) {
  CROSSLINE_CHECK_OK(check_point(key));
  PkeyPtr pkey(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.bytes.data(), key.bytes.size()));
  CROSSLINE_ASSERT(pkey != nullptr);
  return Verifier(std::make_shared<const Key>(Key{key, std::move(pkey)}));
}

bool Verifier::verify(ByteView message, const Signature& signature) const {
  const DigestContextPtr context(EVP_MD_CTX_new());
  CROSSLINE_ASSERT(context != nullptr);
  CROSSLINE_ASSERT(EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_->pkey.get()) == 1);
  const bool valid = EVP_DigestVerify(context.get(), signature.bytes.data(), signature.bytes.size(),
                                      message.data(), message.size()) == 1;
  if (!valid) ERR_clear_error();
  return valid;
}

const PublicKey& Verifier::key() const {
  return key_->public_key;
}

struct Signer::Key {
  PublicKey public_key;
  PkeyPtr pkey;  // OpenSSL wipes the secret when it frees the key

  static std::unique_ptr<Key> from(PkeyPtr pkey) {
    auto key = std::make_unique<Key>();
    std::size_t size = key->public_key.bytes.size();
    CROSSLINE_ASSERT(EVP_PKEY_get_raw_public_key(pkey.get(), key->public_key.bytes.data(), &size) == 1);
    key->pkey = std::move(pkey);
    return key;
  }
};

Signer::Signer(std::unique_ptr<Key> key) : key_(std::move(key)) {}
Signer::~Signer() = default;
Signer::Signer(Signer&&) noexcept = default;
Signer& Signer::operator=(Signer&&) noexcept = default;

Signer Signer::generate(Random& random) {
  std::array<std::uint8_t, 32> seed{};
  random.fill(seed);
  Result<Signer> signer = from_seed(seed);
  OPENSSL_cleanse(seed.data(), seed.size());
  CROSSLINE_ASSERT(signer.has_value());
  return *std::move(signer);
}

Result<Signer> Signer::from_seed(ByteView seed) {
  if (seed.size() != 32)
    return fail(ErrorCode::kMalformed, "an Ed25519 seed has 32 bytes, not {}", seed.size());
  PkeyPtr pkey(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
  CROSSLINE_ASSERT(pkey != nullptr);
  return Signer(Key::from(std::move(pkey)));
}

Result<Signer> Signer::from_pem(std::string_view pem) {
  const BioPtr bio = read_bio(pem);
  PkeyPtr pkey(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr));
  if (pkey == nullptr) return fail(ErrorCode::kMalformed, "not a PEM private key: {}", last_openssl_error());
  if (EVP_PKEY_get_id(pkey.get()) != EVP_PKEY_ED25519) {
    return fail(ErrorCode::kMalformed, "a PEM private key, but not an Ed25519 one");
  }
  return Signer(Key::from(std::move(pkey)));
}

Signature Signer::sign(ByteView message) const {
  const DigestContextPtr context(EVP_MD_CTX_new());
  Signature signature;
  std::size_t size = signature.bytes.size();
  CROSSLINE_ASSERT(context != nullptr);
  CROSSLINE_ASSERT(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_->pkey.get()) == 1);
  CROSSLINE_ASSERT(
      EVP_DigestSign(context.get(), signature.bytes.data(), &size, message.data(), message.size()) == 1);
  return signature;
}

const PublicKey& Signer::public_key() const {
  return key_->public_key;
}

std::string Signer::to_pem() const {
  const BioPtr bio(BIO_new(BIO_s_secmem()));
  CROSSLINE_ASSERT(bio != nullptr);
  CROSSLINE_ASSERT(
      PEM_write_bio_PKCS8PrivateKey(bio.get(), key_->pkey.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return bio_text(bio.get());
}

}  // namespace crossline::crypto
