#include "tools/procedure/procedure_command.hpp"

#include "crossline/procedure/authoring.hpp"
#include "crossline/procedure/explain.hpp"
#include "crossline/procedure/fact_sheet.hpp"
#include "crossline/zones/system_zones.hpp"
#include "tools/procedure/signing_commands.hpp"
#include "tools/procedure/submit_command.hpp"
#include "tools/support/exit.hpp"
#include "tools/support/output.hpp"

#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include <nlohmann/json.hpp>

namespace crossline::tools {
namespace {

using Json = nlohmann::ordered_json;

// What the options of the subcommands fill in; lives as long as the parser.
struct ProcedureOptions {
  std::string file;
  std::string facts;
  std::string output;
  std::string language = "en";
  bool json = false;
};
using Options = std::shared_ptr<ProcedureOptions>;

std::string read_whole(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) fail_with({ErrorCode::kInvalidArgument, fmt::format("cannot read {}", path)});
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

void print_json(const Json& json) {
  print(json.dump(2) + "\n");
}

[[noreturn]] void refuse(const ProcedureOptions& options, const std::vector<procedure::Problem>& problems) {
  if (options.json) {
    Json list = Json::array();
    for (const procedure::Problem& problem : problems)
      list.push_back({{"line", problem.line},
                      {"column", problem.column},
                      {"article", problem.article},
                      {"message", problem.message}});
    print_json({{"file", options.file}, {"valid", false}, {"problems", std::move(list)}});
  } else {
    for (const procedure::Problem& problem : problems) note(problem.to_string(options.file));
  }
  throw Exit{kExitInvalid};
}

// A sealed file as it is, an authored one sealed.
struct Loaded {
  Bytes bytes;
  procedure::Edition edition;
};

Loaded load(const ProcedureOptions& options) {
  const std::string text = read_whole(options.file);
  Bytes bytes;
  if (text.starts_with('{')) {
    bytes = to_bytes(as_bytes(text));
  } else {
    auto authored = procedure::parse_toml(text);
    if (!authored) refuse(options, authored.error());
    auto sealed = procedure::seal(*authored, zones::SystemZones());
    if (!sealed) refuse(options, sealed.error());
    bytes = std::move(sealed->bytes);
  }
  auto edition = procedure::Edition::load(bytes);
  if (!edition)
    refuse(options, {{.line = 0, .column = 0, .article = {}, .message = edition.error().message}});
  return {std::move(bytes), *std::move(edition)};
}

Json summary(const ProcedureOptions& options, const Loaded& loaded) {
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
  const Loaded loaded = load(options);
  if (options.json) return print_json(summary(options, loaded));
  print(fmt::format("{}: edition {} of {} is valid: {} articles, {} agreed cases hold\n  sha256:{}\n",
                    options.file, loaded.edition.number(), loaded.edition.name(),
                    loaded.edition.articles().size(), loaded.edition.cases().size(),
                    loaded.edition.hash().hex()));
}

void run_seal(const ProcedureOptions& options) {
  const Loaded loaded = load(options);
  std::ofstream out(options.output, std::ios::binary | std::ios::trunc);
  out.write(as_text(loaded.bytes).data(), static_cast<std::streamsize>(loaded.bytes.size()));
  out.close();
  if (!out) fail_with({ErrorCode::kStorageFailed, fmt::format("cannot write {}", options.output)});
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
                       {"outcome", name_of(result.outcome)}});
  return clauses;
}

void run_explain(const ProcedureOptions& options) {
  const Loaded loaded = load(options);
  const procedure::Edition& edition = loaded.edition;
  const auto sheet = value_or_exit(procedure::FactSheet::parse(read_whole(options.facts), edition));
  const auto instant = sheet.instant();
  if (!instant) fail_with({ErrorCode::kInvalidArgument, "the facts do not say 'at' what time to decide"});
  const procedure::Facts facts = sheet.facts();
  const procedure::Decision decision = edition.decide(facts, *instant);
  const procedure::Explanation explanation = procedure::explain(edition, decision, options.language);
  if (options.json) {
    Json out = to_json(explanation);
    out["edition"] = edition.number();
    out["hash"] = edition.hash().hex();
    out["clauses"] = clauses_of(edition, decision);
    print_json(out);
  } else {
    print(fmt::format("{}: {}", name_of(explanation.verdict), explanation.to_text()));
  }
  if (decision.verdict != procedure::Verdict::kAllow) throw Exit{kExitFailed};
}

CLI::App* add_subcommand(CLI::App& parent, const Options& options, const std::string& name,
                         const std::string& description, const std::string& exit_codes,
                         void (*run)(const ProcedureOptions&)) {
  CLI::App* command = parent.add_subcommand(name, description);
  command->add_option("file", options->file, "The procedure: authored (TOML) or sealed (JSON)")->required();
  command->add_flag("--json", options->json, "Print JSON");
  command->footer("Exit codes: " + exit_codes);
  command->callback([options, run] { run(*options); });
  return command;
}

}  // namespace

void add_procedure_command(CLI::App& app) {
  CLI::App* procedure =
      app.add_subcommand("procedure", "Check, seal, sign, verify and explain the agreed procedure");
  procedure->require_subcommand(1);
  const auto options = std::make_shared<ProcedureOptions>();
  add_subcommand(*procedure, options, "check",
                 "Read a procedure, seal it in memory and run its agreed cases; every problem is listed",
                 "0 valid; 2 not valid, or a case fails: every problem with its line, column and article.",
                 run_check);
  CLI::App* seal = add_subcommand(*procedure, options, "seal",
                                  "Write the sealed form: what is hashed, signed and enforced",
                                  "0 written; 1 cannot write; 2 not valid.", run_seal);
  seal->add_option("-o,--output", options->output, "Where to write the sealed procedure")->required();
  CLI::App* explain =
      add_subcommand(*procedure, options, "explain", "Decide over facts and say why, clause by clause",
                     "0 allow; 1 refer or refuse; 2 the procedure or the facts are not valid.", run_explain);
  explain
      ->add_option("--facts", options->facts,
                   "Facts as a JSON object; docs/procedure-language.md lists the keys")
      ->required();
  explain->add_option("--language", options->language, "Language of the words: en or ru")
      ->capture_default_str();
  add_signing_commands(*procedure);
  add_submit_command(*procedure);
}

}  // namespace crossline::tools
