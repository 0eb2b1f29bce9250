// Strict reading of a request's JSON: what is missing, of the wrong type, too long or unknown is an error.
#pragma once

#include "crossline/base/result.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace crossline::agent {

// Ask for each key once, then finish(): keys never asked for are unknown. Keeps the first problem. Nested
// objects are read by a RequestBody of their own. One thread.
class RequestBody {
 public:
  // kMalformed unless it is one JSON object; empty text is an empty object.
  static Result<RequestBody> parse(std::string_view text);

  std::string text(const char* key, std::size_t min, std::size_t max);
  std::optional<std::string> optional_text(const char* key, std::size_t min, std::size_t max);
  bool flag(const char* key, bool fallback);
  std::optional<bool> optional_flag(const char* key);
  std::uint64_t number(const char* key);
  std::optional<RequestBody> object(const char* key);
  // The objects of an array of at most `max`; nothing when the key is not there.
  std::optional<std::vector<RequestBody>> objects(const char* key, std::size_t max);
  // The value as it is, of at most `max` members; null when the key is not there or it is no object.
  const nlohmann::json* map(const char* key, std::size_t max);
  // A problem that only the caller can see.
  void problem(const char* key, std::string what);
  // Also takes the problems of a nested object.
  void merge(const RequestBody& nested);

  [[nodiscard]] Result<void> finish();

 private:
  explicit RequestBody(nlohmann::json object) : object_(std::move(object)) {}
  const nlohmann::json* find(const char* key, bool required);

  nlohmann::json object_;
  std::set<std::string> known_;
  std::optional<Error> error_;
};

}  // namespace crossline::agent
