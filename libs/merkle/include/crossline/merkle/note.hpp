// Signed notes (C2SP signed-note v1.0.0) and cosignatures (C2SP tlog-cosignature v1.0.1).
#pragma once

#include "crossline/base/result.hpp"
#include "crossline/crypto/ed25519.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::merkle {

enum class NoteKeyType : std::uint8_t {
  kEd25519 = 0x01,          // over the text
  kCosignatureV1 = 0x04,    // timestamped, over "cosignature/v1\ntime <t>\n" || text
  kReservedMlDsa44 = 0x06,  // known by number, not supported: OpenSSL 3.0 cannot do it
};

// The public half of a note key: "name+hex8(keyID)+base64(type || public key)".
struct NoteVerifierKey {
  std::string name;
  std::uint32_t key_id = 0;
  NoteKeyType type = NoteKeyType::kEd25519;
  crypto::PublicKey key;

  // kMalformed (what and where), kUnsupported (unknown type), kBadSignature (key id does not match, low-order
  // key).
  static Result<NoteVerifierKey> parse(std::string_view text);
  [[nodiscard]] static NoteVerifierKey make(std::string name, NoteKeyType type, const crypto::PublicKey& key);
  [[nodiscard]] std::string to_string() const;
};

// A key name: not empty, valid UTF-8, no white space, no '+', no control characters.
[[nodiscard]] bool is_note_key_name(std::string_view name);
// SHA-256(name || 0x0A || type || public key)[:4], big-endian.
[[nodiscard]] std::uint32_t note_key_id(std::string_view name, NoteKeyType type,
                                        const crypto::PublicKey& key);

// One signature line, checked for form but not verified.
struct NoteSignature {
  std::string name;
  std::uint32_t key_id = 0;
  Bytes signature;  // what follows the key id
};

// A note split into text (with its final "\n") and signature lines; `text` owns the exact bytes that are
// signed.
struct SignedNote {
  std::string text;
  std::vector<NoteSignature> signatures;

  // Splits at the last blank line. kMalformed: not UTF-8, control bytes, no blank line, bad signature line,
  // more than limits::kMaxNoteSignatures lines, larger than limits::kMaxNoteBytes.
  static Result<SignedNote> parse(std::string_view note);
  [[nodiscard]] std::string to_string() const;
};

// Which keys vouched for a note.
struct NoteVouchers {
  struct Voucher {
    NoteVerifierKey key;
    std::uint64_t time_s = 0;  // cosignature time, 0 for type kEd25519
  };
  std::vector<Voucher> vouchers;  // at least one, in the order of the lines, each key once
};

// Unknown (name, key id) lines are ignored; a known one that fails rejects the note (kBadSignature), as does
// a note with no known valid signature. A repeated line of one key counts once.
Result<NoteVouchers> verify_note(const SignedNote& note, std::span<const NoteVerifierKey> known);

// Adds a type 0x01 signature line under `name`. Requires is_note_key_name(name).
[[nodiscard]] NoteSignature sign_note(std::string_view text, std::string_view name,
                                      const crypto::Signer& signer);
// Adds a type 0x04 cosignature made at `time_s` (seconds since 1970).
[[nodiscard]] NoteSignature cosign_note(std::string_view text, std::string_view name,
                                        const crypto::Signer& signer, std::uint64_t time_s);

}  // namespace crossline::merkle
