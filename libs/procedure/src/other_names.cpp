#include "crossline/procedure/other_names.hpp"

#include "vocabulary.hpp"

#include <algorithm>

namespace crossline::procedure {
namespace {

template <class Declared>
std::string other_than(const std::vector<Declared>& declared) {
  std::string other = "other";
  while (std::ranges::find(declared, other, &Declared::name) != declared.end()) other += 'x';
  return other;
}

}  // namespace

std::string other_category(const Edition& edition) {
  return other_than(edition.categories());
}

std::string other_checkpoint(const Edition& edition) {
  return other_than(edition.checkpoints());
}

std::optional<std::string> other_document_kind(std::span<const std::string> named) {
  const auto kinds = closed_names(NameSpace::kDocumentKind);
  // "other" is the last of them.
  for (auto kind = kinds.rbegin(); kind != kinds.rend(); ++kind)
    if (std::ranges::find(named, *kind) == named.end()) return std::string(*kind);
  return std::nullopt;
}

std::string other_issuer(std::span<const std::string> named) {
  std::string code = "UTO";
  while (std::ranges::find(named, code) != named.end()) {
    // The next code, as an odometer turns.
    for (std::size_t place = code.size(); place-- > 0;) {
      const bool turns_over = code[place] == 'Z';
      code[place] = turns_over ? 'A' : static_cast<char>(code[place] + 1);
      if (!turns_over) break;
    }
  }
  return code;
}

}  // namespace crossline::procedure
