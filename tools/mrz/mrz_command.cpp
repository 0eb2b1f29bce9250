#include "tools/mrz/mrz_command.hpp"

#include "crossline/base/text.hpp"
#include "crossline/documents/mrz.hpp"
#include "tools/mrz/mrz_report.hpp"
#include "tools/mrz/scan_splitter.hpp"
#include "tools/support/exit.hpp"
#include "tools/support/input_file.hpp"
#include "tools/support/output.hpp"

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace crossline::tools {
namespace {

using documents::CivilDate;

constexpr std::size_t kMaxLineBytes = 1 << 20;  // many scans, for some readers end them with CR alone

struct Options {
  std::string file = "-";
  std::string today;
  std::string prefix;
  std::string suffix;
  bool human = false;
  bool as_read = false;
};

CivilDate today_from(const Options& options) {
  if (options.today.empty()) return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  return *documents::parse_iso_date(options.today);  // checked when the command line was parsed
}

std::string check_date(const std::string& text) {
  return documents::parse_iso_date(text) ? "" : "expected a date as YYYY-MM-DD: " + text;
}

// Reports one scan and returns whether it is a valid document.
bool report(std::string_view scan, const documents::ReadOptions& reading, bool human) {
  const auto mrz = documents::read_mrz(scan, reading);
  if (!mrz) {
    print(human ? table_report(mrz.error()) : json_report(mrz.error()) + "\n");
    return false;
  }
  print(human ? table_report(*mrz, reading.today) : json_report(*mrz, reading.today) + "\n");
  return mrz->valid();
}

using Input = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

Input open_input(const std::string& file) {
  if (file == "-") return Input(stdin, [](std::FILE*) { return 0; });
  if (std::string wrong = why_no_file(file); !wrong.empty())
    fail_with({ErrorCode::kInvalidArgument, std::move(wrong)});
  Input input(std::fopen(file.c_str(), "rbe"), &std::fclose);
  if (!input) fail_with({ErrorCode::kInvalidArgument, file + ": cannot be read"});
  return input;
}

// The next line without its line feed; false at the end. Ends the command when reading fails, or the line is
// longer than any that a reader sends.
bool next_line(std::FILE* input, std::string& line, std::string_view name) {
  line.clear();
  int byte = std::getc(input);
  if (byte == EOF && std::ferror(input) == 0) return false;
  for (; byte != EOF && byte != '\n' && line.size() <= kMaxLineBytes; byte = std::getc(input))
    line += static_cast<char>(byte);
  if (std::ferror(input) != 0)
    fail_with(
        {ErrorCode::kInvalidArgument, fmt::format("{}: {}", name, std::generic_category().message(errno))});
  if (line.size() > kMaxLineBytes)
    fail_with({ErrorCode::kInvalidArgument,
               fmt::format("{}: a line of more than {} bytes: these are no scans", name, kMaxLineBytes)});
  return true;
}

void run(const Options& options) {
  const Input input = open_input(options.file);
  const std::string name = options.file == "-" ? "standard input" : options.file;
  const documents::ReadOptions reading{.today = today_from(options),
                                       .repair = !options.as_read,
                                       .prefix = options.prefix,
                                       .suffix = options.suffix};
  bool any = false;
  bool all_valid = true;
  const auto on_scan = [&](std::string_view scan) {
    any = true;
    all_valid = report(scan, reading, options.human) && all_valid;
  };
  ScanSplitter splitter(options.prefix);
  bool is_first = true;
  for (std::string line; next_line(input.get(), line, name); is_first = false)
    splitter.feed(is_first ? without_byte_order_mark(line) : line, on_scan);
  splitter.finish(on_scan);
  if (!any) note(fmt::format("{}: no lines to read", name));
  if (!any || !all_valid) throw Exit{kExitInvalid};
}

}  // namespace

void add_mrz_command(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "mrz", "Read machine readable zones: one JSON object a document, with evidence for every field.");
  command->add_option("file", options->file, "Lines of one or more documents; - is standard input")
      ->capture_default_str();
  command
      ->add_option("--today", options->today, "The day that decides centuries, as YYYY-MM-DD; default: today")
      ->check(check_date);
  command->add_option("--prefix", options->prefix, "What the reader sends before each scan");
  command->add_option("--suffix", options->suffix, "What the reader sends behind each scan");
  CLI::Option* human = command->add_flag("--human", options->human, "A table instead of JSON");
  command->add_flag("--json")
      ->description("JSON, one object a line: what is printed anyway")
      ->excludes(human);
  command->add_flag("--as-read", options->as_read, "Repair nothing");
  command->footer(
      "Exit codes: 0 every document is valid as read, 2 one is not, or is no zone at all, or the file cannot "
      "be read.");
  command->callback([options] { run(*options); });
}

}  // namespace crossline::tools
