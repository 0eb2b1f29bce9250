#include "crossline/witness/add_request.hpp"

#include "crossline/base/text.hpp"

namespace crossline::witness {
namespace {

constexpr std::string_view kOld = "old ";

// The next line without its line feed; nothing when there is no further line feed.
std::optional<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

Result<merkle::Hash> parse_hash(std::string_view line) {
  const auto bytes = from_base64(line);
  if (!bytes || bytes->size() != 32 || to_base64(*bytes) != line)
    return fail(ErrorCode::kMalformed, "a line of the proof is not the base64 of 32 bytes");
  return crypto::hash_from(*bytes);
}

// Any text will do: only its signature lines matter.
constexpr std::string_view kStandIn = "-\n\n";

}  // namespace

Result<AddRequest> AddRequest::parse(std::string_view body) {
  if (body.size() > kMaxRequestBytes) return fail(ErrorCode::kMalformed, "the request is too large");
  AddRequest request;
  const auto first = take_line(body);
  const auto old = first && first->starts_with(kOld) ? parse_u64(first->substr(kOld.size())) : std::nullopt;
  if (!old || *first != fmt::format("{}{}", kOld, *old))
    return fail(ErrorCode::kMalformed, "the first line is not 'old <size>'");
  request.old_size = TreeSize(*old);
  for (;;) {
    const auto line = take_line(body);
    if (!line) return fail(ErrorCode::kMalformed, "no empty line behind the proof");
    if (line->empty()) break;
    if (request.proof.size() == kMaxConsistencyHashes)
      return fail(ErrorCode::kMalformed, "more than {} hashes", kMaxConsistencyHashes);
    CROSSLINE_TRY(request.proof.emplace_back(), parse_hash(*line));
  }
  CROSSLINE_TRY(request.note, merkle::SignedNote::parse(body));
  return request;
}

std::string AddRequest::to_string() const {
  std::string text = fmt::format("{}{}\n", kOld, old_size.value());
  for (const merkle::Hash& hash : proof) text += to_base64(hash.view()) + '\n';
  return text + '\n' + note.to_string();
}

std::string signature_lines(std::span<const merkle::NoteSignature> signatures) {
  const merkle::SignedNote note{"-\n", {signatures.begin(), signatures.end()}};
  return note.to_string().substr(kStandIn.size());
}

Result<std::vector<merkle::NoteSignature>> parse_signature_lines(std::string_view lines) {
  CROSSLINE_TRY(merkle::SignedNote note,
                merkle::SignedNote::parse(std::string(kStandIn) + std::string(lines)));
  if (note.text != "-\n") return fail(ErrorCode::kMalformed, "something else among the signature lines");
  return std::move(note.signatures);
}

}  // namespace crossline::witness
