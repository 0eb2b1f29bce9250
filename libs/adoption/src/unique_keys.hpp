// Refuses JSON that says something twice, before anybody can read it two ways.
#pragma once

#include "crossline/adoption/refusal.hpp"

#include <string_view>

namespace crossline::adoption {

// kDuplicateKey, kMalformedEnvelope for what is not JSON or nests too deep. `what` names the text in words.
Judged<void> check_unique_keys(std::string_view json, std::string_view what);

}  // namespace crossline::adoption
