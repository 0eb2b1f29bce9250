#include "crossline/config/check.hpp"

#include "crossline/base/text.hpp"

#include <cstdio>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace crossline::config {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kExitInOrder = 0;
constexpr int kExitNotTold = 1;
constexpr int kExitWrong = 2;

std::string as_json(const std::filesystem::path& file, const Result<InOrder>& checked) {
  Json out = {{"file", file.string()}, {"valid", checked.has_value()}};
  if (checked) {
    out["summary"] = checked->summary;
    out["warnings"] = checked->warnings;
  } else {
    out["problems"] = split(checked.error().message, '\n');  // a file's problems are told one a line
  }
  return out.dump(2, ' ', false, Json::error_handler_t::replace);
}

bool say(const std::string& line) {
  return std::fputs((line + "\n").c_str(), stdout) >= 0 && std::fflush(stdout) == 0;
}

}  // namespace

int tell_check(std::string_view program, const std::filesystem::path& file, const Result<InOrder>& checked,
               bool json) {
  const int code = checked ? kExitInOrder : kExitWrong;
  if (json) return say(as_json(file, checked)) ? code : kExitNotTold;
  const auto warn = [program](std::string_view line) { fmt::print(stderr, "{}: {}\n", program, line); };
  if (!checked) {
    warn(checked.error().message);
    return code;
  }
  if (!say("in order: " + checked->summary)) return kExitNotTold;
  for (const std::string& odd : checked->warnings) warn(odd);
  return code;
}

}  // namespace crossline::config
