// TOML as the tree that the reader takes.
#pragma once

#include "reader.hpp"

#include <string_view>

namespace crossline::procedure {

struct TomlTree {
  Json root;
  Positions positions;
};

// Dates and times become strings, named tables ([category.x]) become arrays of tables with a `name`, in the
// order written. Problems: a syntax error, or a value that the language does not have (fractions, offsets).
Checked<TomlTree> parse_toml_tree(std::string_view text);

}  // namespace crossline::procedure
