#include "tools/proof/receipt_command.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/merkle/tlog_proof.hpp"
#include "crossline/wire/event_codec.hpp"
#include "crossline/wire/ledger_codec.hpp"
#include "tools/support/exit.hpp"
#include "tools/support/input_file.hpp"
#include "tools/support/output.hpp"

#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace crossline::tools {
namespace {

constexpr std::size_t kMaxReceiptBytes = 2u << 20;

struct ReceiptOptions {
  std::string file;
  std::string entry;
  std::string policy;
  bool json = false;
};

struct Receipt {
  merkle::TlogProof proof;
  std::string entry;  // its bytes
};

// The answer of GET /api/v1/ledger/proof/{index}, or a tlog-proof with the entry beside it.
Receipt read_receipt(const ReceiptOptions& options) {
  const std::string text = read_input(options.file, kMaxReceiptBytes);
  if (!options.entry.empty()) {
    return {value_or_exit_at(options.file, merkle::TlogProof::parse(text)),
            read_input(options.entry, limits::kMaxLedgerEntryBytes)};
  }
  const auto answer = nlohmann::json::parse(text, nullptr, false);
  const bool whole = answer.is_object() && answer.contains("proof") && answer.at("proof").is_string() &&
                     answer.contains("entry") && answer.at("entry").is_string();
  if (!whole)
    fail_with({ErrorCode::kMalformed,
               options.file +
                   ": neither the server's answer with `proof` and `entry`, nor is the entry named with "
                   "--entry"});
  const Bytes entry = value_or_exit_at(options.file, from_base64(answer.at("entry").get<std::string>()));
  return {value_or_exit_at(options.file, merkle::TlogProof::parse(answer.at("proof").get<std::string>())),
          std::string(as_text(entry))};
}

// What the entry records, as far as it can be said without anybody's name.
nlohmann::json entry_json(const std::string& bytes) {
  const auto entry = wire::decode_ledger_entry(as_bytes(bytes));
  const auto event = entry ? wire::decode_event(as_bytes(entry->event)) : std::unexpected(entry.error());
  if (!event) return {};
  nlohmann::json json{{"agent", entry->agent},
                      {"journal_index", event->journal_index.value()},
                      {"recorded_at", format_utc(event->recorded_at)},
                      {"received_at", format_utc(entry->received_at)}};
  if (entry->verdict) json["verdict"] = movement::name_of(*entry->verdict);
  return json;
}

void check(const ReceiptOptions& options) {
  const Receipt receipt = read_receipt(options);
  const auto policy = value_or_exit_at(
      options.policy, merkle::Policy::parse(read_input(options.policy, merkle::Policy::kMaxBytes)));
  const merkle::Hash leaf = merkle::leaf_hash(as_bytes(receipt.entry));
  auto found = policy.evaluate(receipt.proof.head);
  if (found) {
    if (auto climbed = merkle::verify_inclusion(receipt.proof.index, found->head.head.size, leaf,
                                                receipt.proof.hashes, found->head.head.root);
        !climbed)
      found = std::unexpected(std::move(climbed).error());
  }
  if (!found) {
    note("no proof: " + found.error().message);
    throw Exit{kExitFailed};
  }
  nlohmann::json cosigners = nlohmann::json::array();
  for (const auto& cosigner : found->cosigners)
    cosigners.push_back({{"name", cosigner.key.name},
                         {"at", format_utc({static_cast<std::int64_t>(cosigner.time_s) * 1'000})}});
  const nlohmann::json entry = entry_json(receipt.entry);
  if (options.json) {
    print(nlohmann::json{{"settled", found->quorum_met},
                         {"ledger", found->head.origin},
                         {"index", receipt.proof.index.value()},
                         {"size", found->head.head.size.value()},
                         {"cosigners", cosigners},
                         {"entry", entry}}
              .dump() +
          "\n");
  } else {
    std::string text = fmt::format("ledger       {}, entry {} of {}\n", found->head.origin,
                                   receipt.proof.index.value(), found->head.head.size.value());
    if (!entry.is_null())
      text += fmt::format("recorded     by {} as number {} at {}\n", entry.at("agent").get<std::string>(),
                          entry.at("journal_index").get<std::uint64_t>(),
                          entry.at("recorded_at").get<std::string>());
    for (const auto& cosigner : cosigners)
      text += fmt::format("cosigned by  {} at {}\n", cosigner.at("name").get<std::string>(),
                          cosigner.at("at").get<std::string>());
    print(text + (found->quorum_met
                      ? "SETTLED      it stands in the ledger that the quorum has cosigned\n"
                      : "PROVISIONAL  it stands in the ledger that the server has signed; the quorum "
                        "of witnesses has not\n"));
  }
  if (!found->quorum_met) throw Exit{kExitFailed};
}

}  // namespace

void add_receipt_command(CLI::App& proof) {
  auto options = std::make_shared<ReceiptOptions>();
  CLI::App* command = proof.add_subcommand(
      "receipt",
      "Verify offline that an entry stands in a ledger which the witnesses of both parties cosigned.");
  command->add_option("FILE", options->file, "What GET /api/v1/ledger/proof/N answered, or a tlog-proof")
      ->required()
      ->check(why_no_file, "FILE");
  command->add_option("--entry", options->entry, "The entry's bytes, beside a tlog-proof")
      ->check(why_no_file, "FILE");
  command->add_option("--policy", options->policy, "witnesses.policy: whose signatures are needed")
      ->required()
      ->check(why_no_file, "FILE");
  command->add_flag("--json", options->json, "One JSON object on stdout");
  command->footer("Exit codes: 0 proven and settled, 1 not proven, or provisional, 2 wrong input.");
  command->callback([options] { check(*options); });
}

}  // namespace crossline::tools
