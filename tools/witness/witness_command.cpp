#include "tools/witness/witness_command.hpp"

#include "crossline/config/check.hpp"
#include "crossline/crypto/random.hpp"
#include "crossline/runtime/file.hpp"
#include "tools/support/exit.hpp"
#include "tools/support/input_file.hpp"
#include "tools/support/output.hpp"
#include "tools/witness/service.hpp"
#include "tools/witness/witness_store.hpp"

#include <memory>

#include <CLI/CLI.hpp>

namespace crossline::tools {
namespace {

namespace fs = std::filesystem;

struct WitnessOptions {
  std::string config = "witness.toml";
  std::string name;
  std::string folder = ".";
  std::int64_t dismissed = 0;  // a claim
  bool json = false;
};

merkle::NoteVerifierKey key_of(const WitnessConfig& config) {
  const crypto::Signer signer = value_or_exit(crypto::Signer::from_pem(config.key_pem));
  return merkle::NoteVerifierKey::make(config.name, merkle::NoteKeyType::kCosignatureV1, signer.public_key());
}

// A configuration that cannot be read is wrong input, as it is for the other programs.
WitnessConfig config_or_exit(const fs::path& path) {
  auto config = read_witness_config(path);
  if (config) return *std::move(config);
  note(config.error().message);
  throw Exit{kExitInvalid};
}

void make_key(const WitnessOptions& options) {
  if (!merkle::is_note_key_name(options.name))
    fail_with({ErrorCode::kInvalidArgument, "a key's name has no white space and no '+'"});
  const fs::path secret = fs::path(options.folder) / "witness.key";
  std::error_code ignored;
  if (fs::exists(secret, ignored))
    fail_with({ErrorCode::kConflict, secret.string() + " exists already; a witness keeps its key"});
  crypto::SystemRandom random;
  const crypto::Signer signer = crypto::Signer::generate(random);
  const std::string key =
      merkle::NoteVerifierKey::make(options.name, merkle::NoteKeyType::kCosignatureV1, signer.public_key())
          .to_string() +
      "\n";
  value_or_exit(runtime::write_file_atomic(secret, as_bytes(signer.to_pem()), 0600));
  value_or_exit(runtime::write_file_atomic(fs::path(options.folder) / "witness.vkey", as_bytes(key), 0644));
  print(key);
}

void show_alarms(const WitnessOptions& options) {
  const WitnessConfig config = config_or_exit(options.config);
  const fs::path kept = config.data / "witness.db";
  // Opening one that is not there would make it, and say that there is no alarm.
  if (const std::string wrong = why_no_file(kept); !wrong.empty()) {
    note(wrong + "; the witness that has this configuration makes it when it first runs");
    throw Exit{kExitInvalid};
  }
  WitnessStore store = value_or_exit(WitnessStore::open(kept));
  if (options.dismissed != 0) value_or_exit(store.dismiss(options.dismissed));
  const auto alarms = value_or_exit(store.alarms());
  for (const KeptAlarm& alarm : alarms) {
    print(fmt::format("{}  {}  {}  {}\n\nremembered:\n{}\nshown:\n{}\n", alarm.id, format_utc(alarm.at),
                      alarm.origin, alarm.what, alarm.remembered, alarm.note));
  }
  if (!alarms.empty()) fail_with({ErrorCode::kConflict, fmt::format("{} alarm(s)", alarms.size())});
}

}  // namespace

void check_witness_config(const std::filesystem::path& path, bool json) {
  const auto checked = [&]() -> Result<config::InOrder> {
    CROSSLINE_TRY(const WitnessConfig config, read_witness_config(path));
    return config::InOrder{
        .summary = fmt::format("witness {}, logs: {}, on {}:{}", key_of(config).to_string(),
                               config.logs.size(), config.listen.address, config.listen.port),
        .warnings = {}};
  };
  if (const int code = config::tell_check("crossline", path, checked(), json); code != kExitOk)
    throw Exit{code};
}

void add_witness_command(CLI::App& app) {
  const auto options = std::make_shared<WitnessOptions>();
  CLI::App* witness = app.add_subcommand(
      "witness", "A party's witness: cosigns the ledger's heads as long as each continues the one before");
  witness->require_subcommand(1);
  const auto add = [&](const std::string& name, const std::string& what, void (*run)(const WitnessOptions&)) {
    CLI::App* command = witness->add_subcommand(name, what);
    command->callback([options, run] { run(*options); });
    return command;
  };
  CLI::App* keygen = add("keygen", "Make witness.key and witness.vkey; prints the public key", make_key);
  keygen->add_option("--name", options->name, "Name of the key, such as river-line/witness-a")->required();
  keygen->add_option("--dir", options->folder, "Folder to put them in")->capture_default_str();
  CLI::App* run = add("run", "Serve until SIGTERM", [](const WitnessOptions& given) {
    const WitnessConfig config = config_or_exit(given.config);
    value_or_exit(run_witness(config));
  });
  CLI::App* config = witness->add_subcommand("config", "About the configuration");
  config->require_subcommand(1);
  CLI::App* check = config->add_subcommand("check", "Read the file and all it names, and say what is wrong");
  check->callback([options] { check_witness_config(options->config, options->json); });
  check->add_flag("--json", options->json, "Print JSON");
  check->footer("Exit codes: 0 in order; 2 it cannot be read, or is wrong: every problem with its place.");
  CLI::App* alarms = add("alarms", "Show what did not fit: exit code 1 when there is anything", show_alarms);
  alarms->add_option("--dismiss", options->dismissed,
                     "Number of a claim whose heads were found to fit: forget it. What is proven stays");
  for (CLI::App* command : {run, check, alarms})
    command->add_option("--config", options->config, "The configuration")->capture_default_str();
}

}  // namespace crossline::tools
