#include "tools/mrz/mrz_command.hpp"

#include "crossline/documents/mrz.hpp"
#include "tools/mrz/mrz_report.hpp"
#include "tools/mrz/scan_splitter.hpp"
#include "tools/support/exit.hpp"
#include "tools/support/input_file.hpp"
#include "tools/support/output.hpp"

#include <chrono>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace crossline::tools {
namespace {

using documents::CivilDate;

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

void run(const Options& options) {
  std::ifstream file;
  if (options.file != "-") {
    if (std::string wrong = why_no_file(options.file); !wrong.empty())
      fail_with({ErrorCode::kInvalidArgument, std::move(wrong)});
    file.open(options.file, std::ios::binary);
    if (!file) fail_with({ErrorCode::kInvalidArgument, options.file + ": cannot be read"});
  }
  std::istream& input = options.file == "-" ? std::cin : file;
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
  for (std::string line; std::getline(input, line);) splitter.feed(line, on_scan);
  splitter.finish(on_scan);
  if (!any) note(fmt::format("{}: no lines to read", options.file == "-" ? "standard input" : options.file));
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
