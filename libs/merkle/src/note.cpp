#include "crossline/merkle/note.hpp"

#include "crossline/base/assert.hpp"
#include "crossline/base/limits.hpp"
#include "crossline/base/text.hpp"
#include "crossline/crypto/sha256.hpp"

#include <algorithm>
#include <array>

namespace crossline::merkle {
namespace {

constexpr std::string_view kSignaturePrefix = "\u2014 ";  // em dash, space
constexpr std::size_t kKeyIdBytes = 4;
constexpr std::size_t kTimeBytes = 8;

// White space of Unicode beyond ASCII, in UTF-8 (category Z and U+0085).
constexpr std::array<std::string_view, 19> kUnicodeSpaces = {
    "\u0085", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
    "\u2007", "\u2008", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20;
}

std::string cosignature_message(std::string_view text, std::uint64_t time_s) {
  return fmt::format("cosignature/v1\ntime {}\n{}", time_s, text);
}

Result<NoteSignature> parse_signature_line(std::string_view line) {
  if (!line.starts_with(kSignaturePrefix)) {
    return fail(ErrorCode::kMalformed, "a signature line starts with an em dash and a space");
  }
  line.remove_prefix(kSignaturePrefix.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos)
    return fail(ErrorCode::kMalformed, "a signature line without a signature");
  NoteSignature signature;
  signature.name = line.substr(0, space);
  if (!is_note_key_name(signature.name))
    return fail(ErrorCode::kMalformed, "a signature line with a bad key name");
  CROSSLINE_TRY(const Bytes blob, from_base64(line.substr(space + 1)));
  if (blob.size() <= kKeyIdBytes) return fail(ErrorCode::kMalformed, "a signature of {} bytes", blob.size());
  signature.key_id = load_u32_be(blob.data());
  signature.signature.assign(blob.begin() + kKeyIdBytes, blob.end());
  return signature;
}

// The voucher that one signature of a known key makes.
Result<NoteVouchers::Voucher> vouch(std::string_view text, const NoteSignature& line,
                                    const NoteVerifierKey& key) {
  CROSSLINE_TRY(const crypto::Verifier verifier, crypto::Verifier::make(key.key));
  NoteVouchers::Voucher voucher{.key = key};
  ByteView signature = line.signature;
  std::string message(text);
  if (key.type == NoteKeyType::kCosignatureV1 && signature.size() >= kTimeBytes) {
    voucher.time_s = load_u64_be(signature.data());
    signature = signature.subspan(kTimeBytes);
    message = cosignature_message(text, voucher.time_s);
  }
  const Result<crypto::Signature> parsed = crypto::signature_from(signature);
  if (!parsed || !verifier.verify(as_bytes(message), *parsed)) {
    return fail(ErrorCode::kBadSignature, "the signature of {}+{:08x} does not verify", key.name, key.key_id);
  }
  return voucher;
}

}  // namespace

bool is_note_key_name(std::string_view name) {
  if (name.empty() || !is_utf8(name)) return false;
  if (std::ranges::any_of(name, [](char c) { return is_control(c) || c == ' ' || c == '+'; })) return false;
  const auto occurs = [name](std::string_view space) { return name.find(space) != std::string_view::npos; };
  return std::ranges::none_of(kUnicodeSpaces, occurs);
}

std::uint32_t note_key_id(std::string_view name, NoteKeyType type, const crypto::PublicKey& key) {
  const std::array<std::uint8_t, 2> separator_and_type = {'\n', static_cast<std::uint8_t>(type)};
  crypto::Sha256 context;
  const crypto::Hash hash =
      context.update(as_bytes(name)).update(separator_and_type).update(key.bytes).finish();
  return load_u32_be(hash.bytes.data());
}

NoteVerifierKey NoteVerifierKey::make(std::string name, NoteKeyType type, const crypto::PublicKey& key) {
  CROSSLINE_ASSERT(is_note_key_name(name));
  const std::uint32_t key_id = note_key_id(name, type, key);
  return {.name = std::move(name), .key_id = key_id, .type = type, .key = key};
}

Result<NoteVerifierKey> NoteVerifierKey::parse(std::string_view text) {
  const std::size_t first = text.find('+');
  const std::size_t second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) return fail(ErrorCode::kMalformed, "a verifier key is name+id+key");
  const std::string_view name = text.substr(0, first);
  if (!is_note_key_name(name)) return fail(ErrorCode::kMalformed, "a verifier key with a bad name");
  const Result<Bytes> id = from_hex(text.substr(first + 1, second - first - 1));
  if (!id || id->size() != kKeyIdBytes)
    return fail(ErrorCode::kMalformed, "the key id of {} is not 8 hex digits", name);
  const Result<Bytes> blob = from_base64(text.substr(second + 1));
  if (!blob || blob->empty()) return fail(ErrorCode::kMalformed, "the key of {} is not base64", name);
  const auto type = static_cast<NoteKeyType>(blob->front());
  if (type != NoteKeyType::kEd25519 && type != NoteKeyType::kCosignatureV1) {
    return fail(ErrorCode::kUnsupported, "the key of {} has type {:#04x}", name, blob->front());
  }
  CROSSLINE_TRY(const crypto::PublicKey key, crypto::public_key_from(ByteView(*blob).subspan(1)));
  NoteVerifierKey verifier_key = make(std::string(name), type, key);
  if (verifier_key.key_id != load_u32_be(id->data())) {
    return fail(ErrorCode::kBadSignature, "the key id of {} does not match its key", name);
  }
  return verifier_key;
}

std::string NoteVerifierKey::to_string() const {
  Bytes blob = {static_cast<std::uint8_t>(type)};
  blob.insert(blob.end(), key.bytes.begin(), key.bytes.end());
  return fmt::format("{}+{:08x}+{}", name, key_id, to_base64(blob));
}

Result<SignedNote> SignedNote::parse(std::string_view note) {
  if (note.size() > limits::kMaxNoteBytes)
    return fail(ErrorCode::kMalformed, "a note of {} bytes", note.size());
  if (!is_utf8(note)) return fail(ErrorCode::kMalformed, "a note that is not UTF-8");
  if (std::ranges::any_of(note, [](char c) { return is_control(c) && c != '\n'; })) {
    return fail(ErrorCode::kMalformed, "a note with control characters");
  }
  const std::size_t blank = note.rfind("\n\n");
  if (blank == std::string_view::npos) return fail(ErrorCode::kMalformed, "a note without a blank line");
  std::string_view lines = note.substr(blank + 2);
  if (!lines.ends_with('\n'))
    return fail(ErrorCode::kMalformed, "a note that does not end in a signature line");
  lines.remove_suffix(1);

  SignedNote parsed;
  parsed.text = note.substr(0, blank + 1);
  const std::vector<std::string_view> pieces = split(lines, '\n');
  if (pieces.size() > limits::kMaxNoteSignatures) {
    return fail(ErrorCode::kMalformed, "a note with {} signatures", pieces.size());
  }
  for (const std::string_view piece : pieces) {
    CROSSLINE_TRY(NoteSignature signature, parse_signature_line(piece));
    parsed.signatures.push_back(std::move(signature));
  }
  return parsed;
}

std::string SignedNote::to_string() const {
  std::string note = text + "\n";
  for (const NoteSignature& line : signatures) {
    Bytes blob(kKeyIdBytes);
    store_u32_be(line.key_id, blob.data());
    blob.insert(blob.end(), line.signature.begin(), line.signature.end());
    note += fmt::format("{}{} {}\n", kSignaturePrefix, line.name, to_base64(blob));
  }
  return note;
}

Result<NoteVouchers> verify_note(const SignedNote& note, std::span<const NoteVerifierKey> known) {
  NoteVouchers result;
  for (const NoteSignature& line : note.signatures) {
    const auto same_key = [&line](const NoteVerifierKey& key) {
      return key.name == line.name && key.key_id == line.key_id;
    };
    const auto key = std::ranges::find_if(known, same_key);
    if (key == known.end()) continue;
    if (std::ranges::any_of(result.vouchers, same_key, &NoteVouchers::Voucher::key)) continue;
    CROSSLINE_TRY(NoteVouchers::Voucher voucher, vouch(note.text, line, *key));
    result.vouchers.push_back(std::move(voucher));
  }
  if (result.vouchers.empty()) return fail(ErrorCode::kBadSignature, "no signature of a known key");
  return result;
}

NoteSignature sign_note(std::string_view text, std::string_view name, const crypto::Signer& signer) {
  CROSSLINE_ASSERT(is_note_key_name(name));
  const crypto::Signature signature = signer.sign(as_bytes(text));
  return {.name = std::string(name),
          .key_id = note_key_id(name, NoteKeyType::kEd25519, signer.public_key()),
          .signature = to_bytes(signature.bytes)};
}

NoteSignature cosign_note(std::string_view text, std::string_view name, const crypto::Signer& signer,
                          std::uint64_t time_s) {
  CROSSLINE_ASSERT(is_note_key_name(name));
  const crypto::Signature signature = signer.sign(as_bytes(cosignature_message(text, time_s)));
  Bytes blob(kTimeBytes);
  store_u64_be(time_s, blob.data());
  blob.insert(blob.end(), signature.bytes.begin(), signature.bytes.end());
  return {.name = std::string(name),
          .key_id = note_key_id(name, NoteKeyType::kCosignatureV1, signer.public_key()),
          .signature = std::move(blob)};
}

}  // namespace crossline::merkle
