#include "unique_keys.hpp"

#include "crossline/base/limits.hpp"

#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace crossline::adoption {
namespace {

// Keeps the keys of every object that is open; returning false stops the parser.
class KeyWatch : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return open(); }
  bool start_array(std::size_t) override { return open(); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    if (open_.back().insert(name).second) return true;
    twice_ = name;
    problem_ = fmt::format("key '{}' appears twice", name);
    return false;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    problem_ = fmt::format("not JSON at byte {}", position);
    return false;
  }

  [[nodiscard]] bool said_twice() const { return twice_.has_value(); }
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  bool open() {
    if (open_.size() == limits::kMaxNesting) {
      problem_ = fmt::format("more than {} levels", limits::kMaxNesting);
      return false;
    }
    open_.emplace_back();
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  std::vector<std::set<std::string>> open_;
  std::optional<std::string> twice_;
  std::string problem_;
};

}  // namespace

Judged<void> check_unique_keys(std::string_view json, std::string_view what) {
  KeyWatch watch;
  if (nlohmann::json::sax_parse(json.begin(), json.end(), &watch)) return {};
  const Refusal reason = watch.said_twice() ? Refusal::kDuplicateKey : Refusal::kMalformedEnvelope;
  return std::unexpected(Refused{reason, fmt::format("{}: {}", what, watch.problem())});
}

}  // namespace crossline::adoption
