#include "request_body.hpp"

#include "crossline/base/text.hpp"

#include <algorithm>
#include <utility>

namespace crossline::agent {

Result<RequestBody> RequestBody::parse(std::string_view text) {
  if (text.empty()) return RequestBody(nlohmann::json::object());
  auto object = nlohmann::json::parse(text, nullptr, false);
  if (object.is_discarded() || !object.is_object())
    return fail(ErrorCode::kMalformed, "the body is not one JSON object");
  return RequestBody(std::move(object));
}

const nlohmann::json* RequestBody::find(const char* key, bool required) {
  known_.insert(key);
  const auto found = object_.find(key);
  if (found != object_.end()) return &*found;
  if (required) problem(key, "is missing");
  return nullptr;
}

std::optional<std::string> RequestBody::optional_text(const char* key, std::size_t min, std::size_t max) {
  const nlohmann::json* value = find(key, false);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) {
    problem(key, "is not a text");
    return std::nullopt;
  }
  std::string text = value->get<std::string>();
  if (text.size() < min || text.size() > max || !is_utf8(text)) {
    problem(key, fmt::format("has to be a text of {} to {} bytes", min, max));
    return std::nullopt;
  }
  return text;
}

std::string RequestBody::text(const char* key, std::size_t min, std::size_t max) {
  if (find(key, true) == nullptr) return {};
  return optional_text(key, min, max).value_or(std::string());
}

bool RequestBody::flag(const char* key, bool fallback) {
  return optional_flag(key).value_or(fallback);
}

std::optional<bool> RequestBody::optional_flag(const char* key) {
  const nlohmann::json* value = find(key, false);
  if (value == nullptr) return std::nullopt;
  if (value->is_boolean()) return value->get<bool>();
  problem(key, "is neither true nor false");
  return std::nullopt;
}

std::uint64_t RequestBody::number(const char* key) {
  constexpr std::uint64_t kMaxExact = (std::uint64_t{1} << 53) - 1;
  const nlohmann::json* value = find(key, true);
  if (value == nullptr) return 0;
  if (!value->is_number_unsigned() || value->get<std::uint64_t>() > kMaxExact) {
    problem(key, "is not an index");
    return 0;
  }
  return value->get<std::uint64_t>();
}

std::optional<RequestBody> RequestBody::object(const char* key) {
  const nlohmann::json* value = find(key, false);
  if (value == nullptr) return std::nullopt;
  if (!value->is_object()) {
    problem(key, "is not an object");
    return std::nullopt;
  }
  return RequestBody(*value);
}

std::optional<std::vector<RequestBody>> RequestBody::objects(const char* key, std::size_t max) {
  const nlohmann::json* value = find(key, false);
  if (value == nullptr) return std::nullopt;
  const bool fits = value->is_array() && value->size() <= max &&
                    std::ranges::all_of(*value, [](const auto& item) { return item.is_object(); });
  if (!fits) {
    problem(key, fmt::format("is not an array of at most {} objects", max));
    return std::nullopt;
  }
  std::vector<RequestBody> bodies;
  for (const nlohmann::json& item : *value) bodies.push_back(RequestBody(item));
  return bodies;
}

const nlohmann::json* RequestBody::map(const char* key, std::size_t max) {
  const nlohmann::json* value = find(key, false);
  if (value == nullptr) return nullptr;
  if (value->is_object() && value->size() <= max) return value;
  problem(key, fmt::format("is not an object of at most {} members", max));
  return nullptr;
}

void RequestBody::problem(const char* key, std::string what) {
  if (!error_) error_ = Error{ErrorCode::kInvalidArgument, fmt::format("'{}' {}", key, what)};
}

void RequestBody::merge(const RequestBody& nested) {
  if (!error_) error_ = nested.error_;
  if (error_) return;
  for (const auto& [key, value] : nested.object_.items()) {
    if (!nested.known_.contains(key)) problem(key.c_str(), "is not known here");
  }
}

Result<void> RequestBody::finish() {
  for (const auto& [key, value] : object_.items()) {
    if (!known_.contains(key)) problem(key.c_str(), "is not known here");
  }
  if (error_) return std::unexpected(*error_);
  return {};
}

}  // namespace crossline::agent
