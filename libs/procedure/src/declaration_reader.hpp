// What the articles of a procedure speak about: categories, checkpoints, hours, lists and the like.
#pragma once

#include "operand_reader.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace crossline::procedure {

// Reads into the procedure, in an order in which every name is declared before it is used. Borrows all three,
// which outlive it.
class DeclarationReader {
 public:
  DeclarationReader(Form form, TreeReader& tree, OperandReader& operands, Procedure& procedure)
      : form_(form), tree_(tree), operands_(operands), procedure_(procedure) {}

  void read_declarations(const Node& root);

 private:
  Procedure& procedure() { return procedure_; }
  // Calls `read(node, name)` for each of an array of named tables; reports names that appear twice.
  template <class Read>
  void each_named(const Node& root, std::string_view key, Read read) {
    const auto list = tree_.find(root, key);
    if (!list) return;
    std::vector<std::string> seen;
    for (const Node& node : tree_.elements(*list)) {
      const auto name = tree_.require(node, "name");
      if (!name) continue;
      const std::string identifier = tree_.identifier(*name);
      if (std::ranges::find(seen, identifier) != seen.end())
        tree_.report(node, fmt::format("{} '{}' is declared twice", key, identifier));
      seen.push_back(identifier);
      read(node, identifier);
    }
  }
  std::string day_of_year(const Node& node);
  void read_season(const Node& node, const std::string& name);
  void read_declared(const Node& node, const std::string& name);
  void read_quota(const Node& node, const std::string& name);
  void read_hours(const Node& node, const std::string& name);
  WeekPattern week_pattern(const Node& node);
  Timeline timeline(const Node& node);
  void read_category(const Node& node, const std::string& name);

  Form form_;
  TreeReader& tree_;
  OperandReader& operands_;
  Procedure& procedure_;
};

}  // namespace crossline::procedure
