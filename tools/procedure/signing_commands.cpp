#include "tools/procedure/signing_commands.hpp"

#include "crossline/adoption/chain.hpp"
#include "crossline/base/limits.hpp"
#include "crossline/crypto/random.hpp"
#include "crossline/runtime/file.hpp"
#include "tools/procedure/procedure_file.hpp"
#include "tools/support/exit.hpp"
#include "tools/support/input_file.hpp"
#include "tools/support/json_output.hpp"
#include "tools/support/output.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace crossline::tools {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxKeyFileBytes = 16 * 1024;
constexpr mode_t kSecret = 0600;
constexpr mode_t kPublic = 0644;

// What the options of the subcommands fill in; lives as long as the parser.
struct SigningOptions {
  std::vector<std::string> files;
  std::string key;
  std::string keys;
  std::string output;
  bool json = false;
};
using SigningOptionsPtr = std::shared_ptr<SigningOptions>;

void write(const fs::path& path, std::string_view text, mode_t mode) {
  value_or_exit(runtime::write_file_atomic(path, as_bytes(text), mode));
}

// Whoever names the public half means the private one beside it.
void refuse_public_half(const fs::path& path) {
  if (path.extension() != ".pub") return;
  const fs::path own = fs::path(path).replace_extension();
  fail_with({ErrorCode::kInvalidArgument,
             fmt::format("{}: the public half of a key; sign with {}", path.string(), own.string())});
}

crypto::Signer read_signer(const fs::path& path) {
  refuse_public_half(path);
  auto signer = crypto::Signer::from_pem(read_secret_input(path, kMaxKeyFileBytes));
  if (!signer) fail_with(std::move(signer).error().at(path.string()));
  return *std::move(signer);
}

adoption::Envelope parse_envelope(const std::string& file, std::string_view text) {
  auto envelope = adoption::Envelope::parse(text);
  if (!envelope && procedure::Edition::load(as_bytes(text)))
    fail_with({ErrorCode::kMalformed,
               fmt::format("{}: a sealed procedure that nobody signed; 'crossline procedure sign' makes an "
                           "envelope of it",
                           file)});
  if (!envelope) fail_with(envelope.error().error().at(file));
  if (envelope->type != adoption::kEditionType)
    fail_with({ErrorCode::kUnsupported,
               fmt::format("{}: an envelope of type '{}', not of an edition", file, envelope->type)});
  return *std::move(envelope);
}

// An envelope as it is; a sealed procedure in a new one, without signatures.
adoption::Envelope read_signable(const std::string& file) {
  const std::string text = read_input(file, limits::kMaxProcedureBytes);
  const auto edition = procedure::Edition::load(as_bytes(text));
  if (edition) return {std::string(adoption::kEditionType), to_bytes(as_bytes(text)), {}};
  const bool looks_wrapped = text.starts_with('{') && text.find("\"payload\"") != std::string::npos;
  if (looks_wrapped) return parse_envelope(file, text);
  fail_with({ErrorCode::kMalformed,
             fmt::format("{}: neither a sealed procedure nor an envelope of one ({}); sign what 'crossline "
                         "procedure seal AUTHORED -o SEALED' writes, byte for byte",
                         file, edition.error().message)});
}

// What is signed and merged can be read: the payload has to be an edition.
procedure::Edition edition_of(const std::string& file, const adoption::Envelope& envelope) {
  auto edition = procedure::Edition::load(envelope.payload);
  if (!edition) fail_with(std::move(edition).error().at(file));
  return *std::move(edition);
}

Json summary(const procedure::Edition& edition) {
  return {{"procedure", edition.name()},
          {"edition", edition.number()},
          {"hash", edition.hash().hex()},
          {"from", format_utc(edition.from())},
          {"until", format_utc(edition.until())}};
}

std::string in_words(const procedure::Edition& edition) {
  return fmt::format("edition {} of {}, in force from {} until {}\n  sha256:{}\n", edition.number(),
                     edition.name(), format_utc(edition.from()), format_utc(edition.until()),
                     edition.hash().hex());
}

void run_keygen(const SigningOptions& options) {
  if (fs::exists(options.key))
    fail_with({ErrorCode::kConflict, fmt::format("{} exists already; nothing was changed", options.key)});
  crypto::SystemRandom random;
  const crypto::Signer signer = crypto::Signer::generate(random);
  const std::string key = to_base64(signer.public_key().bytes);
  const std::string id = adoption::key_id_of(signer.public_key());
  write(options.key, signer.to_pem(), kSecret);
  write(options.key + ".pub", key + "\n", kPublic);
  if (options.json) return print_json({{"key_file", options.key}, {"key_id", id}, {"public_key", key}});
  print(
      fmt::format("Key {} in {}, which only you may read; its public half, for procedure-keys.toml:\n  {}\n",
                  id, options.key, key));
}

void run_sign(const SigningOptions& options) {
  const std::string& file = options.files.front();
  adoption::Envelope envelope = read_signable(file);
  const procedure::Edition edition = edition_of(file, envelope);
  refuse_unsound(file, edition, options.json);
  const crypto::Signer signer = read_signer(options.key);
  envelope.sign(signer);
  const std::string text = envelope.to_json();
  if (text.size() > limits::kMaxEnvelopeBytes)
    fail_with({ErrorCode::kInvalidArgument, fmt::format("{}: {} bytes as an envelope; at most {} are read",
                                                        file, text.size(), limits::kMaxEnvelopeBytes)});
  write(options.output, text, kPublic);
  const std::string id = adoption::key_id_of(signer.public_key());
  if (options.json) {
    Json out = summary(edition);
    out["key_id"] = id;
    out["signatures"] = envelope.signatures.size();
    out["envelope"] = options.output;
    return print_json(out);
  }
  print(fmt::format("Signed {}  with key {} into {}, which holds {} signatures\n", in_words(edition), id,
                    options.output, envelope.signatures.size()));
}

void run_merge(const SigningOptions& options) {
  const std::string& first = options.files.front();
  adoption::Envelope merged = parse_envelope(first, read_input(first, limits::kMaxEnvelopeBytes));
  for (const std::string& file : options.files) {
    const auto merging = merged.merge(parse_envelope(file, read_input(file, limits::kMaxEnvelopeBytes)));
    if (!merging) fail_with(Error(merging.error()).at(file));
  }
  write(options.output, merged.to_json(), kPublic);
  const procedure::Edition edition = edition_of(first, merged);
  if (options.json) {
    Json out = summary(edition);
    out["signatures"] = merged.signatures.size();
    out["envelope"] = options.output;
    return print_json(out);
  }
  print(fmt::format("Merged {} envelopes into {}: {} signatures of {}", options.files.size(), options.output,
                    merged.signatures.size(), in_words(edition)));
}

Json signers_of(const adoption::Verified& verified) {
  Json signers = Json::object();
  for (const auto& [party, keys] : verified.signers()) {
    signers[party] = Json::array();
    for (const crypto::PublicKey& key : keys) signers[party].push_back(adoption::key_id_of(key));
  }
  return signers;
}

void print_chain(const SigningOptions& options, const adoption::Chain& chain) {
  Json editions = Json::array();
  for (const adoption::Verified& verified : chain.editions()) {
    Json one = summary(verified.edition());
    one["signers"] = signers_of(verified);
    editions.push_back(std::move(one));
  }
  if (options.json) return print_json({{"valid", true}, {"editions", std::move(editions)}});
  for (std::size_t i = 0; i < editions.size(); ++i) {
    print("Verified " + in_words(chain.editions()[i].edition()));
    for (const auto& [party, ids] : editions[i]["signers"].items())
      print(fmt::format("  party {}: {} keys signed\n", party, ids.size()));
  }
}

void run_verify(const SigningOptions& options) {
  auto keys = adoption::KeySet::parse(read_input(options.keys, limits::kMaxKeySetBytes));
  if (!keys) fail_with(std::move(keys).error().at(options.keys));
  adoption::Chain chain(*std::move(keys));
  for (const std::string& file : options.files) {
    const std::string text =
        read_input(file, limits::kMaxEditionsOfLine * std::size_t{limits::kMaxEnvelopeBytes});
    const auto taken = chain.extend(text);
    if (taken) continue;
    if (options.json) {
      print_json({{"valid", false},
                  {"file", file},
                  {"refusal", name_of(taken.error().reason)},
                  {"message", taken.error().message}});
    } else {
      note(fmt::format("{}: {}", file, taken.error().error().message));
    }
    throw Exit{kExitFailed};
  }
  print_chain(options, chain);
}

CLI::App* add_subcommand(CLI::App& parent, const SigningOptionsPtr& options, const std::string& name,
                         const std::string& description, const std::string& exit_codes,
                         void (*run)(const SigningOptions&)) {
  CLI::App* command = parent.add_subcommand(name, description);
  command->add_flag("--json", options->json, "Print JSON");
  command->footer("Exit codes: " + exit_codes);
  command->callback([options, run] { run(*options); });
  return command;
}

}  // namespace

void add_signing_commands(CLI::App& procedure) {
  const auto options = std::make_shared<SigningOptions>();
  CLI::App* keygen = add_subcommand(procedure, options, "keygen",
                                    "Make a key that signs editions: KEY (mode 0600) and KEY.pub",
                                    "0 made; 1 the file exists or cannot be written.", run_keygen);
  keygen->add_option("--key", options->key, "Where to write the private key")->required();

  CLI::App* sign = add_subcommand(
      procedure, options, "sign",
      "Sign an edition: puts a sealed procedure into an envelope, or adds a signature to an envelope",
      "0 signed; 1 others may read the key, or it cannot be written; 2 a file cannot be read, is not a "
      "sealed "
      "procedure, an envelope of one, or a key, or sealing would have refused the procedure.",
      run_sign);
  sign->add_option("file", options->files, "A sealed procedure or an envelope")->required()->expected(1);
  sign->add_option("--key", options->key, "The private key")->required();
  sign->add_option("-o,--output", options->output, "Where to write the envelope")->required();

  CLI::App* merge = add_subcommand(
      procedure, options, "merge", "Put the signatures of several envelopes of one edition into one",
      "0 merged; 1 they are not of the same edition, or it cannot be written; 2 a file cannot be read, or is "
      "not an envelope.",
      run_merge);
  merge->add_option("file", options->files, "Envelopes")->required();
  merge->add_option("-o,--output", options->output, "Where to write the envelope")->required();

  CLI::App* verify = add_subcommand(
      procedure, options, "verify",
      "Verify editions as servers and agents do: thresholds of each party, and the chain from edition 1 on",
      "0 every edition is adopted; 1 one is refused: its reason is told; 2 a file cannot be "
      "read, or the keys are not valid.",
      run_verify);
  verify
      ->add_option("file", options->files,
                   "Envelopes from edition 1 on, in order; a file may hold several, one a line")
      ->required();
  verify->add_option("--keys", options->keys, "procedure-keys.toml")->required();
}

}  // namespace crossline::tools
