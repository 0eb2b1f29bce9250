// Which words about a person set an article aside: the deciding fold, the post and the office ask the same.
#pragma once

#include "crossline/movement/state.hpp"
#include "crossline/procedure/model.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace crossline::movement {

// Positions of the words for the article of words[first] that count together with it at `at`: it and those
// after it, one of each signer, none given after `at`. Empty when words[first] itself was given after `at`.
[[nodiscard]] std::vector<std::size_t> words_together(std::span<const OverrideEntry> words, std::size_t first,
                                                      UtcMillis at);

// Positions, in order, of the words by which `article` is overridden at `at`; empty when it is not. Words
// of roles that the article does not name are left out. `words` are in order of grant.
[[nodiscard]] std::vector<std::size_t> words_in_effect(std::span<const OverrideEntry> words,
                                                       const procedure::Article& article, UtcMillis at);

}  // namespace crossline::movement
