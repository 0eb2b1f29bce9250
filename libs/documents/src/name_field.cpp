#include "crossline/base/text.hpp"
#include "crossline/documents/check_digit.hpp"
#include "crossline/documents/transliteration.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace crossline::documents {
namespace {

struct Component {
  std::string_view text;
  std::size_t fillers_before = 0;  // that separate it from the one before
};

std::vector<Component> components_of(std::string_view primary, std::string_view secondary) {
  std::vector<Component> components;
  const auto add_all = [&](std::string_view name, std::size_t first_separator) {
    std::size_t separator = first_separator;
    for (const std::string_view text : split(name, ' ')) {
      if (text.empty()) continue;
      components.push_back({text, separator});
      separator = 1;
    }
  };
  add_all(primary, 0);
  add_all(secondary, 2);
  return components;
}

// What the components from `first` on need at least: their separators and one letter each.
std::size_t least_width(const std::vector<Component>& components, std::size_t first) {
  std::size_t width = 0;
  for (std::size_t i = first; i < components.size(); ++i) width += components[i].fillers_before + 1;
  return width;
}

}  // namespace

std::string name_field(std::string_view primary, std::string_view secondary, std::size_t width) {
  std::vector<Component> components = components_of(primary, secondary);
  while (components.size() > 1 && least_width(components, 0) > width) components.pop_back();
  std::string field;
  for (std::size_t i = 0; i < components.size(); ++i) {
    field.append(components[i].fillers_before, kFiller);
    const std::size_t left = width - field.size() - least_width(components, i + 1);
    field += components[i].text.substr(0, left);
  }
  field.resize(width, kFiller);
  return field;
}

}  // namespace crossline::documents
