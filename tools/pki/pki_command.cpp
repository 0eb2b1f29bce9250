#include "tools/pki/pki_command.hpp"

#include "crossline/base/text.hpp"
#include "crossline/crypto/random.hpp"
#include "crossline/runtime/system_clock.hpp"
#include "tools/pki/pki.hpp"
#include "tools/procedure/procedure_file.hpp"
#include "tools/support/input_file.hpp"
#include "tools/support/json_output.hpp"
#include "tools/support/output.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace crossline::tools {
namespace {

using Json = nlohmann::ordered_json;

// What the options of the four subcommands fill in; lives as long as the parser.
struct PkiOptions {
  std::string folder = "pki";
  bool json = false;
  PkiInit init;
  PkiEnrol enrol;
  PkiAuditor auditor;
  std::string agent;
  std::string reason;
  std::string procedure;
};
using Options = std::shared_ptr<PkiOptions>;

Json to_json(const enrolment::AgentRecord& record) {
  Json json = {{"agent", record.post.agent},
               {"checkpoint", record.post.checkpoint},
               {"side", record.post.side},
               {"party", record.party},
               {"post", record.post.uri()},
               {"certificate", record.certificate.hex()},
               {"journal_key", record.journal_key.to_string()},
               {"status", record.active() ? "active" : "revoked"},
               {"enrolled", format_utc(record.enrolled)}};
  if (record.revocation) {
    json["revoked"] = format_utc(record.revocation->at);
    json["reason"] = record.revocation->reason;
  }
  return json;
}

std::string table_row(const enrolment::AgentRecord& record) {
  const std::string status = record.active() ? "active" : "revoked " + format_utc(record.revocation->at);
  return fmt::format("{:<32}  {:<32}  {:<5}  {:<5}  {:<24}  {}\n", record.post.agent, record.post.checkpoint,
                     record.post.side, record.party, format_utc(record.enrolled), status);
}

void run_init(const PkiOptions& options) {
  crypto::SystemRandom random;
  value_or_exit(init_pki(options.folder, options.init, runtime::SystemClock().now(), random));
  if (options.json) {
    print_json({{"folder", options.folder},
                {"line", options.init.line},
                {"server_party", options.init.server_party}});
    return;
  }
  print(fmt::format(
      "Made {0} for {1}:\n"
      "  parties/A, B, G   a root certificate and key each: give every party its own and delete it here\n"
      "  server            certificate (root of party {2}), ledger key, line key, the parties' roots\n"
      "  line.key          needed to enrol agents; keep it as the server's keys are kept\n"
      "  registry.toml     no agents yet: crossline pki enrol --help\n",
      options.folder, options.init.line, options.init.server_party));
}

// With --procedure: the checkpoint is one that the edition declares, or the command ends.
void require_declared(const std::string& checkpoint, const std::string& procedure) {
  const std::string wrong =
      procedure::undeclared_checkpoint(load_procedure(procedure, false).edition, checkpoint);
  if (!wrong.empty()) fail_with({ErrorCode::kInvalidArgument, fmt::format("{}: {}", procedure, wrong)});
}

// Without an edition only the other agents tell which checkpoints there are. The first agent of a new one is
// nothing unusual, a name that is nearly another is.
void hint_at_known(const std::string& checkpoint, const enrolment::Registry& registry) {
  std::vector<std::string_view> known;
  for (const auto& [name, record] : registry.agents()) known.push_back(record.post.checkpoint);
  if (std::ranges::find(known, checkpoint) != known.end()) return;
  if (const auto nearest = nearest_name(checkpoint, known))
    note(
        fmt::format("no other agent serves checkpoint '{}'; if you meant '{}', revoke this one and enrol "
                    "another (--procedure FILE compares with the agreed checkpoints)",
                    checkpoint, *nearest));
}

void run_enrol(const PkiOptions& options) {
  if (!options.procedure.empty()) require_declared(options.enrol.checkpoint, options.procedure);
  const enrolment::Registry before = value_or_exit(read_registry(options.folder));
  crypto::SystemRandom random;
  const auto record =
      value_or_exit(enrol_agent(options.folder, options.enrol, runtime::SystemClock().now(), random));
  if (options.procedure.empty()) hint_at_known(options.enrol.checkpoint, before);
  if (options.json) return print_json(to_json(record));
  print(
      fmt::format("Enrolled {} as {}\n  {}/agents/{} goes to its machine; registry.toml goes to the server\n",
                  record.post.agent, record.post.uri(), options.folder, record.post.agent));
}

void run_auditor(const PkiOptions& options) {
  value_or_exit(make_auditor(options.folder, options.auditor, runtime::SystemClock().now()));
  if (options.json) return print_json({{"auditor", options.auditor.name}, {"party", options.auditor.party}});
  print(
      fmt::format("Made {0}/auditors/{1}: it goes to the auditor's machine, and opens the ledger's entries\n",
                  options.folder, options.auditor.name));
}

void run_revoke_auditor(const PkiOptions& options) {
  const auto key = value_or_exit(
      revoke_auditor(options.folder, options.auditor, options.reason, runtime::SystemClock().now()));
  if (options.json) return print_json({{"auditor", key.name}, {"party", key.party}, {"status", "revoked"}});
  print(
      fmt::format("Revoked auditor {} of party {}; registry.toml goes to the server\n", key.name, key.party));
}

void run_revoke(const PkiOptions& options) {
  if (options.agent.empty() == options.auditor.name.empty())
    fail_with({ErrorCode::kInvalidArgument, "name who is revoked: --agent or --auditor"});
  if (!options.auditor.name.empty()) return run_revoke_auditor(options);
  const auto record = value_or_exit(
      revoke_agent(options.folder, options.agent, options.reason, runtime::SystemClock().now()));
  if (options.json) return print_json(to_json(record));
  print(fmt::format("Revoked {}; registry.toml goes to the server\n", record.post.agent));
}

void run_list(const PkiOptions& options) {
  const enrolment::Registry registry = value_or_exit(read_registry(options.folder));
  if (options.json) {
    Json agents = Json::array();
    for (const auto& [name, record] : registry.agents()) agents.push_back(to_json(record));
    Json auditors = Json::array();
    for (const auto& [key, revocation] : registry.revoked_auditors())
      auditors.push_back({{"auditor", key.name},
                          {"party", key.party},
                          {"revoked", format_utc(revocation.at)},
                          {"reason", revocation.reason}});
    return print_json({{"line", registry.line()},
                       {"agents", std::move(agents)},
                       {"revoked_auditors", std::move(auditors)}});
  }
  print(fmt::format("{:<32}  {:<32}  {:<5}  {:<5}  {:<24}  {}\n", "AGENT", "CHECKPOINT", "SIDE", "PARTY",
                    "ENROLLED", "STATUS"));
  for (const auto& [name, record] : registry.agents()) print(table_row(record));
  for (const auto& [key, revocation] : registry.revoked_auditors())
    print(fmt::format("auditor {} of party {}: revoked {}, {}\n", key.name, key.party,
                      format_utc(revocation.at), revocation.reason));
}

CLI::App* add_subcommand(CLI::App& pki, const Options& options, const std::string& name,
                         const std::string& description, void (*run)(const PkiOptions&)) {
  CLI::App* command = pki.add_subcommand(name, description);
  command->add_option("--dir", options->folder, "The folder of keys and certificates")->capture_default_str();
  command->add_flag("--json", options->json, "Print JSON");
  command->footer("Exit codes: 0 done; 1 not done, stderr says why; 2 wrong input or usage.");
  command->callback([options, run] { run(*options); });
  return command;
}

void add_init(CLI::App& pki, const Options& options) {
  CLI::App* init = add_subcommand(
      pki, options, "init",
      "Make a new folder: a root for each party, the server's certificate and keys, an empty registry",
      run_init);
  init->add_option("--line", options->init.line, "Name of the line, such as river-line")->required();
  init->add_option("--server-party", options->init.server_party, "Party that runs the server")
      ->check(CLI::IsMember({"A", "B", "G"}))
      ->capture_default_str();
  init->add_option("--dns", options->init.dns_names, "Host name of the server; may be repeated");
  init->add_option("--ip", options->init.ip_addresses, "Address of the server; may be repeated");
}

void add_enrol(CLI::App& pki, const Options& options) {
  CLI::App* enrol = add_subcommand(
      pki, options, "enrol", "Make an agent's certificate and keys and enter it in the registry", run_enrol);
  enrol
      ->add_option("--agent", options->enrol.agent, "Name of the agent, such as bridge-a-1; never used twice")
      ->required();
  enrol->add_option("--checkpoint", options->enrol.checkpoint, "Checkpoint that it serves")->required();
  enrol->add_option("--side", options->enrol.side, "Side of its post")
      ->required()
      ->check(CLI::IsMember({"A", "B", "joint"}));
  enrol->add_option("--party", options->enrol.party, "Party that runs it; the side's own when not given")
      ->check(CLI::IsMember({"A", "B", "G"}));
  enrol
      ->add_option("--procedure", options->procedure,
                   "The agreed procedure, authored, sealed or signed: refuse a checkpoint that it does not "
                   "declare")
      ->check(why_no_file, "FILE");
}

}  // namespace

void add_pki_command(CLI::App& app) {
  CLI::App* pki = app.add_subcommand("pki", "Keys and certificates of the line's parties, server and agents");
  pki->require_subcommand(1);
  const auto options = std::make_shared<PkiOptions>();
  add_init(*pki, options);
  add_enrol(*pki, options);
  CLI::App* auditor =
      add_subcommand(*pki, options, "auditor",
                     "Make a certificate with which a party's auditor reads the ledger", run_auditor);
  auditor->add_option("--name", options->auditor.name, "Name of the auditor's machine")->required();
  auditor->add_option("--party", options->auditor.party, "Party that audits")
      ->required()
      ->check(CLI::IsMember({"A", "B", "G"}));
  CLI::App* revoke =
      add_subcommand(*pki, options, "revoke", "Bar an agent or an auditor for ever", run_revoke);
  CLI::Option* agent = revoke->add_option("--agent", options->agent, "Name of the agent");
  CLI::Option* barred =
      revoke->add_option("--auditor", options->auditor.name, "Name of the auditor")->excludes(agent);
  revoke
      ->add_option("--party", options->auditor.party,
                   "Whose auditor, when auditors/NAME is not here any more")
      ->needs(barred)
      ->check(CLI::IsMember({"A", "B", "G"}));
  revoke->add_option("--reason", options->reason, "Why, in one line without personal data")->required();
  add_subcommand(*pki, options, "list", "Show the agents and revoked auditors of the registry", run_list);
}

}  // namespace crossline::tools
