#include "tools/procedure/procedure_command.hpp"

#include "crossline/base/text.hpp"
#include "crossline/conformance/kit.hpp"
#include "crossline/procedure/authoring.hpp"
#include "crossline/procedure/describe.hpp"
#include "crossline/procedure/explain.hpp"
#include "crossline/procedure/fact_sheet.hpp"
#include "tools/procedure/analysis_commands.hpp"
#include "tools/procedure/procedure_file.hpp"
#include "tools/procedure/signing_commands.hpp"
#include "tools/procedure/simulate_command.hpp"
#include "tools/procedure/submit_command.hpp"
#include "tools/procedure/template.hpp"
#include "tools/support/exit.hpp"
#include "tools/support/input_file.hpp"
#include "tools/support/json_output.hpp"
#include "tools/support/output.hpp"
#include "tools/support/progress.hpp"

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <system_error>

#include <nlohmann/json.hpp>

namespace crossline::tools {
namespace {

using Json = nlohmann::ordered_json;

// What the options of the subcommands fill in; lives as long as the parser.
struct ProcedureOptions {
  std::string file;
  std::string facts;
  std::string output;
  std::string after;
  std::string name = "my-line";
  std::string clock = "UTC";
  std::string kit = "tests/conformance";
  std::vector<std::string> kit_files;
  std::string language = "en";
  bool json = false;
};
using ProcedureOptionsPtr = std::shared_ptr<ProcedureOptions>;

// The procedure of the command line. With `--after`, one that cannot follow that edition ends the command.
LoadedProcedure load(const ProcedureOptions& options) {
  LoadedProcedure loaded = load_procedure(options.file, options.json);
  if (options.after.empty()) return loaded;
  const LoadedProcedure before = load_procedure(options.after, options.json);
  const auto problems = procedure::check_succession(before.edition, loaded.edition, loaded.positions);
  if (!problems.empty()) refuse_procedure(options.file, problems, options.json);
  return loaded;
}

// The same, checked as a whole where the file was sealed before, perhaps by others.
LoadedProcedure load_sound(const ProcedureOptions& options) {
  LoadedProcedure loaded = load(options);
  if (loaded.positions.empty()) refuse_unsound(options.file, loaded.edition, options.json);
  return loaded;
}

Json summary(const ProcedureOptions& options, const LoadedProcedure& loaded) {
  const procedure::Edition& edition = loaded.edition;
  return {{"file", options.file},
          {"valid", true},
          {"procedure", edition.name()},
          {"edition", edition.number()},
          {"hash", edition.hash().hex()},
          {"from_ms", edition.from().ms},
          {"until_ms", edition.until().ms},
          {"articles", edition.articles().size()},
          {"predicates", edition.predicates().size()},
          {"cases", edition.cases().size()},
          {"sealed_bytes", loaded.bytes.size()}};
}

void run_check(const ProcedureOptions& options) {
  const LoadedProcedure loaded = load_sound(options);
  if (options.json) return print_json(summary(options, loaded));
  print(fmt::format("{}: edition {} of {} is valid: {} articles, {} agreed cases hold\n  sha256:{}\n",
                    options.file, loaded.edition.number(), loaded.edition.name(),
                    loaded.edition.articles().size(), loaded.edition.cases().size(),
                    loaded.edition.hash().hex()));
}

// Right after the writing failed.
std::string cannot_write(const std::string& path) {
  return fmt::format("cannot write {}: {}", path, std::generic_category().message(errno));
}

void run_seal(const ProcedureOptions& options) {
  std::error_code error;
  if (std::filesystem::equivalent(options.file, options.output, error))
    fail_with({ErrorCode::kInvalidArgument,
               fmt::format("{} is the procedure itself; write the sealed form into another file: nothing was "
                           "changed",
                           options.output)});
  const LoadedProcedure loaded = load_sound(options);
  std::ofstream out(options.output, std::ios::binary | std::ios::trunc);
  out.write(as_text(loaded.bytes).data(), static_cast<std::streamsize>(loaded.bytes.size()));
  out.close();
  if (!out) fail_with({ErrorCode::kStorageFailed, cannot_write(options.output)});
  if (options.json) return print_json(summary(options, loaded));
  print(fmt::format("Sealed edition {} of {} into {}: {} bytes\n  sha256:{}\n", loaded.edition.number(),
                    loaded.edition.name(), options.output, loaded.bytes.size(), loaded.edition.hash().hex()));
}

Json to_json(const procedure::Explanation& explanation) {
  Json reasons = Json::array();
  for (const procedure::Reason& reason : explanation.reasons)
    reasons.push_back({{"article", reason.article},
                       {"clause", name_of(reason.kind)},
                       {"outcome", name_of(reason.outcome)},
                       {"relief", name_of(reason.relief)},
                       {"text", reason.text},
                       {"failing_fact", reason.failing_fact},
                       {"remedy", reason.remedy}});
  return {{"verdict", name_of(explanation.verdict)},
          {"basis", name_of(explanation.basis)},
          {"headline", explanation.headline},
          {"reasons", std::move(reasons)}};
}

Json clauses_of(const procedure::Edition& edition, const procedure::Decision& decision) {
  Json clauses = Json::array();
  for (const procedure::ClauseResult& result : decision.results)
    clauses.push_back({{"article", edition.articles()[result.article].id},
                       {"clause", name_of(result.kind)},
                       {"applies", name_of(result.applies)},
                       {"holds", name_of(result.holds)},
                       {"outcome", name_of(result.outcome)},
                       {"relief", name_of(result.relief)}});
  return clauses;
}

// One line per clause: "  4(1)      require   applies true     holds false    refer   relief none".
std::string in_lines(const Json& clauses) {
  std::string out;
  for (const Json& clause : clauses) {
    const auto word = [&clause](const char* key) { return clause.at(key).get<std::string>(); };
    out += fmt::format("  {:<8}  {:<8}  applies {:<7}  holds {:<7}  {:<6}  relief {}\n", word("article"),
                       word("clause"), word("applies"), word("holds"), word("outcome"), word("relief"));
  }
  return out;
}

void run_explain(const ProcedureOptions& options) {
  const LoadedProcedure loaded = load(options);
  const procedure::Edition& edition = loaded.edition;
  auto sheet = procedure::FactSheet::parse(read_whole(options.facts), edition);
  if (!sheet) fail_with(std::move(sheet).error().at(options.facts));
  const auto instant = sheet->instant();
  if (!instant)
    fail_with({ErrorCode::kInvalidArgument,
               fmt::format("{}: the facts do not say 'at' what time to decide", options.facts)});
  const procedure::Facts facts = sheet->facts();
  const procedure::Decision decision = edition.decide(facts, *instant);
  const procedure::Explanation explanation = procedure::explain(edition, decision, options.language);
  if (options.json) {
    Json out = to_json(explanation);
    out["edition"] = edition.number();
    out["hash"] = edition.hash().hex();
    out["clauses"] = clauses_of(edition, decision);
    print_json(out);
  } else {
    print(fmt::format("{}: {}\nEvery clause:\n{}", name_of(explanation.verdict), explanation.to_text(),
                      in_lines(clauses_of(edition, decision))));
  }
  if (decision.verdict != procedure::Verdict::kAllow) throw Exit{kExitFailed};
}

void run_new(const ProcedureOptions& options) {
  if (std::filesystem::exists(options.file))
    fail_with({ErrorCode::kConflict, fmt::format("{} exists already; nothing was changed", options.file)});
  const std::chrono::year_month_day today(
      std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
  const std::string text =
      procedure_template(options.name, options.clock, static_cast<int>(today.year()) + 1);
  const LoadedProcedure loaded =
      seal_procedure(options.file, text, options.json);  // tells a wrong name or clock
  std::ofstream out(options.file, std::ios::binary);
  out << text;
  out.close();
  if (!out) fail_with({ErrorCode::kStorageFailed, cannot_write(options.file)});
  if (options.json) return print_json(summary(options, loaded));
  print(
      fmt::format("Wrote {}: a small procedure that is valid as it is. Change it, then run:\n"
                  "  crossline procedure check {}\n",
                  options.file, options.file));
}

// An article as people agreed it and as the machine understood it.
Json article_in_words(const procedure::Edition& edition, const procedure::Article& article,
                      const std::string& language) {
  Json understood = Json::array();
  for (const procedure::Clause& clause : article.clauses)
    understood.push_back(procedure::describe(edition, article, clause, language));
  return {{"article", article.id},
          {"agreed", article.text.in(language)},
          {"understood", std::move(understood)},
          {"marks", procedure::describe_marks(edition, article, language)}};
}

void run_show(const ProcedureOptions& options) {
  const LoadedProcedure loaded = load(options);
  const procedure::Edition& edition = loaded.edition;
  Json articles = Json::array();
  for (const procedure::Article& article : edition.articles())
    articles.push_back(article_in_words(edition, article, options.language));
  if (options.json) {
    Json out = summary(options, loaded);
    out["language"] = options.language;
    out["articles"] = std::move(articles);
    return print_json(out);
  }
  const bool russian = options.language == "ru";
  std::string text = fmt::format(fmt::runtime(russian ? "{}, редакция {}: {} .. {}\n  sha256:{}\n"
                                                      : "{}, edition {}: {} to {}\n  sha256:{}\n"),
                                 edition.name(), edition.number(), format_utc(edition.from()),
                                 format_utc(edition.until()), edition.hash().hex());
  for (const Json& article : articles) {
    text += fmt::format("\n{}  {}\n", article["article"].get<std::string>(),
                        article["agreed"].get<std::string>());
    for (const char* part : {"understood", "marks"})
      for (const Json& sentence : article[part])
        text += fmt::format("      {}\n", sentence.get<std::string>());
  }
  print(text);
}

void run_test(const ProcedureOptions& options) {
  const std::filesystem::path kit(options.kit);
  std::string wrong = why_no_folder(kit);
  if (wrong.empty() && !std::filesystem::exists(kit / "base.json"))
    wrong = fmt::format("{} is not the folder of the conformance kit: it has no base.json", options.kit);
  if (!wrong.empty())
    fail_with(
        {ErrorCode::kInvalidArgument, wrong + "; name it with --kit (tests/conformance of the source tree)"});
  std::vector<std::string> names = options.kit_files;
  if (names.empty()) {
    for (const char* file : {"short.jsonl", "predicates.jsonl", "decisions.jsonl"})
      names.push_back((kit / file).string());
  }
  std::vector<std::pair<std::string, std::string>> files;
  for (const std::string& name : names) files.emplace_back(name, read_whole(name));
  Progress progress("cases", options.json);
  const auto report = value_or_exit(
      conformance::run_kit(read_whole((kit / "base.json").string()), files,
                           [&progress](std::size_t done, std::size_t of) { progress.show(done, of); }));
  progress.clear();
  if (options.json) {
    Json failures = Json::array();
    for (const conformance::KitFailure& failure : report.failures)
      failures.push_back({{"file", failure.file}, {"case", failure.name}, {"message", failure.message}});
    print_json(
        {{"cases", report.cases}, {"failed", report.failures.size()}, {"failures", std::move(failures)}});
  } else {
    for (const conformance::KitFailure& failure : report.failures)
      print(fmt::format("{}: case '{}': {}\n", failure.file, failure.name, failure.message));
    print(fmt::format("{} cases: {} as written, {} not\n", report.cases,
                      report.cases - report.failures.size(), report.failures.size()));
  }
  if (!report.failures.empty()) throw Exit{kExitFailed};
}

CLI::App* add_plain_subcommand(CLI::App& parent, const ProcedureOptionsPtr& options, const std::string& name,
                               const std::string& description, const std::string& exit_codes,
                               void (*run)(const ProcedureOptions&)) {
  CLI::App* command = parent.add_subcommand(name, description);
  command->add_flag("--json", options->json, "Print JSON");
  command->footer("Exit codes: " + exit_codes);
  command->callback([options, run] { run(*options); });
  return command;
}

void add_language(CLI::App& command, const ProcedureOptionsPtr& options) {
  command.add_option("--language", options->language, "Language of the words: en or ru")
      ->check(CLI::IsMember({"en", "ru"}))
      ->capture_default_str();
}

void add_after(CLI::App& command, const ProcedureOptionsPtr& options) {
  command.add_option(
      "--after", options->after,
      "The edition before: also check number, hash and that times neither overlap nor leave a gap");
}

CLI::App* add_subcommand(CLI::App& parent, const ProcedureOptionsPtr& options, const std::string& name,
                         const std::string& description, const std::string& exit_codes,
                         void (*run)(const ProcedureOptions&)) {
  CLI::App* command = add_plain_subcommand(parent, options, name, description, exit_codes, run);
  command->add_option("file", options->file, "The procedure: authored (TOML) or sealed (JSON)")->required();
  return command;
}

}  // namespace

void add_procedure_command(CLI::App& app) {
  CLI::App* procedure = app.add_subcommand(
      "procedure", "Write, check, analyse, seal, sign, verify and explain the agreed procedure");
  procedure->require_subcommand(1);
  const auto options = std::make_shared<ProcedureOptions>();
  CLI::App* fresh = add_plain_subcommand(
      *procedure, options, "new", "Write a small commented procedure to start from; it is valid as it is",
      "0 written; 1 the file exists or cannot be written; 2 the name or the clock is not valid.", run_new);
  fresh->add_option("file", options->file, "Where to write it (TOML)")->required();
  fresh->add_option("--name", options->name, "Its name: a-z, 0-9, '_' and '-'")->capture_default_str();
  fresh->add_option("--clock", options->clock, "The time zone of its days and hours, such as Asia/Baku")
      ->capture_default_str();
  CLI::App* check = add_subcommand(
      *procedure, options, "check",
      "Read a procedure, seal it in memory and run its agreed cases; every problem is listed",
      "0 valid; 2 not valid, or a case fails: every problem with its line, column and article.", run_check);
  add_after(*check, options);
  CLI::App* show = add_subcommand(*procedure, options, "show",
                                  "The articles in words: what was agreed, and what the machine understood",
                                  "0 shown; 2 not valid.", run_show);
  add_language(*show, options);
  CLI::App* seal = add_subcommand(*procedure, options, "seal",
                                  "Write the sealed form: what is hashed, signed and enforced",
                                  "0 written; 1 cannot write; 2 not valid.", run_seal);
  seal->add_option("-o,--output", options->output, "Where to write the sealed procedure")->required();
  add_after(*seal, options);
  CLI::App* explain =
      add_subcommand(*procedure, options, "explain", "Decide over facts and say why, clause by clause",
                     "0 allow; 1 refer or refuse; 2 the procedure or the facts are not valid.", run_explain);
  explain
      ->add_option("--facts", options->facts,
                   "Facts as a JSON object; docs/procedure-language.md lists the keys")
      ->required();
  add_language(*explain, options);
  CLI::App* test = add_plain_subcommand(
      *procedure, options, "test", "Run the conformance kit of the language with this program's evaluator",
      "0 every case comes out as written; 1 one does not; 2 a file is missing or is not a kit.", run_test);
  test->add_option("files", options->kit_files,
                   "Files of cases; left out: short.jsonl, predicates.jsonl and decisions.jsonl of the kit");
  test->add_option("--kit", options->kit,
                   "Folder of the kit, with base.json: tests/conformance of the source tree")
      ->capture_default_str();
  add_analysis_commands(*procedure);
  add_simulate_command(*procedure);
  add_signing_commands(*procedure);
  add_submit_command(*procedure);
}

}  // namespace crossline::tools
