// The signed form of an edition: a DSSE 1.0.2 envelope (docs/formats/edition-envelope.md). Text in, text out.
#pragma once

#include "crossline/adoption/refusal.hpp"
#include "crossline/base/bytes.hpp"
#include "crossline/crypto/ed25519.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace crossline::adoption {

inline constexpr std::string_view kEditionType = "application/vnd.crossline.procedure+json";

// What is signed: "DSSEv1 <len type> <type> <len body> <body>" (DSSE protocol, "Signature Definition").
[[nodiscard]] Bytes pre_authentication_encoding(std::string_view type, ByteView body);

// Names a key for people and for a first guess, never for counting: the first 8 bytes of the SHA-256 of the
// public key, in hexadecimal.
[[nodiscard]] std::string key_id_of(const crypto::PublicKey& key);

// A signature as it came. Only when it has 64 bytes can it be one of ours; others are somebody else's.
struct EnvelopeSignature {
  std::string key_id;  // a hint, may be empty
  Bytes signature;
  friend bool operator==(const EnvelopeSignature&, const EnvelopeSignature&) = default;
};

// The bytes and who signed them; nothing in it is verified. A value type.
struct Envelope {
  std::string type;
  Bytes payload;
  std::vector<EnvelopeSignature> signatures;

  // kTooLarge, kDuplicateKey, kMalformedEnvelope. Fields that the standard does not name are ignored, as it
  // asks; base64 may be in either alphabet, always padded.
  static Judged<Envelope> parse(std::string_view json);
  [[nodiscard]] std::string to_json() const;

  // Adds the key's signature over exactly this payload; again changes nothing.
  void sign(const crypto::Signer& signer);
  // Takes over the signatures of another envelope of the same payload, each once. kConflict for another one.
  Result<void> merge(const Envelope& other);
  friend bool operator==(const Envelope&, const Envelope&) = default;
};

}  // namespace crossline::adoption
