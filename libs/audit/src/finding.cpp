#include "crossline/audit/finding.hpp"

#include "crossline/audit/auditor.hpp"

#include <array>
#include <numeric>
#include <utility>

#include <nlohmann/json.hpp>

namespace crossline::audit {
namespace {

constexpr std::array<std::string_view, kFindingKinds> kNames{
    "malformed_entry", "malformed_event",    "wrong_agent",          "clock_went_back", "unknown_agent",
    "forbidden_event", "after_revocation",   "journal_gap",          "repeated_event",  "inserted_event",
    "journal_fork",    "bad_head_signature", "withheld_event",       "unsigned_events", "unknown_edition",
    "wrong_edition",   "unsigned_edition",   "refused_edition",      "wrong_time",      "wrong_verdict",
    "wrong_articles",  "wrong_case",         "wrong_state",          "broken_chain",    "unknown_beacon",
    "backdated",       "wrong_root",         "bad_ledger_signature", "two_heads",       "missing_entries"};
static_assert(std::to_underlying(FindingKind::kMissingEntries) + 1 == kFindingKinds);

nlohmann::json json_of(const Finding& finding) {
  nlohmann::json evidence = nlohmann::json::object();
  for (const auto& [name, value] : finding.evidence) evidence[name] = value;
  nlohmann::json json{{"kind", name_of(finding.kind)},
                      {"entry", finding.entry.value()},
                      {"words", finding.words},
                      {"evidence", std::move(evidence)}};
  if (!finding.agent.empty()) json["agent"] = finding.agent;
  if (finding.repeats > 0) json["repeats"] = finding.repeats;
  return json;
}

}  // namespace

std::string_view name_of(FindingKind kind) {
  return kNames[std::to_underlying(kind)];
}

std::string to_json(const Finding& finding) {
  return json_of(finding).dump();
}

std::uint64_t Report::total() const {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

void Report::add(Finding finding) {
  ++counts[std::to_underlying(finding.kind)];
  findings.push_back(std::move(finding));
}

std::string to_json(const Report& report) {
  nlohmann::json findings = nlohmann::json::array();
  for (const Finding& finding : report.findings) findings.push_back(json_of(finding));
  nlohmann::json counts = nlohmann::json::object();
  for (std::size_t kind = 0; kind < kFindingKinds; ++kind) {
    if (report.counts[kind] > 0) counts[std::string(kNames[kind])] = report.counts[kind];
  }
  nlohmann::json json{{"clean", report.clean()},
                      {"size", report.size.value()},
                      {"root", to_base64(report.root.bytes)},
                      {"journals", report.journals},
                      {"signatures", report.signatures},
                      {"verdicts", report.verdicts},
                      {"heads", report.heads},
                      {"editions", report.editions},
                      {"unverified_editions", report.unverified_editions},
                      {"counts", std::move(counts)},
                      {"findings", std::move(findings)}};
  if (report.settled) json["settled"] = report.settled->value();
  return json.dump();
}

}  // namespace crossline::audit
