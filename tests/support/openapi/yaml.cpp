#include "tests/support/openapi/yaml.hpp"

#include <charconv>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include <yaml.h>

namespace crossline::testing {
namespace {

using nlohmann::json;

class Parser {
 public:
  explicit Parser(std::string_view text) {
    yaml_parser_initialize(&parser_);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  ~Parser() {
    yaml_event_delete(&event_);
    yaml_parser_delete(&parser_);
  }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  json document() {
    next();  // start of the stream
    next();  // start of the document
    next();
    return value();
  }

 private:
  void next() {
    yaml_event_delete(&event_);
    if (yaml_parser_parse(&parser_, &event_) == 0) fail(parser_.problem, parser_.problem_mark);
  }
  [[noreturn]] static void fail(const char* what, const yaml_mark_t& mark) {
    throw std::runtime_error(std::string(what) + " at line " + std::to_string(mark.line + 1) + ", column " +
                             std::to_string(mark.column + 1));
  }

  // The value that the current event begins.
  json value() {
    switch (event_.type) {
      case YAML_SCALAR_EVENT:
        return scalar();
      case YAML_SEQUENCE_START_EVENT:
        return sequence();
      case YAML_MAPPING_START_EVENT:
        return mapping();
      default:
        fail("an unexpected construct", event_.start_mark);
    }
  }
  json sequence() {
    json made = json::array();
    for (next(); event_.type != YAML_SEQUENCE_END_EVENT; next()) made.push_back(value());
    return made;
  }
  json mapping() {
    json made = json::object();
    for (next(); event_.type != YAML_MAPPING_END_EVENT; next()) {
      const std::string key = scalar_text();
      const yaml_mark_t mark = event_.start_mark;
      next();
      if (!made.emplace(key, value()).second) fail("the same key twice", mark);
    }
    return made;
  }
  std::string scalar_text() const {
    return {reinterpret_cast<const char*>(event_.data.scalar.value), event_.data.scalar.length};
  }
  json scalar() const {
    std::string text = scalar_text();
    if (event_.data.scalar.style != YAML_PLAIN_SCALAR_STYLE) return text;
    if (text.empty() || text == "null" || text == "~") return nullptr;
    if (text == "true" || text == "false") return text == "true";
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size()) return number;
    return text;
  }

  yaml_parser_t parser_{};
  yaml_event_t event_{};
};

}  // namespace

json parse_yaml(std::string_view text) {
  return Parser(text).document();
}

json read_yaml(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  std::ostringstream text;
  text << file.rdbuf();
  return parse_yaml(text.str());
}

}  // namespace crossline::testing
