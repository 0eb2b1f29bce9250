// Tree heads (C2SP tlog-checkpoint v1.0.0): the signed size and root of a journal or of the ledger.
#pragma once

#include "crossline/base/strong.hpp"
#include "crossline/crypto/ed25519.hpp"
#include "crossline/merkle/note.hpp"
#include "crossline/merkle/tree.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace crossline::merkle {

struct TreeHead {
  TreeSize size;
  Hash root;
  friend bool operator==(const TreeHead&, const TreeHead&) = default;
};

// "<line>/ledger" and "<line>/journal/<agent>".
[[nodiscard]] std::string ledger_origin(std::string_view line);
[[nodiscard]] std::string journal_origin(std::string_view line, std::string_view agent);

// "<origin>\n<size>\n<base64 root>\n": the bytes that are signed.
[[nodiscard]] std::string tree_head_text(std::string_view origin, const TreeHead& head);

inline constexpr std::uint64_t kMaxTreeSize = INT64_MAX;  // what readers of tlog-checkpoint take

struct ParsedTreeHead {
  std::string origin;
  TreeHead head;
};
// Accepts and ignores extension lines after the third, as the standard asks of readers. kMalformed otherwise,
// and for a size beyond kMaxTreeSize.
Result<ParsedTreeHead> parse_tree_head(std::string_view text);

// The bare 64-byte form used on the agents' wire, where both ends build the text themselves.
[[nodiscard]] crypto::Signature sign_tree_head(std::string_view origin, const TreeHead& head,
                                               const crypto::Signer& signer);
[[nodiscard]] bool verify_tree_head(std::string_view origin, const TreeHead& head,
                                    const crypto::Signature& signature, const crypto::Verifier& verifier);

}  // namespace crossline::merkle
