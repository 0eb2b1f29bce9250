// What both parties' auditors see of a morning at the bridge.
#pragma once

#include "crossline/audit/evidence.hpp"
#include "crossline/base/text.hpp"
#include "crossline/merkle/tree_head.hpp"
#include "crossline/wire/slip.hpp"
#include "tests/support/audit/planted_ledger.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace crossline::testing {

class Attack : public ::testing::Test {
 protected:
  BridgeMorning morning;

  Attack() {
    for (std::uint32_t number = 1; number <= 5; ++number) morning.cross(number);
  }
  // The names of all findings, once each, in the order in which they were found.
  static std::vector<std::string> kinds(const audit::Report& report) {
    std::vector<std::string> names;
    for (const audit::Finding& finding : report.findings) {
      const std::string name(name_of(finding.kind));
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
    return names;
  }
  // Audits what the server shows, against the head it shows and those that others have kept.
  static audit::Report audited(PlantedLedger& ledger, const enrolment::Registry& registry,
                               const std::vector<wire::SignedHead>& kept = {}, audit::Options options = {}) {
    audit::Auditor auditor(registry, ledger, std::move(options));
    auditor.expect(ledger.head());
    for (const wire::SignedHead& head : kept) auditor.expect(head);
    EXPECT_TRUE(auditor.advance(TreeSize(ledger.entries.size())));
    return auditor.report();
  }
  std::vector<std::string> findings() {
    PlantedLedger ledger = morning.ledger();
    return kinds(audited(ledger, morning.registry()));
  }
  // The finding of this morning's ledger, which is of the one kind only.
  audit::Finding only_finding(std::string_view kind) {
    PlantedLedger ledger = morning.ledger();
    const audit::Report report = audited(ledger, morning.registry());
    EXPECT_EQ(kinds(report), std::vector<std::string>{std::string(kind)});
    return report.findings.empty() ? audit::Finding{} : report.findings.front();
  }
  // What a finding says under this name; empty when it says nothing.
  static std::string said(const audit::Finding& finding, std::string_view name) {
    for (const auto& [key, value] : finding.evidence)
      if (key == name) return value;
    return {};
  }
  // Whether the head in a finding's evidence verifies with this key: then it is evidence for anybody.
  static bool holds_signed_head(const audit::Finding& finding, const std::string& prefix,
                                const merkle::NoteVerifierKey& key) {
    const auto size = parse_u64(said(finding, prefix + "_size"));
    const auto root = from_hex(said(finding, prefix + "_root"));
    const auto signature = from_hex(said(finding, prefix + "_signature"));
    if (!size || !root || !signature) return false;
    return merkle::verify_tree_head(key.name, {TreeSize(*size), crypto::hash_from(*root).value()},
                                    crypto::signature_from(*signature).value(),
                                    crypto::Verifier::make(key.key).value());
  }
  merkle::NoteVerifierKey key_of_a() { return morning.registry().find("bridge-a")->journal_key; }
  // Whether the file that proves it convinces somebody who has nothing but the public key.
  static bool convinces(const merkle::Misbehaviour& proof, const merkle::NoteVerifierKey& key) {
    const auto read = merkle::Misbehaviour::parse(proof.to_string());
    if (!read) return false;
    const auto checked = merkle::check_misbehaviour(*read, std::span(&key, 1));
    return checked && checked->proven;
  }
};

using Kinds = std::vector<std::string>;

}  // namespace crossline::testing
