// Ed25519 signing and verification (RFC 8032, pure), with the journal keys' file form.
#pragma once

#include "crossline/base/bytes.hpp"
#include "crossline/base/time.hpp"

#include <array>
#include <compare>
#include <memory>
#include <string>

namespace crossline::crypto {

struct Signature {
  std::array<std::uint8_t, 64> bytes{};
  friend bool operator==(const Signature&, const Signature&) = default;
};
// kMalformed unless exactly 64 bytes.
Result<Signature> signature_from(ByteView bytes);

struct PublicKey {
  std::array<std::uint8_t, 32> bytes{};
  friend auto operator<=>(const PublicKey&, const PublicKey&) = default;
};
// kMalformed unless exactly 32 bytes; kBadSignature for a low-order point (any of the 8-torsion points, in
// every encoding), under which a signature proves nothing. Use it wherever a key is enrolled or read.
Result<PublicKey> public_key_from(ByteView bytes);

// A parsed public key, ready to verify many signatures. Immutable: any thread may use it at the same time.
class Verifier {
 public:
  // kBadSignature for a key that public_key_from would refuse.
  static Result<Verifier> make(const PublicKey& key);
  ~Verifier();
  Verifier(Verifier&&) noexcept;
  Verifier& operator=(Verifier&&) noexcept;
  Verifier(const Verifier&);
  Verifier& operator=(const Verifier&);
  [[nodiscard]] bool verify(ByteView message, const Signature& signature) const;
  [[nodiscard]] const PublicKey& key() const;

 private:
  struct Key;
  explicit Verifier(std::shared_ptr<const Key> key);
  std::shared_ptr<const Key> key_;
};

// A private key, ready to sign. Move-only; the secret is wiped on destruction. Signing is const and
// may run on any thread.
class Signer {
 public:
  static Signer generate(Random& random);
  // From the 32-byte seed of RFC 8032.
  static Result<Signer> from_seed(ByteView seed);
  // PKCS#8 PEM text, as `openssl genpkey -algorithm ed25519` writes it. kMalformed otherwise.
  static Result<Signer> from_pem(std::string_view pem);
  ~Signer();
  Signer(Signer&&) noexcept;
  Signer& operator=(Signer&&) noexcept;
  [[nodiscard]] Signature sign(ByteView message) const;
  [[nodiscard]] const PublicKey& public_key() const;
  // PKCS#8 PEM, unencrypted: the caller writes it with mode 0600.
  [[nodiscard]] std::string to_pem() const;

 private:
  struct Key;
  explicit Signer(std::unique_ptr<Key> key);
  std::unique_ptr<Key> key_;
};

}  // namespace crossline::crypto
