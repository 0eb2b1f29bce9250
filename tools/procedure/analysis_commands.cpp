#include "tools/procedure/analysis_commands.hpp"

#include "crossline/analysis/analysis.hpp"
#include "crossline/analysis/difference.hpp"
#include "tools/procedure/procedure_file.hpp"
#include "tools/support/exit.hpp"
#include "tools/support/output.hpp"
#include "tools/support/progress.hpp"

#include <memory>
#include <string>

#include <nlohmann/json.hpp>

namespace crossline::tools {
namespace {

using Json = nlohmann::ordered_json;

// What the options of the subcommands fill in; lives as long as the parser.
struct AnalysisOptions {
  std::string file;
  std::string other;
  std::string language = "en";
  unsigned steps = analysis::Budget{}.steps_per_question;
  bool json = false;
};
using AnalysisOptionsPtr = std::shared_ptr<AnalysisOptions>;

analysis::Budget budget_of(const AnalysisOptions& options) {
  analysis::Budget budget;
  budget.steps_per_question = options.steps;
  return budget;
}

analysis::Watch watched(Progress& progress) {
  return [&progress](std::size_t done, std::size_t of) { progress.show(done, of); };
}

Json json_of(const analysis::Words& words) {
  return {{"en", words.en}, {"ru", words.ru}};
}

Json json_of(const analysis::Witness& witness) {
  Json plays = Json::array();
  for (const analysis::Play& play : witness.plays)
    plays.push_back({{"where", json_of(play.where)},
                     {"verdict", name_of(play.verdict)},
                     {"because", play.because},
                     {"facts", Json::parse(play.facts)}});
  return {{"person", json_of(witness.person)}, {"decisions", std::move(plays)}};
}

Json json_of(const analysis::Finding& finding) {
  Json out = {{"question", name_of(finding.question)},
              {"standing", name_of(finding.standing)},
              {"subject", finding.subject},
              {"text", json_of(finding.text)}};
  if (finding.witness) out["witness"] = json_of(*finding.witness);
  return out;
}

// "      before: allow because of 1(1)" for each decision.
std::string told(const analysis::Witness& witness, const std::string& language) {
  std::string out = fmt::format("      {}\n", witness.person.in(language));
  for (const analysis::Play& play : witness.plays) {
    const std::string& where = play.where.in(language);
    out += fmt::format("      {}{}{} ({})\n", where, where.empty() ? "" : ": ", name_of(play.verdict),
                       fmt::join(play.because, ", "));
  }
  return out;
}

void print_analysis(const AnalysisOptions& options, const LoadedProcedure& loaded,
                    const analysis::Analysis& analysis) {
  if (options.json) {
    Json findings = Json::array();
    for (const analysis::Finding& finding : analysis.findings) findings.push_back(json_of(finding));
    const Json out = {{"procedure", loaded.edition.name()},  {"edition", loaded.edition.number()},
                      {"hash", loaded.edition.hash().hex()}, {"clean", analysis.clean()},
                      {"proofs", analysis.proofs},           {"not_proven", analysis.not_proven},
                      {"findings", std::move(findings)}};
    return print(out.dump(2) + "\n");
  }
  std::string out;
  for (const analysis::Finding& finding : analysis.findings) {
    out += fmt::format("{} [{}] {}\n", name_of(finding.standing), name_of(finding.question),
                       finding.text.in(options.language));
    if (finding.witness) out += told(*finding.witness, options.language);
  }
  print(out + fmt::format("{}: {} statements decided, {} not proven; {}\n", options.file, analysis.proofs,
                          analysis.not_proven,
                          analysis.clean() ? "nothing speaks against signing" : "see the faults above"));
}

void run_analyse(const AnalysisOptions& options) {
  const LoadedProcedure loaded = load_procedure(options.file, options.json);
  Progress progress("statements", options.json);
  const auto analysis =
      value_or_exit(analysis::analyse(loaded.edition, budget_of(options), watched(progress)));
  progress.clear();
  print_analysis(options, loaded, analysis);
  if (!analysis.clean()) throw Exit{kExitFailed};
}

void run_diff(const AnalysisOptions& options) {
  const LoadedProcedure before = load_procedure(options.file, options.json);
  const LoadedProcedure after = load_procedure(options.other, options.json);
  Progress progress("statements", options.json);
  const auto difference =
      value_or_exit(analysis::compare(before.edition, after.edition, budget_of(options), watched(progress)));
  progress.clear();
  if (options.json) {
    print(Json::parse(analysis::to_json(before.edition, after.edition, difference)).dump(2) + "\n");
  } else {
    std::string out;
    const auto list = [&out](std::string_view what, const std::vector<std::string>& articles) {
      if (!articles.empty()) out += fmt::format("{}: {}\n", what, fmt::join(articles, ", "));
    };
    list("added", difference.added);
    list("removed", difference.removed);
    list("changed", difference.changed);
    for (const analysis::Declaration& one : difference.declarations)
      out += fmt::format("declared otherwise: {}: {} -> {}\n", one.text.in(options.language),
                         one.before.empty() ? "-" : one.before, one.after.empty() ? "-" : one.after);
    for (const analysis::Change& change : difference.changes)
      out += fmt::format("{}\n{}", change.text.in(options.language), told(change.witness, options.language));
    for (const analysis::Finding& finding : difference.open)
      out += fmt::format("{} {}\n", name_of(finding.standing), finding.text.in(options.language));
    if (difference.nobody) out += "proven: nobody is decided otherwise\n";
    print(out);
  }
  if (!difference.nobody) throw Exit{kExitFailed};
}

CLI::App* add_subcommand(CLI::App& parent, const AnalysisOptionsPtr& options, const std::string& name,
                         const std::string& description, const std::string& exit_codes,
                         void (*run)(const AnalysisOptions&)) {
  CLI::App* command = parent.add_subcommand(name, description);
  command->add_option("--language", options->language, "Language of the words: en or ru")
      ->check(CLI::IsMember({"en", "ru"}))
      ->capture_default_str();
  command
      ->add_option("--steps", options->steps,
                   "Bound of the solver for one statement; what needs more is printed as not proven")
      ->check(CLI::Range(1'000u, 4'000'000'000u))
      ->capture_default_str();
  command->add_flag("--json", options->json, "Print JSON");
  command->footer("Exit codes: " + exit_codes);
  command->callback([options, run] { run(*options); });
  return command;
}

}  // namespace

void add_analysis_commands(CLI::App& procedure) {
  const auto options = std::make_shared<AnalysisOptions>();
  CLI::App* analyse = add_subcommand(
      procedure, options, "analyse",
      "What the articles do together: dead clauses, gaps, stranded persons, offline, mirror, one party alone",
      "0 nothing speaks against signing; 1 a fault, or something not proven; 2 not valid.", run_analyse);
  analyse->add_option("file", options->file, "The procedure: authored (TOML) or sealed (JSON)")->required();
  CLI::App* diff = add_subcommand(
      procedure, options, "diff",
      "Whom the next edition decides otherwise: one person for each changed clause and verdict",
      "0 proven: nobody is decided otherwise; 1 somebody is, or it is not proven; 2 not valid.", run_diff);
  diff->add_option("before", options->file, "The edition before")->required();
  diff->add_option("after", options->other, "The next edition")->required();
}

}  // namespace crossline::tools
