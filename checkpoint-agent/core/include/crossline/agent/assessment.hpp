// A verdict with its reasons in words, as an officer sees it.
#pragma once

#include "crossline/movement/fold.hpp"
#include "crossline/procedure/edition.hpp"
#include "crossline/procedure/explain.hpp"
#include "crossline/wire/link.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::agent {

// An article that would have counted against the person, and the words that set it aside.
struct SetAside {
  std::string article;
  std::vector<movement::OverrideEntry> words;  // in order of grant
};

struct Assessment {
  movement::Verdict verdict = movement::Verdict::kRefuse;
  std::vector<std::string> articles;       // that decided, in article order
  std::string headline;                    // one sentence; may be empty
  std::vector<procedure::Reason> reasons;  // the deciding ones first
  std::uint32_t edition = 0;               // number of the edition applied
  std::vector<SetAside> set_aside;         // what the records here know of; in article order
  std::vector<std::string> duties;         // what to record before the release, in words; in procedure order
  bool returning = false;                  // the person is between and goes back: never blocked
};

// Decides on the records at hand, in words of `language`.
[[nodiscard]] Assessment assess(movement::Decider& decider, const procedure::Edition& edition,
                                const movement::Movement& movement, const movement::Situation& situation,
                                std::string_view language);

// The server's answer in words. What the local assessment says about an article that both cite is kept; an
// article that this edition does not have is named without words.
[[nodiscard]] Assessment assessment_of(const wire::ConsultAnswer& answer, const procedure::Edition& edition,
                                       const Assessment& local, std::string_view language);

}  // namespace crossline::agent
