// Where the checks put what they find.
#pragma once

#include "crossline/audit/auditor.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace crossline::audit {

// Lists at most Report::kMaxListed findings of a kind and counts them all.
class Findings {
 public:
  void add(Finding finding) {
    std::uint64_t& count = counts_[std::to_underlying(finding.kind)];
    if (++count <= Report::kMaxListed) list_.push_back(std::move(finding));
  }
  // For what follows from one cause: only the first with this kind and `cause` is a finding of its own, the
  // later ones are counted in it.
  void add_once(Finding finding, std::string cause) {
    const auto [place, is_new] =
        first_.try_emplace({finding.kind, std::move(cause)}, static_cast<std::size_t>(-1));
    if (!is_new) {
      if (place->second < list_.size()) ++list_[place->second].repeats;
      return;
    }
    const std::size_t before = list_.size();
    add(std::move(finding));
    if (list_.size() > before) place->second = before;
  }

  [[nodiscard]] const std::vector<Finding>& list() const { return list_; }
  [[nodiscard]] const std::array<std::uint64_t, kFindingKinds>& counts() const { return counts_; }

 private:
  std::vector<Finding> list_;
  std::array<std::uint64_t, kFindingKinds> counts_{};
  std::map<std::pair<FindingKind, std::string>, std::size_t> first_;  // position in list_, or past its end
};

}  // namespace crossline::audit
