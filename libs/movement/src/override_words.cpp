#include "crossline/movement/override_words.hpp"

#include "crossline/procedure/override.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string_view>

namespace crossline::movement {

std::vector<std::size_t> words_together(std::span<const OverrideEntry> words, std::size_t first,
                                        UtcMillis at) {
  std::vector<std::size_t> together;
  if (words[first].granted_at > at) return together;
  std::set<std::uint64_t> signers;
  for (std::size_t i = first; i < words.size(); ++i) {
    const bool counts = words[i].article == words[first].article && words[i].granted_at <= at &&
                        signers.insert(words[i].signer).second;
    if (counts) together.push_back(i);
  }
  return together;
}

std::vector<std::size_t> words_in_effect(std::span<const OverrideEntry> words,
                                         const procedure::Article& article, UtcMillis at) {
  if (!article.override_terms) return {};
  const procedure::OverrideTerms& terms = *article.override_terms;
  for (std::size_t first = 0; first < words.size(); ++first) {
    if (words[first].article != article.id) continue;
    std::vector<std::size_t> together = words_together(words, first, at);
    std::vector<std::string_view> roles;
    for (const std::size_t word : together) roles.push_back(words[word].role);
    const procedure::Override act{
        .article = article.id, .granted_at = words[first].granted_at, .signer_roles = roles};
    if (!procedure::in_effect(act, terms, at)) continue;
    std::erase_if(together, [&](std::size_t word) {
      return std::ranges::find(terms.roles, words[word].role) == terms.roles.end();
    });
    return together;
  }
  return {};
}

}  // namespace crossline::movement
