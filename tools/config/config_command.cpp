#include "tools/config/config_command.hpp"

#include "crossline/config/check.hpp"
#include "crossline/config/config.hpp"
#include "crossline/runtime/file.hpp"
#include "tools/support/exit.hpp"
#include "tools/support/output.hpp"
#include "tools/witness/witness_command.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>
#include <unistd.h>

namespace crossline::tools {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFileBytes = 64 * 1024;

// A program and what only its file has at the top: two names, so that a slip in one is told by the program
// that knows it.
struct Kind {
  std::array<std::string_view, 2> marks;
  std::string_view program;
};
constexpr std::string_view kWitness = "crossline witness";
constexpr std::array kKinds = {Kind{{"people", "agents"}, "crossline-server"},
                               Kind{{"station", "server"}, "crossline-agent"},
                               Kind{{"log", "key"}, kWitness}};

Result<Kind> recognise(const fs::path& path) {
  CROSSLINE_TRY(const std::string text, runtime::read_text_file(path, kMaxFileBytes));
  CROSSLINE_TRY(const auto file,
                config::Reader::parse(text, path.string(), fs::absolute(path).parent_path()));
  for (const Kind& kind : kKinds) {
    if (std::ranges::any_of(kind.marks, [&file](std::string_view mark) { return file.has(mark); }))
      return kind;
  }
  return fail(ErrorCode::kMalformed,
              "{}: not the configuration of a server ([people]), an agent ([station]) or a witness ([[log]])",
              path.string());
}

// Becomes the program; returns only when it cannot be started.
Error hand_over(std::string_view program, const fs::path& config, bool json) {
  std::error_code error;
  const fs::path own = fs::read_symlink("/proc/self/exe", error);
  std::vector<std::string> words = {(own.parent_path() / program).string(), "config", "check", "--config",
                                    config.string()};
  if (json) words.emplace_back("--json");
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  ::execv(arguments.front(), arguments.data());
  return {ErrorCode::kNotFound, fmt::format("{} cannot be started to check its file: {}", words.front(),
                                            std::generic_category().message(errno))};
}

void check(const fs::path& path, bool json) {
  const auto kind = recognise(path);
  if (!kind) throw Exit{config::tell_check("crossline", path, std::unexpected(kind.error()), json)};
  if (kind->program == kWitness) return check_witness_config(path, json);
  fail_with(hand_over(kind->program, path, json));
}

}  // namespace

void add_config_command(CLI::App& app) {
  CLI::App* config = app.add_subcommand("config", "The configuration of a server, an agent or a witness");
  config->require_subcommand(1);
  const auto path = std::make_shared<std::string>();
  const auto json = std::make_shared<bool>(false);
  CLI::App* checking = config->add_subcommand("check", "Read a file and all it names, and say what is wrong");
  checking->add_option("FILE", *path, "server.toml, agent.toml or witness.toml")->required();
  checking->add_flag("--json", *json, "Print JSON");
  checking->footer("Exit codes: 0 in order; 2 it cannot be read, or is wrong: every problem with its place.");
  checking->callback([path, json] { check(*path, *json); });
}

}  // namespace crossline::tools
