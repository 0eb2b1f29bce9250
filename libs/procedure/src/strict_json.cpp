#include "strict_json.hpp"

#include "crossline/base/limits.hpp"

#include <utility>
#include <vector>

namespace crossline::procedure {
namespace {

// Builds a value while refusing what the canonical form does not have. Returning false stops the parser.
class StrictBuilder : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return refuse("null has no meaning here"); }
  bool boolean(bool value) override { return add(Json(value)); }
  bool number_integer(number_integer_t value) override { return add(Json(value)); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value > static_cast<number_unsigned_t>(INT64_MAX)) return refuse("a number does not fit 64 bits");
    return add(Json(static_cast<std::int64_t>(value)));
  }
  bool number_float(number_float_t, const string_t& text) override {
    return refuse("'" + text + "' is not an integer");
  }
  bool string(string_t& value) override { return add(Json(std::move(value))); }
  bool binary(binary_t&) override { return refuse("binary values have no meaning here"); }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    if (open_.back().value.contains(name)) return refuse("key '" + name + "' appears twice");
    open_.back().key = std::move(name);
    return true;
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& error) override {
    // "[json.exception.parse_error.101] parse error at line 1, column 2: ..." without its prefix
    const std::string what = error.what();
    const auto text = what.find("] ");
    problem_ = text == std::string::npos ? "syntax error at byte " + std::to_string(position)
                                         : what.substr(text + 2);
    return false;
  }

  Json take() { return std::move(root_); }
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  struct Level {
    Json value;
    std::string key;
  };

  bool refuse(std::string why) {
    problem_ = std::move(why);
    return false;
  }
  bool open(Json value) {
    if (open_.size() == limits::kMaxNesting)
      return refuse("more than " + std::to_string(limits::kMaxNesting) + " levels");
    open_.push_back({std::move(value), {}});
    return true;
  }
  bool close() {
    Json value = std::move(open_.back().value);
    open_.pop_back();
    return add(std::move(value));
  }
  bool add(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (open_.back().value.is_object()) {
      open_.back().value.emplace(std::move(open_.back().key), std::move(value));
    } else {
      open_.back().value.push_back(std::move(value));
    }
    return true;
  }

  std::vector<Level> open_;
  Json root_;
  std::string problem_;
};

}  // namespace

Result<Json> parse_strict(ByteView text) {
  if (text.size() > limits::kMaxProcedureBytes)
    return fail(ErrorCode::kMalformed, "{} bytes; at most {} are read", text.size(),
                limits::kMaxProcedureBytes);
  StrictBuilder builder;
  if (!Json::sax_parse(text.begin(), text.end(), &builder))
    return fail(ErrorCode::kMalformed, "{}", builder.problem());
  return builder.take();
}

std::string canonical(const Json& value) {
  return value.dump();
}

}  // namespace crossline::procedure
