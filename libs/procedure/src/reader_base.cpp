#include "reader_base.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/base/text.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace crossline::procedure {
namespace {

// Ranges of characters that are in normal form C beside any neighbour: no combining mark, nothing that
// composes or decomposes. Latin, Greek and Cyrillic, Armenian, Hebrew, Arabic and Georgian letters, signs.
constexpr std::array<std::pair<std::uint32_t, std::uint32_t>, 18> kPlainRanges{{
    {0x0A, 0x0A},
    {0x20, 0x7E},
    {0xA0, 0xAC},
    {0xAE, 0x2FF},
    {0x38E, 0x3A1},
    {0x3A3, 0x482},
    {0x48A, 0x52F},
    {0x531, 0x556},
    {0x559, 0x58A},
    {0x5D0, 0x5EA},
    {0x620, 0x64A},
    {0x660, 0x66F},
    {0x671, 0x6D5},
    {0x10D0, 0x10FF},
    {0x1E00, 0x1F15},
    {0x2010, 0x2027},
    {0x2030, 0x205E},
    {0x20A0, 0x2125},
}};

// The code point at `at`, which is moved past it. The text is well-formed UTF-8.
std::uint32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
  };
  const std::uint32_t first = byte(at);
  const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  std::uint32_t point = length == 1 ? first : first & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) point = (point << 6) | (byte(at + i) & 0x3F);
  at += length;
  return point;
}

std::string_view type_name(const Json& value) {
  switch (value.type()) {
    case Json::value_t::object:
      return "a table";
    case Json::value_t::array:
      return "an array";
    case Json::value_t::string:
      return "a string";
    case Json::value_t::boolean:
      return "a boolean";
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
      return "an integer";
    default:
      return "something else";
  }
}

std::string escaped(std::string_view key) {
  std::string out;
  for (const char c : key)
    out += c == '~' ? std::string("~0") : c == '/' ? std::string("~1") : std::string(1, c);
  return out;
}

}  // namespace

bool is_plain_text(std::string_view text) {
  if (!is_utf8(text)) return false;
  for (std::size_t at = 0; at < text.size();) {
    const std::uint32_t point = next_code_point(text, at);
    if (std::ranges::none_of(kPlainRanges,
                             [=](const auto& r) { return r.first <= point && point <= r.second; }))
      return false;
  }
  return true;
}

void TreeReader::report(const Node& node, std::string message) {
  Problem problem{.line = 0, .column = 0, .article = article_, .message = std::move(message)};
  // A value that has no place of its own, such as an omitted key, is reported at what contains it.
  for (std::string path = node.path;; path.resize(path.rfind('/'))) {
    if (const auto found = positions_.find(path); found != positions_.end()) {
      problem.line = found->second.line;
      problem.column = found->second.column;
      break;
    }
    if (path.empty()) break;
  }
  problems_.push_back(std::move(problem));
}

std::vector<Problem> TreeReader::take_problems() {
  std::ranges::stable_sort(problems_, {}, [](const Problem& p) { return std::tuple(p.line, p.column); });
  return std::exchange(problems_, {});
}

std::optional<Node> TreeReader::find(const Node& parent, std::string_view key) {
  if (!parent.value->is_object()) return std::nullopt;
  const auto found = parent.value->find(key);
  if (found == parent.value->end()) return std::nullopt;
  return Node{&*found, parent.path + "/" + escaped(key)};
}

std::optional<Node> TreeReader::require(const Node& parent, std::string_view key) {
  auto found = find(parent, key);
  if (!found && parent.value->is_object()) report(parent, fmt::format("'{}' is missing", key));
  return found;
}

std::vector<Node> TreeReader::elements(const Node& node) {
  std::vector<Node> out;
  if (!node.value->is_array()) {
    report(node, fmt::format("expected an array, found {}", type_name(*node.value)));
    return out;
  }
  for (std::size_t i = 0; i < node.value->size(); ++i)
    out.push_back({&(*node.value)[i], fmt::format("{}/{}", node.path, i)});
  return out;
}

std::vector<std::pair<std::string, Node>> TreeReader::members(const Node& node) {
  std::vector<std::pair<std::string, Node>> out;
  if (!node.value->is_object()) {
    report(node, fmt::format("expected a table, found {}", type_name(*node.value)));
    return out;
  }
  for (const auto& [key, value] : node.value->items())
    out.emplace_back(key, Node{&value, node.path + "/" + escaped(key)});
  return out;
}

void TreeReader::allow_only(const Node& node, std::initializer_list<std::string_view> keys) {
  for (const auto& [key, member] : members(node)) {
    if (std::ranges::find(keys, key) != keys.end()) continue;
    const auto nearest = nearest_name(key, std::span(keys.begin(), keys.size()));
    report(member, nearest ? fmt::format("unknown key '{}'; did you mean '{}'?", key, *nearest)
                           : fmt::format("unknown key '{}'", key));
  }
}

std::string TreeReader::text(const Node& node) {
  if (!node.value->is_string()) {
    report(node, fmt::format("expected a string, found {}", type_name(*node.value)));
    return {};
  }
  const auto& value = node.value->get_ref<const std::string&>();
  if (!is_plain_text(value))
    report(node,
           "the text has a control character, a combining mark or a character without a composed form (write "
           "it in normal form C)");
  return value;
}

std::int64_t TreeReader::integer(const Node& node, std::int64_t least, std::int64_t most) {
  if (!node.value->is_number_integer()) {
    report(node, fmt::format("expected an integer, found {}", type_name(*node.value)));
    return least;
  }
  const auto value = node.value->get<std::int64_t>();
  if (value >= least && value <= most) return value;
  report(node, fmt::format("{} is not between {} and {}", value, least, most));
  return least;  // what is worked out of it before all is refused stays in bounds
}

bool TreeReader::flag(const Node& node) {
  if (node.value->is_boolean()) return node.value->get<bool>();
  report(node, fmt::format("expected true or false, found {}", type_name(*node.value)));
  return true;
}

std::vector<std::string> TreeReader::texts(const Node& node) {
  std::vector<std::string> out;
  if (node.value->is_string()) {
    out.push_back(text(node));
  } else if (node.value->is_array()) {
    for (const Node& element : elements(node)) out.push_back(text(element));
    if (out.empty()) report(node, "an empty set");
  } else {
    report(node, fmt::format("expected a name or an array of names, found {}", type_name(*node.value)));
  }
  std::ranges::sort(out);
  if (const auto twice = std::ranges::adjacent_find(out); twice != out.end())
    report(node, fmt::format("'{}' appears twice", *twice));
  out.erase(std::ranges::unique(out).begin(), out.end());
  return out;
}

std::string TreeReader::identifier(const Node& node) {
  std::string name = text(node);
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  if (name.empty() || name.size() > limits::kMaxNameBytes || !std::ranges::all_of(name, allowed))
    report(node,
           fmt::format("'{}' is not a name: 1 to {} of a-z, 0-9, '_' and '-'", name, limits::kMaxNameBytes));
  return name;
}

void TreeReader::check_known(const Node& node, std::string_view noun, std::string_view name,
                             const std::vector<std::string_view>& known) {
  if (std::ranges::find(known, name) != known.end()) return;
  const auto nearest = nearest_name(name, known);
  report(node, nearest ? fmt::format("unknown {} '{}'; did you mean '{}'?", noun, name, *nearest)
                       : fmt::format("unknown {} '{}'", noun, name));
}

}  // namespace crossline::procedure
