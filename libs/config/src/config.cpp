#include "crossline/config/config.hpp"

#include "crossline/base/text.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <toml++/toml.h>

namespace crossline::config {
namespace {

struct Place {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

Place place_of(const toml::node& node) {
  return {node.source().begin.line, node.source().begin.column};
}

// The node at a dotted key; numbers walk into arrays.
const toml::node* find(const toml::node& from, std::string_view key) {
  const toml::node* node = &from;
  for (const std::string_view part : split(key, '.')) {
    if (const auto* table = node->as_table()) {
      node = table->get(part);
    } else if (const auto* array = node->as_array()) {
      const auto index = parse_u64(part);
      node = index && *index < array->size() ? array->get(*index) : nullptr;
    } else {
      return nullptr;
    }
    if (node == nullptr) return nullptr;
  }
  return node;
}

std::string type_name(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::string:
      return "text";
    case toml::node_type::integer:
      return "a number";
    case toml::node_type::floating_point:
      return "a fraction";
    case toml::node_type::boolean:
      return "true or false";
    default:
      return "a date or time";
  }
}

}  // namespace

struct Reader::State {
  toml::table root;
  std::string file;
  std::filesystem::path folder;
  std::set<std::string, std::less<>> known;  // keys asked for
  std::vector<std::pair<Place, std::string>> problems;

  void add(Place place, std::string what) { problems.emplace_back(place, std::move(what)); }
  const toml::node* ask(std::string_view key, bool required) {
    known.emplace(key);
    const toml::node* node = find(root, key);
    if (node == nullptr && required) add({}, fmt::format("the key '{}' is missing", key));
    return node;
  }
  void wrong_type(std::string_view key, const toml::node& node, std::string_view wanted) {
    add(place_of(node), fmt::format("'{}' is {}, {} belongs there", key, type_name(node), wanted));
  }
  template <class T, class Fallback>
  T value(std::string_view key, std::string_view wanted, const std::optional<Fallback>& fallback) {
    const toml::node* node = ask(key, !fallback);
    if (node == nullptr) return fallback ? T(*fallback) : T{};
    if (const auto found = node->value_exact<T>()) return *found;
    wrong_type(key, *node, wanted);
    return T{};
  }
  void find_unknown(const toml::node& node, const std::string& prefix) {
    if (const auto* table = node.as_table()) {
      for (const auto& [name, child] : *table)
        visit(child, prefix.empty() ? std::string(name.str()) : prefix + "." + std::string(name.str()),
              {name.source().begin.line, name.source().begin.column});
    } else if (const auto* array = node.as_array()) {
      for (std::size_t i = 0; i < array->size(); ++i) {
        if (array->get(i)->is_table()) find_unknown(*array->get(i), prefix + "." + std::to_string(i));
      }
    }
  }
  // Every key that was asked for, and the tables above it.
  [[nodiscard]] std::vector<std::string_view> known_names() const {
    std::vector<std::string_view> names;
    for (const std::string& asked : known) {
      const std::string_view name = asked;
      for (std::size_t dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.', dot + 1))
        names.push_back(name.substr(0, dot));
      names.push_back(name);
    }
    return names;
  }
  void visit(const toml::node& child, const std::string& key, Place place) {
    if (known.contains(key) && !child.is_array_of_tables()) return;
    const auto below = known.lower_bound(key + ".");
    const bool is_parent = below != known.end() && below->starts_with(key + ".");
    if (is_parent || (known.contains(key) && child.is_array_of_tables())) return find_unknown(child, key);
    const auto nearest = nearest_name(key, known_names());
    add(place,
        fmt::format("unknown key '{}'{}", key, nearest ? fmt::format("; did you mean '{}'?", *nearest) : ""));
  }
};

Result<Reader> Reader::parse(std::string_view toml_text, std::string file_name,
                             std::filesystem::path folder) {
  auto state = std::make_unique<State>();
  state->file = std::move(file_name);
  state->folder = std::move(folder);
  try {
    state->root = toml::parse(toml_text, state->file);
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::kMalformed, "{}:{}:{}: {}", state->file, error.source().begin.line,
                error.source().begin.column, error.description());
  }
  return Reader(std::move(state));
}

Reader::Reader(std::unique_ptr<State> state) : state_(std::move(state)) {}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

std::string Reader::text(std::string_view key, std::optional<std::string> fallback) {
  std::string value = state_->value<std::string>(key, "text", fallback);
  const toml::node* node = find(state_->root, key);
  if (node != nullptr && node->is_string() && value.empty())
    state_->add(place_of(*node), fmt::format("'{}' is empty", key));
  return value;
}

std::filesystem::path Reader::path(std::string_view key, std::optional<std::string> fallback) {
  const std::filesystem::path written = text(key, std::move(fallback));
  return written.empty() || written.is_absolute() ? written : (state_->folder / written).lexically_normal();
}

std::int64_t Reader::number(std::string_view key, Range range, std::optional<std::int64_t> fallback) {
  const auto value = state_->value<std::int64_t>(key, "a number", fallback);
  const toml::node* node = find(state_->root, key);
  if (node != nullptr && node->is_integer() && (value < range.min || value > range.max)) {
    state_->add(place_of(*node),
                fmt::format("'{}' is {}, it must be from {} to {}", key, value, range.min, range.max));
  }
  return value;
}

bool Reader::flag(std::string_view key, std::optional<bool> fallback) {
  return state_->value<bool>(key, "true or false", fallback);
}

std::vector<std::string> Reader::texts(std::string_view key,
                                       std::optional<std::vector<std::string>> fallback) {
  const toml::node* node = state_->ask(key, !fallback);
  if (node == nullptr) return fallback.value_or(std::vector<std::string>{});
  std::vector<std::string> values;
  const auto* array = node->as_array();
  if (array == nullptr) {
    state_->wrong_type(key, *node, "a list of texts");
    return values;
  }
  for (const toml::node& item : *array) {
    if (const auto value = item.value_exact<std::string>()) {
      values.push_back(*value);
    } else {
      state_->wrong_type(key, item, "text");
    }
  }
  return values;
}

Reader::Endpoint Reader::endpoint(std::string_view key, std::optional<std::string> fallback) {
  const std::string written = text(key, std::move(fallback));
  const auto colon = written.rfind(':');
  const auto port =
      colon == std::string::npos ? std::nullopt : parse_u64(std::string_view(written).substr(colon + 1));
  if (!port || *port > 65'535 || colon == 0) {
    if (const toml::node* node = find(state_->root, key); node != nullptr && !written.empty()) {
      state_->add(place_of(*node), fmt::format("'{}' is '{}', ADDRESS:PORT belongs there", key, written));
    }
    return {};
  }
  std::string address = written.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
  return {std::move(address), static_cast<std::uint16_t>(*port)};
}

std::size_t Reader::tables(std::string_view key) {
  const toml::node* node = state_->ask(key, false);
  if (node == nullptr) return 0;
  const auto* array = node->as_array();
  if (array != nullptr && array->is_homogeneous<toml::table>()) return array->size();
  state_->wrong_type(key, *node, "a list of tables");
  return 0;
}

bool Reader::has(std::string_view key) const {
  return find(state_->root, key) != nullptr;
}

void Reader::problem(std::string_view key, std::string what) {
  const toml::node* node = find(state_->root, key);
  state_->add(node == nullptr ? Place{} : place_of(*node), fmt::format("'{}': {}", key, what));
}

Result<void> Reader::finish() {
  state_->find_unknown(state_->root, "");
  if (state_->problems.empty()) return {};
  std::stable_sort(state_->problems.begin(), state_->problems.end(), [](const auto& a, const auto& b) {
    return std::pair(a.first.line, a.first.column) < std::pair(b.first.line, b.first.column);
  });
  std::string all;
  for (const auto& [place, what] : state_->problems) {
    if (!all.empty()) all += '\n';
    all += place.line == 0 ? fmt::format("{}: {}", state_->file, what)
                           : fmt::format("{}:{}:{}: {}", state_->file, place.line, place.column, what);
  }
  return std::unexpected(Error{ErrorCode::kMalformed, std::move(all)});
}

}  // namespace crossline::config
