#include "toml_tree.hpp"

#include "crossline/base/limits.hpp"

#include <algorithm>
#include <array>
#include <sstream>

#include <toml++/toml.h>

namespace crossline::procedure {
namespace {

// Top-level tables of named things.
constexpr std::array<std::string_view, 10> kNamedTables{
    "category", "checkpoint", "duty", "fact", "goods", "hours", "list", "permit", "quota", "season"};

class Converter {
 public:
  explicit Converter(TomlTree& out) : out_(out) {}

  Json table(const toml::table& table, const std::string& path) {
    Json result = Json::object();
    for (const auto& [key, node] : table) {
      const std::string name(key.str());
      const std::string member = path + "/" + escaped(name);
      mark(member, key.source());
      const bool named = path.empty() && std::ranges::find(kNamedTables, name) != kNamedTables.end();
      result[name] = named && node.is_table() ? named_tables(*node.as_table(), member) : value(node, member);
    }
    return result;
  }

  std::vector<Problem> problems;

 private:
  static std::string escaped(std::string_view key) {
    std::string out;
    for (const char c : key)
      out += c == '~' ? std::string("~0") : c == '/' ? std::string("~1") : std::string(1, c);
    return out;
  }

  void mark(const std::string& path, const toml::source_region& source) {
    out_.positions[path] = {static_cast<int>(source.begin.line), static_cast<int>(source.begin.column)};
  }

  Json named_tables(const toml::table& tables, const std::string& path) {
    struct Named {
      toml::source_position where;
      std::string name;
      const toml::node* node;
      toml::source_region source;
    };
    std::vector<Named> sorted;
    for (const auto& [key, node] : tables)
      sorted.push_back({key.source().begin, std::string(key.str()), &node, key.source()});
    std::ranges::sort(sorted, [](const Named& a, const Named& b) { return a.where < b.where; });
    Json result = Json::array();
    for (const Named& one : sorted) {
      const std::string element = fmt::format("{}/{}", path, result.size());
      mark(element, one.source);
      Json converted = value(*one.node, element);
      if (!converted.is_object()) {
        refuse(one.source, fmt::format("'{}' is not a table", one.name));
        continue;
      }
      converted["name"] = one.name;
      result.push_back(std::move(converted));
    }
    return result;
  }

  Json value(const toml::node& node, const std::string& path) {
    if (!out_.positions.contains(path)) mark(path, node.source());
    switch (node.type()) {
      case toml::node_type::table:
        return table(*node.as_table(), path);
      case toml::node_type::array: {
        Json result = Json::array();
        for (const auto& element : *node.as_array()) {
          const std::string at = fmt::format("{}/{}", path, result.size());
          result.push_back(value(element, at));
        }
        return result;
      }
      case toml::node_type::string:
        return node.as_string()->get();
      case toml::node_type::integer:
        return node.as_integer()->get();
      case toml::node_type::boolean:
        return node.as_boolean()->get();
      case toml::node_type::date:
        return text_of(node.as_date()->get());
      case toml::node_type::date_time:
        return date_time(*node.as_date_time());
      default:
        break;
    }
    refuse(node.source(), node.is_floating_point() ? "a fraction; only whole numbers with a unit are allowed"
                                                   : "a time of day stands in quotes: \"07:00\"");
    return Json(0);
  }

  Json date_time(const toml::value<toml::date_time>& value) {
    if (value.get().offset || value.get().time.nanosecond != 0)
      refuse(value.source(),
             "write the time of the procedure's clock, without an offset or a fraction of a second");
    return text_of(value.get());
  }

  template <class T>
  static std::string text_of(const T& value) {
    std::ostringstream out;
    out << value;
    return out.str();
  }

  void refuse(const toml::source_region& source, std::string message) {
    problems.push_back({.line = static_cast<int>(source.begin.line),
                        .column = static_cast<int>(source.begin.column),
                        .article = {},
                        .message = std::move(message)});
  }

  TomlTree& out_;
};

std::vector<Problem> only(int line, int column, std::string message) {
  return {{.line = line, .column = column, .article = {}, .message = std::move(message)}};
}

}  // namespace

Checked<TomlTree> parse_toml_tree(std::string_view text) {
  if (text.size() > limits::kMaxProcedureBytes)
    return std::unexpected(
        only(0, 0, fmt::format("{} bytes; at most {} are read", text.size(), limits::kMaxProcedureBytes)));
  try {
    const toml::table parsed = toml::parse(text);
    TomlTree tree;
    Converter converter(tree);
    tree.root = converter.table(parsed, "");
    if (!converter.problems.empty()) return std::unexpected(std::move(converter.problems));
    return tree;
  } catch (const toml::parse_error& error) {
    const auto where = error.source().begin;
    return std::unexpected(
        only(static_cast<int>(where.line), static_cast<int>(where.column), std::string(error.description())));
  }
}

}  // namespace crossline::procedure
