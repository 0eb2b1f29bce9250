#include "crossline/witness/witness.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace crossline::witness {
namespace {

Answer refusal(int status, std::string_view why) {
  return {.status = status, .body = fmt::format("{}\n", why)};
}

Answer stale(TreeSize size) {
  return {.status = 409, .content_type = "text/x.tlog.size", .body = fmt::format("{}\n", size.value())};
}

Decision alarm(const AddRequest& request, std::string origin, std::string what) {
  Decision decision{.answer = refusal(422, what), .remember = {}, .alarm = {}};
  decision.alarm = Alarm{std::move(origin), std::move(what), request.note.to_string()};
  return decision;
}

}  // namespace

Witness::Witness(std::string name, crypto::Signer signer, std::vector<merkle::NoteVerifierKey> logs)
    : name_(std::move(name)), signer_(std::move(signer)), logs_(std::move(logs)) {}

merkle::NoteVerifierKey Witness::key() const {
  return merkle::NoteVerifierKey::make(name_, merkle::NoteKeyType::kCosignatureV1, signer_.public_key());
}

std::expected<std::string, Answer> Witness::origin_of(const AddRequest& request) const {
  const auto head = merkle::parse_tree_head(request.note.text);
  if (!head) return std::unexpected(refusal(400, head.error().message));
  const bool known = std::ranges::any_of(
      logs_, [&head](const merkle::NoteVerifierKey& log) { return log.name == head->origin; });
  if (!known) return std::unexpected(refusal(404, "this witness does not know that log"));
  return head->origin;
}

Decision Witness::decide(const AddRequest& request, const std::optional<Remembered>& remembered,
                         UtcMillis now) const {
  const auto parsed = merkle::parse_tree_head(request.note.text);
  if (!parsed) return {.answer = refusal(400, parsed.error().message), .remember = {}, .alarm = {}};
  const auto& [origin, head] = *parsed;
  std::vector<merkle::NoteVerifierKey> keys;
  std::ranges::copy_if(logs_, std::back_inserter(keys),
                       [&origin](const merkle::NoteVerifierKey& log) { return log.name == origin; });
  if (!merkle::verify_note(request.note, keys))
    return {.answer = refusal(403, "no valid signature of the log"), .remember = {}, .alarm = {}};
  if (request.old_size > head.size)
    return {.answer = refusal(400, "the old size is larger than the head's"), .remember = {}, .alarm = {}};
  const TreeSize known = remembered ? remembered->head.size : TreeSize(0);
  if (request.old_size != known) return {.answer = stale(known), .remember = {}, .alarm = {}};
  const bool nothing_to_prove = known.value() == 0 || known == head.size;
  if (nothing_to_prove && !request.proof.empty())
    return {.answer = refusal(400, "a proof where there is nothing to prove"), .remember = {}, .alarm = {}};
  if (head.size.value() == 0 && head.root != merkle::empty_root())
    return alarm(request, origin, "an empty log with a root that is none");
  if (remembered && known == head.size && remembered->head.root != head.root)
    return alarm(request, origin, fmt::format("two heads of size {} with different roots", known.value()));
  if (!nothing_to_prove) {
    const auto consistent =
        merkle::verify_consistency(known, head.size, remembered->head.root, head.root, request.proof);
    if (!consistent)
      return alarm(request, origin,
                   fmt::format("the head of size {} is not shown to continue that of size {}",
                               head.size.value(), known.value()));
  }
  return cosign(request, head, now);
}

Decision Witness::cosign(const AddRequest& request, const merkle::TreeHead& head, UtcMillis now) const {
  const merkle::NoteSignature cosignature =
      merkle::cosign_note(request.note.text, name_, signer_,
                          static_cast<std::uint64_t>(std::max<std::int64_t>(now.ms, 0)) / 1'000);
  // Of the log's signatures only those that were verified; whatever else stood there is nobody's word.
  merkle::SignedNote kept{request.note.text, {}};
  for (const merkle::NoteSignature& signature : request.note.signatures) {
    const bool of_log = std::ranges::any_of(logs_, [&signature](const merkle::NoteVerifierKey& log) {
      return log.name == signature.name && log.key_id == signature.key_id;
    });
    if (of_log && kept.signatures.empty()) kept.signatures.push_back(signature);
  }
  kept.signatures.push_back(cosignature);
  return {.answer = {.status = 200, .body = signature_lines(std::array{cosignature})},
          .remember = Remembered{head, kept.to_string()},
          .alarm = {}};
}

std::string monitoring_path(std::string_view origin) {
  return fmt::format("/{}/checkpoint", crypto::sha256(as_bytes(origin)).hex());
}

}  // namespace crossline::witness
