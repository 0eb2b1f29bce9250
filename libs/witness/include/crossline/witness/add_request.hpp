// The body of `POST /add-checkpoint` (C2SP tlog-witness v1.0.0).
#pragma once

#include "crossline/merkle/note.hpp"
#include "crossline/merkle/proof.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace crossline::witness {

inline constexpr std::size_t kMaxRequestBytes = 64 * 1024;
inline constexpr std::size_t kMaxConsistencyHashes = 63;

struct AddRequest {
  TreeSize old_size;                // of the head that the witness cosigned last; 0: never
  std::vector<merkle::Hash> proof;  // consistency from there to the head
  merkle::SignedNote note;          // the head, signed by its log

  // Reads only what to_string writes; kMalformed, saying what.
  static Result<AddRequest> parse(std::string_view body);
  [[nodiscard]] std::string to_string() const;
};

// "— name base64\n" for each: what a witness answers.
[[nodiscard]] std::string signature_lines(std::span<const merkle::NoteSignature> signatures);
// kMalformed unless the text is 1 to limits::kMaxNoteSignatures such lines.
Result<std::vector<merkle::NoteSignature>> parse_signature_lines(std::string_view lines);

}  // namespace crossline::witness
