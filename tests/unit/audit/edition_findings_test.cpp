// What an auditor sees of the signatures under the editions that a ledger adopts.
#include "tests/support/audit/planted_ledger.hpp"
#include "tests/support/signing_parties.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace crossline::testing {
namespace {

using audit::Finding;
using audit::FindingKind;

crypto::Hash hash_of(const std::string& sealed) {
  return crypto::sha256(as_bytes(sealed));
}

audit::Options with_keys(adoption::KeySet keys = party_keys()) {
  audit::Options options;
  options.procedure_keys = std::move(keys);
  return options;
}

std::string value_of(const Finding& finding, std::string_view name) {
  for (const auto& [known, value] : finding.evidence)
    if (known == name) return value;
  return "";
}

// Two editions, each adopted with the signatures of all that have to sign.
class EditionSignatures : public ::testing::Test {
 protected:
  const std::string first = chained_edition(1);
  const std::string second = chained_edition(2);
  BridgeMorning morning{first};
  std::optional<PlantedLedger> ledger;
  std::uint64_t adopted_at = 0;  // the second

  EditionSignatures() {
    morning.cross(1);
    adopted_at = morning.steps.size();
    morning.adopt(2, second);
    morning.cross(2);
    ledger = morning.ledger({first, second});
    ledger->envelopes = {{hash_of(first), signed_edition(1)}, {hash_of(second), signed_edition(2)}};
  }
  audit::Report report(audit::Options options = with_keys()) {
    return audit_of(*ledger, morning.registry(), std::move(options));
  }
  // The second edition shows this, and that is the only finding.
  Finding finding_after(const std::string& envelope) {
    ledger->envelopes[hash_of(second)] = envelope;
    const audit::Report found = report();
    EXPECT_EQ(found.editions, 1u);
    EXPECT_EQ(found.unverified_editions, 1u);
    EXPECT_EQ(found.findings.size(), 1u);
    if (found.findings.empty()) return {};
    EXPECT_EQ(found.findings.front().entry, LedgerIndex(adopted_at));
    EXPECT_EQ(value_of(found.findings.front(), "edition"), hash_of(second).hex());
    return found.findings.front();
  }
  std::string refusal_after(const std::string& envelope) {
    const Finding finding = finding_after(envelope);
    EXPECT_EQ(finding.kind, FindingKind::kRefusedEdition) << finding.words;
    EXPECT_EQ(value_of(finding, "envelope"), crypto::sha256(as_bytes(envelope)).hex());
    return value_of(finding, "refusal");
  }
  // The envelope of the second edition with something changed.
  std::string changed(const std::function<void(adoption::Envelope&)>& change) const {
    adoption::Envelope envelope = adoption::Envelope::parse(signed_edition(2)).value();
    change(envelope);
    return envelope.to_json();
  }
};

TEST_F(EditionSignatures, SignedByAllThatHaveToIsClean) {
  const audit::Report found = report();
  EXPECT_TRUE(found.clean());
  EXPECT_EQ(found.editions, 2u);
  EXPECT_EQ(found.unverified_editions, 0u);
}

TEST_F(EditionSignatures, WithoutKeysNothingIsVerifiedAndTheReportSaysSo) {
  ledger->envelopes.clear();
  const audit::Report found = report({});
  EXPECT_TRUE(found.clean());
  EXPECT_EQ(found.editions, 0u);
  EXPECT_EQ(found.unverified_editions, 2u);
  const auto json = nlohmann::json::parse(to_json(found));
  EXPECT_EQ(json["editions"], 0);
  EXPECT_EQ(json["unverified_editions"], 2);
}

TEST_F(EditionSignatures, NoEnvelope) {
  ledger->envelopes.erase(hash_of(second));
  const audit::Report found = report();
  ASSERT_EQ(found.findings.size(), 1u);
  EXPECT_EQ(found.findings.front().kind, FindingKind::kUnsignedEdition);
  EXPECT_EQ(found.findings.front().words, "edition 2 was adopted, and nobody shows signatures of it");
  EXPECT_EQ(value_of(found.findings.front(), "edition"), hash_of(second).hex());
}

TEST_F(EditionSignatures, AfterOneThatIsRefusedNobodyKnowsTheKeys) {
  ledger->envelopes.erase(hash_of(first));
  const audit::Report found = report();
  ASSERT_EQ(found.findings.size(), 2u);
  EXPECT_EQ(found.findings[0].kind, FindingKind::kUnsignedEdition);
  EXPECT_EQ(found.findings[1].kind, FindingKind::kRefusedEdition);
  EXPECT_EQ(value_of(found.findings[1], "refusal"), "unknown_keys");
  EXPECT_EQ(found.unverified_editions, 2u);
}

TEST_F(EditionSignatures, SignedByOneSide) {
  const Finding finding = finding_after(signed_envelope(second, {{"A", 3}, {"G", 1}}));
  EXPECT_EQ(value_of(finding, "refusal"), "too_few_signatures");
  EXPECT_TRUE(finding.words.starts_with("edition 2 was adopted, and its signatures do not stand: "))
      << finding.words;
}

TEST_F(EditionSignatures, ThresholdsAreNeverPooled) {
  EXPECT_EQ(refusal_after(signed_envelope(second, {{"A", 3}, {"B", 1}, {"G", 2}})), "too_few_signatures");
  EXPECT_EQ(refusal_after(signed_envelope(second, {{"A", 2}, {"B", 2}})), "too_few_signatures");
}

TEST_F(EditionSignatures, OneSignatureAltered) {
  EXPECT_EQ(refusal_after(changed([](auto& envelope) { envelope.signatures[0].signature[5] ^= 1; })),
            "bad_signature");
}

TEST_F(EditionSignatures, EditionAltered) {
  EXPECT_EQ(refusal_after(changed([](auto& envelope) { envelope.payload[40] ^= 1; })), "bad_signature");
}

TEST_F(EditionSignatures, AnotherTypeOfDocument) {
  EXPECT_EQ(refusal_after(changed([](auto& envelope) { envelope.type = "text/plain"; })), "wrong_type");
}

TEST_F(EditionSignatures, NoEnvelopeAtAll) {
  for (const char* text : {"", "{}", "no json", "[]", "{\"payload\": 3}"})
    EXPECT_EQ(refusal_after(text), "malformed_envelope") << text;
}

TEST_F(EditionSignatures, EveryTruncationIsRefused) {
  const std::string whole = signed_edition(2);
  for (std::size_t size = 0; size < whole.size(); size += 97) {
    ledger->envelopes[hash_of(second)] = whole.substr(0, size);
    EXPECT_FALSE(report().clean()) << size;
  }
}

TEST_F(EditionSignatures, TheEnvelopeBeforeOnceMore) {
  EXPECT_EQ(refusal_after(signed_edition(1)), "already_adopted");
}

TEST_F(EditionSignatures, TheOneAfterInItsPlace) {
  EXPECT_EQ(refusal_after(signed_edition(3)), "skipped_edition");
}

TEST_F(EditionSignatures, AnotherFirstEditionThatTheSameKeysSigned) {
  ledger->envelopes[hash_of(first)] = signed_envelope(sealed_edition());
  const audit::Report found = report();
  ASSERT_EQ(found.findings.size(), 2u);
  EXPECT_EQ(value_of(found.findings[0], "refusal"), "other_edition");
  EXPECT_NE(found.findings[0].words.find(hash_of(sealed_edition()).hex()), std::string::npos);
}

TEST_F(EditionSignatures, KeysOfAnotherLine) {
  const audit::Report found = report(with_keys(party_keys("sea-line")));
  ASSERT_EQ(found.findings.size(), 2u);
  EXPECT_EQ(value_of(found.findings[0], "refusal"), "other_procedure");
}

TEST_F(EditionSignatures, OneThatSupersedesAnotherHash) {
  BridgeMorning other;
  other.adopt(2, second_edition());
  PlantedLedger planted = other.ledger();
  planted.envelopes = {{hash_of(sealed_edition()), signed_envelope(sealed_edition())},
                       {hash_of(second_edition()), signed_envelope(second_edition())}};
  const audit::Report found = audit_of(planted, other.registry(), with_keys());
  ASSERT_EQ(found.findings.size(), 1u);
  EXPECT_EQ(value_of(found.findings[0], "refusal"), "other_predecessor");
  EXPECT_EQ(found.editions, 1u);
}

TEST_F(EditionSignatures, OneThatIsSkipped) {
  BridgeMorning other(first);
  other.adopt(3, chained_edition(3));
  PlantedLedger planted = other.ledger({first, chained_edition(3)});
  planted.envelopes = {{hash_of(first), signed_edition(1)}, {hash_of(chained_edition(3)), signed_edition(3)}};
  const audit::Report found = audit_of(planted, other.registry(), with_keys());
  ASSERT_EQ(found.findings.size(), 1u);
  EXPECT_EQ(value_of(found.findings[0], "refusal"), "skipped_edition");
}

TEST_F(EditionSignatures, AdoptedAgainIsVerifiedOnce) {
  morning.adopt(1, first);
  PlantedLedger again = morning.ledger({first, second});
  again.envelopes = ledger->envelopes;
  const audit::Report found = audit_of(again, morning.registry(), with_keys());
  EXPECT_TRUE(found.clean());
  EXPECT_EQ(found.editions, 2u);
}

// A source that cannot be reached when it is asked for these for the first time.
class AwayOnce final : public audit::LedgerSource {
 public:
  explicit AwayOnce(PlantedLedger& ledger) : ledger_(&ledger) {}
  Result<std::vector<std::string>> read(LedgerIndex first, std::size_t count) override {
    return ledger_->read(first, count);
  }
  Result<std::optional<std::string>> edition(const crypto::Hash& hash) override {
    CROSSLINE_CHECK_OK(reach("edition/" + hash.hex()));
    return ledger_->edition(hash);
  }
  Result<std::optional<std::string>> edition_envelope(const crypto::Hash& hash) override {
    CROSSLINE_CHECK_OK(reach("envelope/" + hash.hex()));
    return ledger_->edition_envelope(hash);
  }

 private:
  Result<void> reach(const std::string& path) {
    if (std::ranges::find(asked_, path) != asked_.end()) return {};
    asked_.push_back(path);
    return fail(ErrorCode::kUnavailable, "{}: away", path);
  }
  PlantedLedger* ledger_;
  std::vector<std::string> asked_;
};

TEST_F(EditionSignatures, ASourceThatIsAwayMeanwhileLeavesNoEntryHalfTaken) {
  AwayOnce source(*ledger);
  const auto registry = morning.registry();
  audit::Auditor auditor(registry, source, with_keys());
  auditor.expect(ledger->head());
  int tries = 0;
  while (!auditor.advance(TreeSize(ledger->entries.size()))) ASSERT_LT(++tries, 10);
  EXPECT_EQ(tries, 4) << "twice for each edition";
  EXPECT_EQ(to_json(auditor.report()), to_json(report()));
}

}  // namespace
}  // namespace crossline::testing
