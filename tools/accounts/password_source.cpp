#include "tools/accounts/password_source.hpp"

#include "crossline/accounts/account.hpp"
#include "crossline/runtime/file.hpp"
#include "tools/support/input_file.hpp"

#include <cstdio>
#include <iostream>

#include <termios.h>
#include <unistd.h>

namespace crossline::tools {
namespace {

constexpr std::size_t kMaxFileBytes = accounts::kMaxPasswordBytes + 2;  // and its line end

// Hides what is typed for as long as it lives.
class NoEcho {
 public:
  NoEcho() : changed_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!changed_) return;
    termios hidden = before_;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
  }
  ~NoEcho() {
    if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;

 private:
  termios before_{};
  bool changed_;
};

Result<std::string> first_line(std::string text) {
  text.erase(std::min(text.find_first_of("\r\n"), text.size()));
  if (text.empty())
    return fail(ErrorCode::kInvalidArgument,
                "no password was given: type it, pipe it in, or name its file with --password-file");
  return text;
}

Result<std::string> read_line() {
  std::string line;
  if (!std::getline(std::cin, line))
    return fail(ErrorCode::kInvalidArgument,
                "no password was given: type it, pipe it in, or name its file with --password-file");
  return first_line(std::move(line));
}

Result<std::string> ask(const char* prompt) {
  const NoEcho hidden;
  std::fputs(prompt, stderr);
  auto answer = read_line();
  std::fputs("\n", stderr);
  return answer;
}

}  // namespace

Result<std::string> password_from_file(const std::filesystem::path& path) {
  if (std::string wrong = why_no_file(path); !wrong.empty())
    return fail(ErrorCode::kInvalidArgument, "{}", wrong);
  CROSSLINE_TRY(std::string text, runtime::read_secret_file(path, kMaxFileBytes));
  auto password = first_line(std::move(text));
  if (!password) return std::unexpected(std::move(password).error().at(path.string()));
  return password;
}

Result<std::string> password_from_stdin() {
  if (::isatty(STDIN_FILENO) == 0) return read_line();
  CROSSLINE_TRY(const std::string password, ask("Password: "));
  CROSSLINE_TRY(const std::string again, ask("Again: "));
  if (password != again) return fail(ErrorCode::kInvalidArgument, "the two passwords differ");
  return password;
}

Result<std::string> own_password_from_stdin() {
  return ::isatty(STDIN_FILENO) == 0 ? read_line() : ask("Password: ");
}

}  // namespace crossline::tools
