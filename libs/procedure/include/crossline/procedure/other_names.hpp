// Names that stand for "something else than what an edition names": of persons that are made up, and in
// facts.
#pragma once

#include "crossline/procedure/edition.hpp"

#include <optional>
#include <span>
#include <string>

namespace crossline::procedure {

// What facts call a category, or a checkpoint, that `edition` does not declare: "other", or where that is
// declared "otherx", and so on.
[[nodiscard]] std::string other_category(const Edition& edition);
[[nodiscard]] std::string other_checkpoint(const Edition& edition);
// A kind of document that is not among `named`, "other" where it can be; nothing when all are.
[[nodiscard]] std::optional<std::string> other_document_kind(std::span<const std::string> named);
// The code of an issuer that is not among `named` (fewer than 26 * 26 * 26), "UTO" where it can be.
[[nodiscard]] std::string other_issuer(std::span<const std::string> named);

}  // namespace crossline::procedure
