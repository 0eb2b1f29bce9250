#include "tools/support/input_file.hpp"

#include "crossline/base/text.hpp"
#include "crossline/runtime/file.hpp"
#include "tools/support/exit.hpp"
#include "tools/support/output.hpp"

#include <cerrno>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

namespace crossline::tools {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxNeighbours = 1'000;  // looked at for a name that is nearly the one given

// "; did you mean 'x'?", or nothing.
std::string hint_at_neighbour(const fs::path& path) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : ".";
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    names.push_back(entry->path().filename().string());
    if (names.size() == kMaxNeighbours) break;
  }
  const std::vector<std::string_view> views(names.begin(), names.end());
  const auto nearest = nearest_name(path.filename().string(), views);
  return nearest ? fmt::format("; did you mean '{}'?", *nearest) : "";
}

enum class Wanted { kFile, kFolder };
std::string why_not(const fs::path& path, Wanted wanted) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) {
    const std::string reason = error.message();  // of a file that is not there as well
    return fmt::format("{}: {}{}", path.string(), reason, hint_at_neighbour(path));
  }
  if (wanted == Wanted::kFile && fs::is_directory(status))
    return fmt::format("{}: a folder, not a file", path.string());
  if (wanted == Wanted::kFolder && !fs::is_directory(status))
    return fmt::format("{}: a file, not a folder", path.string());
  if (::access(path.c_str(), R_OK) != 0)
    return fmt::format("{}: {}", path.string(), std::generic_category().message(errno));
  return "";
}

}  // namespace

std::string why_no_file(const fs::path& path) {
  return why_not(path, Wanted::kFile);
}

std::string why_no_folder(const fs::path& path) {
  return why_not(path, Wanted::kFolder);
}

std::string read_input(const fs::path& path, std::size_t max_bytes) {
  std::string wrong = why_no_file(path);
  if (wrong.empty()) {
    auto text = runtime::read_text_file(path, max_bytes);
    if (text) return *std::move(text);
    wrong = text.error().message;
  }
  note(wrong);
  throw Exit{kExitInvalid};
}

std::string read_secret_input(const fs::path& path, std::size_t max_bytes) {
  if (const std::string wrong = why_no_file(path); !wrong.empty())
    fail_with({ErrorCode::kInvalidArgument, wrong});
  return value_or_exit(runtime::read_secret_file(path, max_bytes));
}

}  // namespace crossline::tools
