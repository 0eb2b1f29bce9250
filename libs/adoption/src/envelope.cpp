#include "crossline/adoption/envelope.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/base/text.hpp"
#include "crossline/crypto/sha256.hpp"
#include "unique_keys.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace crossline::adoption {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kKeyIdBytes = 8;
constexpr std::size_t kMaxKeyIdBytes = 256;
constexpr std::size_t kMaxSignatureBytes = 1'024;  // room for other algorithms' signatures

std::unexpected<Refused> refuse(Refusal reason, std::string message) {
  return std::unexpected(Refused{reason, std::move(message)});
}

// The standard leaves the alphabet to the producer.
Result<Bytes> from_either_base64(std::string text) {
  if (text.find_first_of("-_") != std::string::npos) {
    if (text.find_first_of("+/") != std::string::npos)
      return fail(ErrorCode::kMalformed, "both base64 alphabets in one text");
    std::ranges::replace(text, '-', '+');
    std::ranges::replace(text, '_', '/');
  }
  return from_base64(text);
}

// A text member; an absent one is the same as an empty one when it is optional.
Judged<std::string> text_of(const nlohmann::json& object, const char* key, bool optional) {
  const auto member = object.find(key);
  if (member == object.end()) {
    if (optional) return std::string();
    return refuse(Refusal::kMalformedEnvelope, fmt::format("the envelope has no '{}'", key));
  }
  if (!member->is_string())
    return refuse(Refusal::kMalformedEnvelope, fmt::format("'{}' is not a text", key));
  return member->get<std::string>();
}

Judged<Bytes> base64_of(const nlohmann::json& object, const char* key) {
  auto text = text_of(object, key, false);
  if (!text) return std::unexpected(std::move(text).error());
  auto bytes = from_either_base64(*std::move(text));
  if (!bytes) return refuse(Refusal::kMalformedEnvelope, fmt::format("'{}': {}", key, bytes.error().message));
  return *std::move(bytes);
}

Judged<EnvelopeSignature> signature_of(const nlohmann::json& element) {
  if (!element.is_object())
    return refuse(Refusal::kMalformedEnvelope, "a signature is not an object with 'sig'");
  auto key_id = text_of(element, "keyid", true);
  if (!key_id) return std::unexpected(std::move(key_id).error());
  auto signature = base64_of(element, "sig");
  if (!signature) return std::unexpected(std::move(signature).error());
  if (key_id->size() > kMaxKeyIdBytes || signature->size() > kMaxSignatureBytes)
    return refuse(Refusal::kTooLarge,
                  fmt::format("a signature of {} bytes by a key of {}", signature->size(), key_id->size()));
  return EnvelopeSignature{*std::move(key_id), *std::move(signature)};
}

}  // namespace

Bytes pre_authentication_encoding(std::string_view type, ByteView body) {
  const std::string head = fmt::format("DSSEv1 {} {} {} ", type.size(), type, body.size());
  Bytes encoded = to_bytes(as_bytes(head));
  encoded.insert(encoded.end(), body.begin(), body.end());
  return encoded;
}

std::string key_id_of(const crypto::PublicKey& key) {
  return to_hex(crypto::sha256(key.bytes).view().first(kKeyIdBytes));
}

Judged<Envelope> Envelope::parse(std::string_view json) {
  if (json.size() > limits::kMaxEnvelopeBytes)
    return refuse(Refusal::kTooLarge, fmt::format("the envelope has {} bytes; at most {} are read",
                                                  json.size(), limits::kMaxEnvelopeBytes));
  if (auto unique = check_unique_keys(json, "the envelope"); !unique)
    return std::unexpected(std::move(unique).error());
  const auto tree = nlohmann::json::parse(json, nullptr, false);
  if (!tree.is_object()) return refuse(Refusal::kMalformedEnvelope, "the envelope is not a JSON object");
  auto type = text_of(tree, "payloadType", false);
  if (!type) return std::unexpected(std::move(type).error());
  auto payload = base64_of(tree, "payload");
  if (!payload) return std::unexpected(std::move(payload).error());
  const auto list = tree.find("signatures");
  if (list == tree.end() || !list->is_array())
    return refuse(Refusal::kMalformedEnvelope, "the envelope has no list 'signatures'");
  if (list->size() > limits::kMaxEnvelopeSignatures)
    return refuse(Refusal::kTooLarge, fmt::format("the envelope has {} signatures; at most {} are read",
                                                  list->size(), limits::kMaxEnvelopeSignatures));
  Envelope envelope{*std::move(type), *std::move(payload), {}};
  for (const auto& element : *list) {
    auto signature = signature_of(element);
    if (!signature) return std::unexpected(std::move(signature).error());
    envelope.signatures.push_back(*std::move(signature));
  }
  return envelope;
}

std::string Envelope::to_json() const {
  Json list = Json::array();
  for (const EnvelopeSignature& one : signatures)
    list.push_back({{"keyid", one.key_id}, {"sig", to_base64(one.signature)}});
  return Json{{"payload", to_base64(payload)}, {"payloadType", type}, {"signatures", std::move(list)}}
             .dump() +
         "\n";
}

void Envelope::sign(const crypto::Signer& signer) {
  const crypto::Signature made = signer.sign(pre_authentication_encoding(type, payload));
  EnvelopeSignature signature{key_id_of(signer.public_key()), to_bytes(made.bytes)};
  if (std::ranges::find(signatures, signature) == signatures.end())
    signatures.push_back(std::move(signature));
}

Result<void> Envelope::merge(const Envelope& other) {
  if (other.type != type || other.payload != payload)
    return fail(ErrorCode::kConflict, "the envelopes are not of the same edition: {} and {}",
                crypto::sha256(payload).hex(), crypto::sha256(other.payload).hex());
  for (const EnvelopeSignature& signature : other.signatures)
    if (std::ranges::find(signatures, signature) == signatures.end()) signatures.push_back(signature);
  return {};
}

}  // namespace crossline::adoption
