#include "crossline/mirror/mirrored_ledger.hpp"

#include "crossline/adoption/envelope.hpp"

#include <array>

namespace crossline::mirror {
namespace {

bool holds(std::string_view envelope, const crypto::Hash& edition) {
  const auto parsed = adoption::Envelope::parse(envelope);
  return parsed && crypto::sha256(parsed->payload) == edition;
}

}  // namespace

Result<std::vector<std::string>> MirroredLedger::read(LedgerIndex first, std::size_t count) {
  return mirror_.read(first, count);
}

std::vector<crypto::Hash> MirroredLedger::leaves(LedgerIndex first, std::size_t count) const {
  return mirror_.leaves(first, count);
}

template <class IsOfTheEdition>
Result<std::optional<std::string>> MirroredLedger::find(const std::string& path,
                                                        const IsOfTheEdition& is_of_the_edition) {
  CROSSLINE_TRY(auto kept, mirror_.find_file(path));
  if (kept && is_of_the_edition(*kept)) return kept;
  if (log_ == nullptr) return std::nullopt;
  const std::array paths{path};
  auto fetched = log_->fetch(paths);
  if (!fetched && fetched.error().code == ErrorCode::kNotFound) return std::nullopt;
  if (!fetched) return std::unexpected(std::move(fetched).error());
  if (is_of_the_edition(fetched->front())) CROSSLINE_CHECK_OK(mirror_.keep_file(path, fetched->front()));
  return std::move(fetched->front());
}

Result<std::optional<std::string>> MirroredLedger::edition(const crypto::Hash& hash) {
  const auto is_it = [&hash](std::string_view sealed) { return crypto::sha256(as_bytes(sealed)) == hash; };
  CROSSLINE_TRY(auto sealed, find("edition/" + hash.hex(), is_it));
  if (sealed && !is_it(*sealed)) return std::nullopt;
  return sealed;
}

// What is shown in its place is given to the auditor as well: that it is wrong is what has to be found.
Result<std::optional<std::string>> MirroredLedger::edition_envelope(const crypto::Hash& hash) {
  const auto is_of_it = [&hash](std::string_view envelope) { return holds(envelope, hash); };
  return find("envelope/" + hash.hex(), is_of_it);
}

}  // namespace crossline::mirror
