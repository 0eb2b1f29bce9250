#include "crossline/wire/slip.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/base/text.hpp"
#include "crossline/wire/event_codec.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace crossline::wire {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kSignatureBytes = 64;
constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";  // RFC 4648 section 6

// Base32 without padding.
std::string to_base32(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() * 8 + 4) / 5);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char byte : bytes) {
    bits = (bits << 8) | static_cast<std::uint8_t>(byte);
    for (count += 8; count >= 5; count -= 5) text += kAlphabet[(bits >> (count - 5)) & 31];
  }
  if (count > 0) text += kAlphabet[(bits << (5 - count)) & 31];
  return text;
}

// One spelling only: no padding, no other length, unused bits zero.
Result<std::string> from_base32(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() * 5 / 8);
  std::uint32_t bits = 0;
  int count = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t value = kAlphabet.find(text[i]);
    if (value == std::string_view::npos)
      return fail(ErrorCode::kMalformed, "slip: character {} is none of a slip's", i + 1);
    bits = (bits << 5) | static_cast<std::uint32_t>(value);
    count += 5;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>((bits >> count) & 0xff);
  }
  if (count >= 5 || (bits & ((1u << count) - 1)) != 0)
    return fail(ErrorCode::kMalformed, "slip: {} characters that do not end where a byte does", text.size());
  return bytes;
}

// Takes from the front of `rest`.
Result<ByteView> take(ByteView& rest, std::size_t count, std::string_view what) {
  if (rest.size() < count) return fail(ErrorCode::kMalformed, "slip: ends within its {}", what);
  const ByteView taken = rest.first(count);
  rest = rest.subspan(count);
  return taken;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

}  // namespace

Result<std::string> encode_slip(const Slip& slip) {
  std::string bytes;
  bytes += static_cast<char>(kVersion);
  bytes += static_cast<char>(slip.line.size());
  bytes += slip.line;
  bytes += as_text(slip.head_signature.bytes);
  bytes += static_cast<char>(slip.path.size());
  for (const merkle::Hash& hash : slip.path) bytes += as_text(hash.bytes);
  bytes += slip.event;
  if (bytes.size() > kMaxSlipBytes || slip.line.size() > limits::kMaxNameBytes || slip.event.empty())
    return fail(ErrorCode::kInvalidArgument, "a slip of {} bytes, at most {} fit", bytes.size(),
                kMaxSlipBytes);
  return bytes;
}

Result<Slip> decode_slip(ByteView bytes) {
  if (bytes.size() > kMaxSlipBytes)
    return fail(ErrorCode::kMalformed, "slip: {} bytes, at most {} are allowed", bytes.size(), kMaxSlipBytes);
  ByteView rest = bytes;
  CROSSLINE_TRY(const ByteView version, take(rest, 1, "version"));
  if (version[0] != kVersion)
    return fail(ErrorCode::kMalformed, "slip: version {}, this build knows {}", version[0], kVersion);
  Slip slip;
  CROSSLINE_TRY(const ByteView line_size, take(rest, 1, "line"));
  if (line_size[0] == 0 || line_size[0] > limits::kMaxNameBytes)
    return fail(ErrorCode::kMalformed, "slip: a line's name of {} bytes", line_size[0]);
  CROSSLINE_TRY(const ByteView line, take(rest, line_size[0], "line"));
  slip.line = as_text(line);
  CROSSLINE_TRY(const ByteView signature, take(rest, kSignatureBytes, "signature"));
  CROSSLINE_TRY(slip.head_signature, crypto::signature_from(signature));
  CROSSLINE_TRY(const ByteView count, take(rest, 1, "path"));
  if (count[0] > limits::kMaxProofHashes)
    return fail(ErrorCode::kMalformed, "slip: a path of {} hashes", count[0]);
  for (unsigned i = 0; i < count[0]; ++i) {
    CROSSLINE_TRY(const ByteView hash, take(rest, kHashBytes, "path"));
    CROSSLINE_TRY(slip.path.emplace_back(), crypto::hash_from(hash));
  }
  if (rest.empty()) return fail(ErrorCode::kMalformed, "slip: holds no event");
  slip.event = as_text(rest);
  return slip;
}

std::string slip_text(std::string_view bytes) {
  return std::string(kSlipPrefix) + to_base32(bytes);
}

Result<std::string> slip_bytes(std::string_view text) {
  const std::string_view inner = trimmed(text);
  if (inner.size() > kMaxSlipTextBytes)
    return fail(ErrorCode::kMalformed, "slip: {} characters, at most {} are allowed", inner.size(),
                kMaxSlipTextBytes);
  if (!inner.starts_with(kSlipPrefix))
    return fail(ErrorCode::kMalformed, "slip: does not start with {}", kSlipPrefix);
  return from_base32(inner.substr(kSlipPrefix.size()));
}

Result<SlipProof> open_slip(const Slip& slip) {
  SlipProof proof;
  CROSSLINE_TRY(proof.event, decode_event(as_bytes(slip.event)));
  const std::uint64_t index = proof.event.journal_index.value();
  if (slip.path.size() != static_cast<std::size_t>(std::popcount(index)) || index == UINT64_MAX) {
    return fail(ErrorCode::kMalformed, "slip: a path of {} hashes where event {} asks for {}",
                slip.path.size(), index, std::popcount(index));
  }
  // The event is the last leaf: everything before it hangs to its left.
  proof.leaf = merkle::leaf_hash(as_bytes(slip.event));
  proof.head = {TreeSize(index + 1), proof.leaf};
  for (const merkle::Hash& left : slip.path) proof.head.root = merkle::node_hash(left, proof.head.root);
  return proof;
}

Result<void> verify_slip(const Slip& slip, const SlipProof& proof, const crypto::Verifier& journal_key) {
  const std::string origin = merkle::journal_origin(slip.line, proof.event.agent);
  if (merkle::verify_tree_head(origin, proof.head, slip.head_signature, journal_key)) return {};
  return fail(ErrorCode::kBadSignature, "slip: agent {} did not sign this", proof.event.agent);
}

std::string slip_reference(std::string_view agent, JournalIndex index, const merkle::Hash& leaf) {
  return fmt::format("{}/{}/{:02X}{:02X}", agent, index.value(), leaf.bytes[0], leaf.bytes[1]);
}

Result<SlipReference> slip_reference_from(std::string_view text) {
  const auto parts = split(text, '/');
  if (parts.size() != 3 || parts[0].empty())
    return fail(ErrorCode::kMalformed, "three parts are wanted, with / between: as in bridge-a-1/42/7F3A");
  SlipReference reference;
  reference.agent = std::string(parts[0]);
  const auto index = parse_u64(parts[1]);
  if (!index) return fail(ErrorCode::kMalformed, "the second part is a number");
  reference.index = JournalIndex(*index);
  const auto check = from_hex(parts[2]);
  if (!check || check->size() != reference.check.size())
    return fail(ErrorCode::kMalformed, "the last part is four figures, 0 to 9 and A to F");
  std::ranges::copy(*check, reference.check.begin());
  return reference;
}

bool fits(const SlipReference& reference, const merkle::Hash& leaf) {
  return std::ranges::equal(reference.check, ByteView(leaf.bytes).first(reference.check.size()));
}

}  // namespace crossline::wire
