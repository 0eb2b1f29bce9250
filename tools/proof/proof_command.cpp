#include "tools/proof/proof_command.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/enrolment/registry.hpp"
#include "crossline/merkle/misbehaviour.hpp"
#include "tools/proof/receipt_command.hpp"
#include "tools/support/exit.hpp"
#include "tools/support/input_file.hpp"
#include "tools/support/output.hpp"

#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace crossline::tools {
namespace {

struct ProofOptions {
  std::string file;
  std::string registry;
  std::vector<std::string> keys;
  bool json = false;
};

// Every key that signs heads on this line.
std::vector<merkle::NoteVerifierKey> keys_of(const ProofOptions& options) {
  std::vector<merkle::NoteVerifierKey> keys;
  for (const std::string& text : options.keys)
    keys.push_back(value_or_exit(merkle::NoteVerifierKey::parse(text)));
  if (options.registry.empty()) return keys;
  const auto text = read_input(options.registry, limits::kMaxRegistryBytes);
  const auto registry = value_or_exit_at(options.registry, enrolment::Registry::parse(text));
  keys.push_back(registry.keys().ledger_key);
  keys.push_back(registry.keys().office_key);
  for (const auto& [agent, record] : registry.agents()) keys.push_back(record.journal_key);
  return keys;
}

nlohmann::json json_of(const merkle::TreeHead& head) {
  return {{"size", head.size.value()}, {"root", to_base64(head.root.bytes)}};
}

void print_json(const merkle::Misbehaviour& proof, const merkle::MisbehaviourFinding& found) {
  nlohmann::json json{{"proven", found.proven},
                      {"origin", found.origin},
                      {"heads", {json_of(found.heads[0]), json_of(found.heads[1])}}};
  if (proof.index) json["index"] = proof.index->value();
  print(json.dump() + "\n");
}

void print_words(const merkle::Misbehaviour& proof, const merkle::MisbehaviourFinding& found) {
  std::string text = fmt::format("log      {}\n", found.origin);
  for (const merkle::TreeHead& head : found.heads)
    text += fmt::format("signed   {} entries, root {}\n", head.size.value(), to_base64(head.root.bytes));
  if (!found.proven) {
    text +=
        "OPEN     both heads are signed, and nothing here says that they do not fit: ask for a consistency "
        "proof, or audit the log against both\n";
  } else if (proof.index) {
    text += fmt::format("PROVEN   the key of {} signed two histories: entry {} is not the same in both\n",
                        found.origin, proof.index->value());
  } else if (proof.prefix) {
    text += fmt::format(
        "PROVEN   the key of {} signed two histories: the first {} entries are not the same in both\n",
        found.origin, found.heads[0].size.value());
  } else {
    text += fmt::format("PROVEN   the key of {} signed two histories of one size\n", found.origin);
  }
  print(text);
}

void check(const ProofOptions& options) {
  const std::string text = read_input(options.file, merkle::Misbehaviour::kMaxBytes);
  const auto proof = value_or_exit_at(options.file, merkle::Misbehaviour::parse(text));
  const auto keys = keys_of(options);
  if (keys.empty()) {
    note("whose signatures it must bear is not said: name the line's --registry, or a --key");
    throw Exit{kExitInvalid};
  }
  const auto found = merkle::check_misbehaviour(proof, keys);
  if (!found) {
    note(fmt::format("no proof: {}", found.error().message));
    throw Exit{kExitFailed};
  }
  options.json ? print_json(proof, *found) : print_words(proof, *found);
  if (!found->proven) throw Exit{kExitFailed};
}

}  // namespace

void add_proof_command(CLI::App& app) {
  CLI::App* proof = app.add_subcommand(
      "proof",
      "Proofs that a key was used against the rules, and receipts that an entry stands in the ledger.");
  proof->require_subcommand(1);
  auto options = std::make_shared<ProofOptions>();
  CLI::App* command = proof->add_subcommand(
      "check",
      "Verify a proof of misbehaviour with nothing but public keys: two signed heads that do not fit.");
  command->add_option("FILE", options->file, "The proof")->required()->check(why_no_file, "FILE");
  command->add_option("--registry", options->registry, "registry.toml of the line: all its keys")
      ->check(why_no_file, "FILE");
  command->add_option("--key", options->keys, "A verifier key, name+id+key; may be given more than once");
  command->add_flag("--json", options->json, "One JSON object on stdout");
  command->footer("Exit codes: 0 proven, 1 not proven, 2 not a proof at all.");
  command->callback([options] { check(*options); });
  add_receipt_command(*proof);
}

}  // namespace crossline::tools
