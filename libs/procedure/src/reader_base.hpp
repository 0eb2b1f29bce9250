// Typed access to a tree with every problem collected at its place.
#pragma once

#include "reader.hpp"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::procedure {

// A value of the tree and where it is.
struct Node {
  const Json* value = nullptr;
  std::string path;  // JSON pointer
};

// Every accessor reports a value of the wrong type and returns a harmless default, so that reading goes on
// and finds the next problem.
class TreeReader {
 public:
  explicit TreeReader(const Positions& positions) : positions_(positions) {}

  void report(const Node& node, std::string message);
  [[nodiscard]] std::vector<Problem> take_problems();
  // Problems reported from here on lie in this article; empty for none.
  void enter_article(std::string id) { article_ = std::move(id); }

  [[nodiscard]] static std::optional<Node> find(const Node& parent, std::string_view key);
  // Reports a missing key at the parent.
  std::optional<Node> require(const Node& parent, std::string_view key);
  // The elements of an array, the members of an object; empty, with a report, for anything else.
  std::vector<Node> elements(const Node& node);
  std::vector<std::pair<std::string, Node>> members(const Node& node);
  // Reports every key that is not one of these, with the nearest one.
  void allow_only(const Node& node, std::initializer_list<std::string_view> keys);

  std::string text(const Node& node);
  // `least`, with a report, for anything that is no integer from `least` to `most`.
  std::int64_t integer(const Node& node, std::int64_t least, std::int64_t most);
  bool flag(const Node& node);
  // A string or an array of strings, sorted, each once, not empty.
  std::vector<std::string> texts(const Node& node);
  // A lower-case identifier: letters, digits, '_', '-', at most limits::kMaxNameBytes.
  std::string identifier(const Node& node);
  // Reports a name that is not among `known`.
  void check_known(const Node& node, std::string_view noun, std::string_view name,
                   const std::vector<std::string_view>& known);

 private:
  const Positions& positions_;
  std::string article_;
  std::vector<Problem> problems_;
};

// Text in normal form C, from the scripts that never need a combining mark; line feeds are allowed.
[[nodiscard]] bool is_plain_text(std::string_view text);

}  // namespace crossline::procedure
