#include "crossline/documents/name_match.hpp"

#include "crossline/base/text.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace crossline::documents {
namespace {

constexpr std::size_t kTellingComponents = 2;  // fewer that agree tell nothing when other parts are left out

// A spelling that all readings of one letter share: AE, OE, UE, UXX, NXX and AA for the plain vowel or N, and
// a doubled letter for one. Different names may share it, which is why it only makes a match possible.
std::string folded(std::string_view component) {
  std::string out;
  for (std::size_t i = 0; i < component.size(); ++i) {
    const char c = component[i];
    const bool umlaut =
        c == 'E' && !out.empty() && (out.back() == 'A' || out.back() == 'O' || out.back() == 'U');
    const bool marked =
        component.substr(i).starts_with("XX") && !out.empty() && (out.back() == 'U' || out.back() == 'N');
    if (marked) {
      ++i;
    } else if (!umlaut && (out.empty() || out.back() != c)) {
      out += c;
    }
  }
  return out;
}

std::vector<std::string> folded_components(const ZoneName& name) {
  std::vector<std::string> components;
  for (const std::string* part : {&name.primary, &name.secondary}) {
    for (const std::string_view component : split(*part, ' ')) {
      if (!component.empty()) components.push_back(folded(component));
    }
  }
  return components;
}

// How many components of `one` have a partner of their own in `other`: an equal one, or, where a name is
// cut, one of which the cut one is the beginning.
std::size_t partners(std::vector<std::string> one, bool one_cut, std::vector<std::string> other,
                     bool other_cut) {
  std::size_t found = 0;
  const auto pair_off = [&](auto agree) {
    std::erase_if(one, [&](const std::string& component) {
      const auto partner = std::ranges::find_if(
          other, [&](const std::string& candidate) { return agree(component, candidate); });
      if (partner == other.end()) return false;
      other.erase(partner);
      ++found;
      return true;
    });
  };
  pair_off([](const std::string& a, const std::string& b) { return a == b; });
  pair_off([&](const std::string& a, const std::string& b) {
    return (one_cut && b.starts_with(a)) || (other_cut && a.starts_with(b));
  });
  return found;
}

}  // namespace

NameMatch match_names(const ZoneName& one, const ZoneName& other) {
  const bool cut = one.truncated || other.truncated;
  if (one.primary == other.primary && one.secondary == other.secondary &&
      !one.primary.empty() + !one.secondary.empty() > 0) {
    return cut ? NameMatch::kPossible : NameMatch::kSame;
  }
  const auto ours = folded_components(one);
  const auto theirs = folded_components(other);
  const std::size_t fewer = std::min(ours.size(), theirs.size());
  // Pairing takes the first partner that fits, so each side has its turn to choose.
  const std::size_t found = std::max(partners(ours, one.truncated, theirs, other.truncated),
                                     partners(theirs, other.truncated, ours, one.truncated));
  if (fewer == 0 || found < fewer) return NameMatch::kDifferent;
  const bool all = ours.size() == theirs.size();
  return all || fewer >= kTellingComponents ? NameMatch::kPossible : NameMatch::kDifferent;
}

}  // namespace crossline::documents
