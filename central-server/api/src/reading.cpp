#include "crossline/api/reading.hpp"

#include "crossline/api/time_text.hpp"
#include "crossline/base/limits.hpp"
#include "crossline/base/text.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace crossline::api {
namespace {

using nlohmann::json;

Problem invalid_field(std::string field, std::string_view detail) {
  return {.status = 400,
          .code = "invalid_argument",
          .detail = fmt::format("{}: {}", field, detail),
          .field = std::move(field),
          .retry_after_ms = {}};
}

std::unexpected<Problem> malformed_at(std::string_view body, std::size_t byte, std::string_view what) {
  const std::string_view before = body.substr(0, std::min(byte, body.size()));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  return refuse(400, "malformed",
                fmt::format("the body is not JSON: line {}, column {}: {}", line,
                            std::max<std::size_t>(1, before.size() - line_start), what));
}

// Watches the parser for what JSON allows and we do not.
class Strictness {
 public:
  bool operator()(int depth, json::parse_event_t event, const json& parsed) {
    if (event == json::parse_event_t::object_start || event == json::parse_event_t::array_start) {
      if (static_cast<std::size_t>(depth) >= kMaxJsonDepth) broken_ = "nested too deep";
      keys_.resize(static_cast<std::size_t>(depth) + 2);
      keys_.back().clear();
    } else if (event == json::parse_event_t::key) {
      if (!keys_.at(static_cast<std::size_t>(depth)).insert(parsed.get<std::string>()).second) {
        broken_ = "the same name twice in one object";
      }
    }
    return true;
  }
  [[nodiscard]] std::string_view broken() const { return broken_; }

 private:
  std::vector<std::set<std::string>> keys_;  // by depth, of the object being read there
  std::string_view broken_;
};

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

}  // namespace

Answer<json> parse_json(std::string_view body) {
  Strictness strictness;
  try {
    json value = json::parse(body, std::ref(strictness));
    if (!strictness.broken().empty()) {
      return refuse(400, "malformed", fmt::format("the body is not accepted: {}", strictness.broken()));
    }
    return value;
  } catch (const json::parse_error& error) {
    // Its message quotes the body, which may hold personal data: only the place is told.
    return malformed_at(body, error.byte, "unexpected character or end");
  }
}

ObjectReader::ObjectReader(const json& value, std::string where) : value_(value), where_(std::move(where)) {
  if (!value_.is_object()) {
    problem_ = invalid_field(where_.empty() ? "body" : where_, "an object is wanted");
  }
}

std::string ObjectReader::path_of(std::string_view name) const {
  return where_.empty() ? std::string(name) : fmt::format("{}.{}", where_, name);
}

void ObjectReader::wrong(std::string_view name, std::string_view detail) {
  if (!problem_) problem_ = invalid_field(path_of(name), detail);
}

void ObjectReader::adopt(const Problem& problem) {
  if (!problem_) problem_ = problem;
}

bool ObjectReader::has(std::string_view name) const {
  return value_.is_object() && value_.contains(name);
}

const json* ObjectReader::member(std::string_view name) {
  known_.emplace(name);
  if (!value_.is_object()) return nullptr;
  const auto found = value_.find(name);
  if (found != value_.end()) return &*found;
  wrong(name, "is missing");
  return nullptr;
}

std::string ObjectReader::text(std::string_view name, std::size_t min, std::size_t max, Kind kind) {
  const json* found = member(name);
  if (found == nullptr) return {};
  if (!found->is_string()) {
    wrong(name, "a text is wanted");
    return {};
  }
  auto value = found->get<std::string>();
  if (value.size() < min || value.size() > max) {
    wrong(name, fmt::format("has {} bytes; {} to {} are allowed", value.size(), min, max));
  } else if (kind == Kind::kPlain && std::any_of(value.begin(), value.end(), is_control)) {
    wrong(name, "contains a control character");
  }
  return value;
}

UtcMillis ObjectReader::instant(std::string_view name) {
  const auto value = parse_instant(text(name, 1, 32));
  if (!value) wrong(name, "an instant in UTC is wanted, for example 2026-10-01T07:00:00.000Z");
  return value.value_or(UtcMillis{});
}

std::uint64_t ObjectReader::number(std::string_view name, std::uint64_t min, std::uint64_t max) {
  const json* found = member(name);
  if (found == nullptr) return min;
  if (!found->is_number_unsigned() || found->get<std::uint64_t>() < min ||
      found->get<std::uint64_t>() > max) {
    wrong(name, fmt::format("a whole number from {} to {} is wanted", min, max));
    return min;
  }
  return found->get<std::uint64_t>();
}

crypto::SubjectId ObjectReader::subject(std::string_view name) {
  const std::string value = text(name, 1, 64);
  const bool lower_hex = std::all_of(value.begin(), value.end(),
                                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
  if (lower_hex) {
    if (const auto bytes = from_hex(value)) {
      if (const auto id = crypto::subject_from(*bytes)) return *id;
    }
  }
  wrong(name, "a subject is 32 hexadecimal digits, lower case");
  return {};
}

const json& ObjectReader::object(std::string_view name) {
  static const json kEmpty = json::object();
  const json* found = member(name);
  if (found != nullptr && found->is_object()) return *found;
  wrong(name, "an object is wanted");
  return kEmpty;
}

std::optional<Problem> ObjectReader::problem() const {
  if (problem_ || !value_.is_object()) return problem_;
  for (const auto& [name, value] : value_.items()) {
    // The name is the caller's text: it is not repeated.
    if (!known_.contains(name))
      return invalid_field(where_.empty() ? "body" : where_, "has an unknown member");
  }
  return std::nullopt;
}

QueryReader::QueryReader(const Parameters& parameters) : parameters_(parameters) {}

void QueryReader::wrong(std::string_view name, std::string_view detail) {
  if (!problem_) problem_ = invalid_field(std::string(name), detail);
}

std::optional<std::string> QueryReader::text(std::string_view name, std::size_t max) {
  known_.emplace(name);
  std::optional<std::string> found;
  for (const auto& [key, value] : parameters_) {
    if (key != name) continue;
    if (found) wrong(name, "is given twice");
    found = value;
  }
  if (!found) return std::nullopt;
  if (found->empty() || found->size() > max || !is_utf8(*found) ||
      std::any_of(found->begin(), found->end(), is_control)) {
    wrong(name, fmt::format("1 to {} bytes of plain text are allowed", max));
    return std::nullopt;
  }
  return found;
}

std::size_t QueryReader::limit() {
  const auto given = text("limit", 16);
  if (!given) return kDefaultPageRows;
  const auto value = parse_u64(*given);
  if (value && *value >= 1 && *value <= limits::kMaxPageRows) return static_cast<std::size_t>(*value);
  wrong("limit", fmt::format("a whole number from 1 to {} is wanted", limits::kMaxPageRows));
  return kDefaultPageRows;
}

std::optional<Problem> QueryReader::problem() const {
  if (problem_) return problem_;
  for (const auto& [name, value] : parameters_) {
    if (!known_.contains(name)) return invalid_field("query", "has an unknown parameter");
  }
  return std::nullopt;
}

std::string cursor_text(std::int64_t a, std::uint64_t b) {
  return fmt::format("{}.{}", a, b);
}

std::optional<std::pair<std::int64_t, std::uint64_t>> parse_cursor(std::string_view text) {
  const auto parts = split(text, '.');
  if (parts.size() != 2) return std::nullopt;
  std::int64_t a = 0;
  const auto [end, error] = std::from_chars(parts[0].data(), parts[0].data() + parts[0].size(), a);
  const auto b = parse_u64(parts[1]);
  if (error != std::errc() || end != parts[0].data() + parts[0].size() || !b) return std::nullopt;
  return std::pair(a, *b);
}

}  // namespace crossline::api
