#include "tools/config/config_command.hpp"

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
Error hand_over(std::string_view program, const fs::path& config) {
  std::error_code error;
  const fs::path own = fs::read_symlink("/proc/self/exe", error);
  std::string binary = (own.parent_path() / program).string();
  std::array<std::string, 4> words = {binary, "config", "check", "--config"};
  std::string file = config.string();
  std::array<char*, 6> arguments = {words[0].data(), words[1].data(), words[2].data(),
                                    words[3].data(), file.data(),     nullptr};
  ::execv(binary.c_str(), arguments.data());
  return {ErrorCode::kNotFound, fmt::format("{} cannot be started to check its file: {}", binary,
                                            std::generic_category().message(errno))};
}

void check(const fs::path& path) {
  const auto kind = recognise(path);
  if (!kind) {
    note(kind.error().message);
    throw Exit{kExitInvalid};
  }
  if (kind->program == kWitness) return check_witness_config(path);
  fail_with(hand_over(kind->program, path));
}

}  // namespace

void add_config_command(CLI::App& app) {
  CLI::App* config = app.add_subcommand("config", "The configuration of a server, an agent or a witness");
  config->require_subcommand(1);
  const auto path = std::make_shared<std::string>();
  CLI::App* checking = config->add_subcommand("check", "Read a file and all it names, and say what is wrong");
  checking->add_option("FILE", *path, "server.toml, agent.toml or witness.toml")->required();
  checking->callback([path] { check(*path); });
}

}  // namespace crossline::tools
