#include "crossline/server/editions.hpp"

#include <utility>

namespace crossline::server {

Result<EditionBytes> edition_bytes(LedgerStore& ledger, const crypto::Hash& hash) {
  CROSSLINE_TRY(auto sealed, ledger.edition(hash));
  if (!sealed) return fail(ErrorCode::kCorruptData, "the edition {} is not in the store", hash.hex());
  CROSSLINE_TRY(auto envelope, ledger.edition_envelope(hash));
  return EditionBytes{*std::move(sealed), std::move(envelope).value_or("")};
}

Result<adoption::Chain> adopted_chain(adoption::KeySet keys, const procedure::EditionBook& adopted,
                                      LedgerStore& ledger) {
  adoption::Chain chain(std::move(keys));
  for (const procedure::Edition& edition : adopted.editions()) {
    CROSSLINE_TRY(const auto envelope, ledger.edition_envelope(edition.hash()));
    if (!envelope) {
      return fail(ErrorCode::kForbidden,
                  "edition {} was adopted without signatures; the procedure file has to hold its envelope",
                  edition.number());
    }
    auto verified = chain.judge(*envelope);
    if (!verified)
      return std::unexpected(
          verified.error().error().at(fmt::format("the adopted edition {}", edition.number())));
    chain.append(*std::move(verified));
  }
  return chain;
}

Result<const procedure::Edition*> Editions::find(const crypto::Hash& hash) {
  if (const auto known = loaded_.find(hash); known != loaded_.end()) return &known->second;
  CROSSLINE_TRY(const EditionBytes bytes, edition_bytes(*ledger_, hash));
  auto edition = procedure::Edition::load(as_bytes(bytes.sealed));
  if (!edition) {
    return fail(ErrorCode::kCorruptData, "the edition {} does not load: {}", hash.hex(),
                edition.error().message);
  }
  return &loaded_.emplace(hash, *std::move(edition)).first->second;
}

}  // namespace crossline::server
