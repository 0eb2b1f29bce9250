// The server cheats. It holds the ledger's key, folds again and signs whatever it likes.
#include "tests/attacks/audited.hpp"
#include "tests/support/agent/desk.hpp"
#include "tests/support/signing_parties.hpp"

#include <algorithm>

namespace crossline::testing {
namespace {

class ServerAttack : public Attack {
 protected:
  static constexpr std::ptrdiff_t kThirdExit = 5;  // of the steps

  // Another event in the place of this one, by somebody without the agent's key.
  static std::string forged(const std::string& bytes) {
    auto event = wire::decode_event(as_bytes(bytes)).value();
    event.officer = "officer-8";
    return wire::encode_event(event);
  }
  static merkle::NoteVerifierKey line_key() {
    return merkle::NoteVerifierKey::make("river-line/ledger", merkle::NoteKeyType::kEd25519,
                                         Desk::ledger_signer().public_key());
  }
  // A post that has seen the server's head.
  static void connect_and_pass(Desk& desk) {
    desk.connect();
    desk.start_shift();
    desk.pass(adult());
  }
};

TEST_F(ServerAttack, EventAltered) {
  morning.steps[kThirdExit].event = forged(morning.steps[kThirdExit].event);
  const audit::Finding finding = only_finding("bad_head_signature");
  EXPECT_EQ(finding.agent, "bridge-a");
  EXPECT_FALSE(holds_signed_head(finding, "head", key_of_a()))
      << "the agent's signature, and not of these events";
  EXPECT_FALSE(said(finding, "head_signature").empty());
}

TEST_F(ServerAttack, EventRemoved) {
  morning.steps.erase(morning.steps.begin() + kThirdExit, morning.steps.begin() + kThirdExit + 2);
  const audit::Finding finding = only_finding("journal_gap");
  EXPECT_EQ(parse_u64(said(finding, "found_index")).value(),
            parse_u64(said(finding, "expected_index")).value() + 1);
}

TEST_F(ServerAttack, EventInserted) {
  Step inserted = morning.steps[kThirdExit];
  inserted.event = forged(inserted.event);
  inserted.signature.reset();
  morning.steps.insert(morning.steps.begin() + kThirdExit, inserted);
  const audit::Finding finding = only_finding("inserted_event");
  EXPECT_TRUE(holds_signed_head(finding, "signed_head", key_of_a())) << "what the agent signed in its place";
}

TEST_F(ServerAttack, EventCountedTwice) {
  Step repeated = morning.steps[kThirdExit];
  repeated.received_at = morning.now;
  morning.steps.push_back(repeated);
  const audit::Finding finding = only_finding("repeated_event");
  EXPECT_EQ(finding.agent, "bridge-a");
  EXPECT_EQ(finding.entry.value() + 1, morning.steps.size());
}

TEST_F(ServerAttack, EventPutInLateBeforeWhatWasShown) {
  const wire::SignedHead kept = morning.ledger().head(8);  // by an agent, a witness, the other party
  morning.at_a.record(passing(traveller(9), movement::Direction::kExit), morning.tick());
  // It takes its place in the agent's journal, and an earlier one in the ledger than it had.
  const wire::Submit submit = morning.at_a.submit(5, 1);
  morning.steps.insert(morning.steps.end() - 1, {submit.events.front(), "bridge-a", morning.at_a.post(),
                                                 submit.head_signature, morning.steps.back().received_at});
  PlantedLedger ledger = morning.ledger();
  EXPECT_TRUE(audited(ledger, morning.registry(), {kept}).clean());  // nothing that was shown has changed
  std::swap(morning.steps[6], morning.steps[9]);
  PlantedLedger reordered = morning.ledger();
  const audit::Report report = audited(reordered, morning.registry(), {kept});
  const auto wrong =
      std::ranges::find(report.findings, audit::FindingKind::kWrongRoot, &audit::Finding::kind);
  ASSERT_NE(wrong, report.findings.end());
  EXPECT_TRUE(holds_signed_head(*wrong, "head", morning.registry().keys().ledger_key)) << "the kept head";
  EXPECT_NE(said(*wrong, "recomputed_root"), said(*wrong, "head_root"));
}

TEST_F(ServerAttack, ChangedWhatAWitnessHasCosigned) {
  PlantedLedger ledger = morning.ledger();
  const auto registry = morning.registry();
  const wire::SignedHead kept = ledger.head(8);
  ledger.edit(3, [](auto& entry) { entry.received_at.ms += 1; });
  audit::Auditor auditor(registry, ledger);
  for (const wire::SignedHead& head : {kept, ledger.head()}) auditor.expect(head);
  ASSERT_TRUE(auditor.advance(TreeSize(ledger.entries.size())));
  const audit::Report report = auditor.report();
  ASSERT_EQ(kinds(report), Kinds{"wrong_root"});
  const auto proof = auditor.prove(report.findings.front());
  ASSERT_TRUE(proof && *proof) << "a larger signed head is of the entries that are shown now";
  EXPECT_TRUE(convinces(**proof, registry.keys().ledger_key));
}

TEST_F(ServerAttack, SizeThatNoLedgerHas) {
  PlantedLedger ledger = morning.ledger();
  const merkle::TreeHead claimed{TreeSize(std::uint64_t{1} << 60), ledger.head().head.root};
  const wire::SignedHead head{
      claimed, merkle::sign_tree_head(merkle::ledger_origin(kLine), claimed, seeded_signer(kLedgerSeed))};
  const audit::Report report = audited(ledger, morning.registry(), {head});
  ASSERT_EQ(kinds(report), Kinds{"missing_entries"});
  EXPECT_EQ(said(report.findings.front(), "head_size"), std::to_string(claimed.size.value()));
  EXPECT_TRUE(holds_signed_head(report.findings.front(), "head", morning.registry().keys().ledger_key));
}

TEST_F(ServerAttack, DecidedAgainstTheProcedure) {
  PlantedLedger ledger = morning.ledger();
  ledger.edit(3, [](auto& entry) { entry.verdict = movement::Verdict::kRefuse; });
  const audit::Report report = audited(ledger, morning.registry());
  ASSERT_EQ(kinds(report), Kinds{"wrong_verdict"});
  EXPECT_EQ(said(report.findings.front(), "entry_says"), "refuse");
  EXPECT_EQ(said(report.findings.front(), "fold_says"), "allow");
}

TEST_F(ServerAttack, StatusFalsified) {
  PlantedLedger ledger = morning.ledger();
  ledger.edit(4, [](auto& entry) { entry.state->status = movement::Status::kSideA; });
  EXPECT_EQ(kinds(audited(ledger, morning.registry())), Kinds{"wrong_state"});
}

TEST_F(ServerAttack, DecidedByRulesThatWereNotAdopted) {
  PlantedLedger ledger = morning.ledger();
  ledger.edit(3, [](auto& entry) { entry.edition = crypto::sha256(as_bytes("one side's rules")); });
  EXPECT_EQ(kinds(audited(ledger, morning.registry())), Kinds{"wrong_edition"});
}

// The server adopts what one side alone has agreed to, and decides by it without a fault.
class OneSidedRules : public ServerAttack {
 protected:
  // What both parties' auditors find, each with the keys of its own machine.
  static audit::Report found(const std::map<std::string, int>& signers) {
    BridgeMorning one_sided(chained_edition(1));
    one_sided.adopt(2, chained_edition(2));
    one_sided.cross(1);
    PlantedLedger ledger = one_sided.ledger({chained_edition(1), chained_edition(2)});
    ledger.envelopes[crypto::sha256(as_bytes(chained_edition(1)))] = signed_edition(1);
    if (!signers.empty())
      ledger.envelopes[crypto::sha256(as_bytes(chained_edition(2)))] =
          signed_envelope(chained_edition(2), signers);
    audit::Options options;
    options.procedure_keys = party_keys();
    return audited(ledger, one_sided.registry(), {}, std::move(options));
  }
};

TEST_F(OneSidedRules, AdoptedWithTheSignaturesOfOneSide) {
  const audit::Report report = found({{"A", 3}, {"G", 1}});
  ASSERT_EQ(kinds(report), Kinds{"refused_edition"});
  EXPECT_EQ(report.findings.front().evidence[1], (audit::Finding::Value{"refusal", "too_few_signatures"}));
}

TEST_F(OneSidedRules, AdoptedWithoutSignatures) {
  EXPECT_EQ(kinds(found({})), Kinds{"unsigned_edition"});
}

TEST_F(OneSidedRules, AdoptedByBothSides) {
  EXPECT_TRUE(found({{"A", 2}, {"B", 2}, {"G", 1}}).clean());
}

TEST_F(ServerAttack, RulesThatNobodyCanRead) {
  PlantedLedger ledger = morning.ledger();
  ledger.editions.clear();
  EXPECT_EQ(kinds(audited(ledger, morning.registry())), Kinds{"unknown_edition"});
}

TEST_F(ServerAttack, ActOfTheOfficeForged) {
  morning.office(movement::ListChange{"hold", traveller(3), false, "A", "C-1"});
  morning.steps.back().signature = seeded_signer(99).sign(as_bytes("not the office"));
  EXPECT_EQ(findings(), Kinds{"bad_head_signature"});
}

TEST_F(ServerAttack, TwoHistoriesShownToTwoParties) {
  PlantedLedger shown_to_a = morning.ledger();
  PlantedLedger shown_to_b = shown_to_a;
  shown_to_b.edit(5, [](auto& entry) { entry.received_at.ms += 1; });
  const auto registry = morning.registry();
  const audit::Report report = audited(shown_to_a, registry, {shown_to_b.head()});
  EXPECT_EQ(kinds(report), Kinds{"two_heads"});
  const auto proof = audit::proof_of(report.findings.at(0), registry, shown_to_a);
  ASSERT_TRUE(proof && *proof);
  EXPECT_TRUE(convinces(**proof, registry.keys().ledger_key));
}

TEST_F(ServerAttack, AnotherHistoryShownToAnAgentShowsInItsBeacons) {
  PlantedLedger shown_to_a = morning.ledger();
  shown_to_a.edit(5, [](auto& entry) { entry.received_at.ms += 1; });
  const wire::SignedHead head = shown_to_a.head();
  morning.at_a.beacon = {head.head.size, head.head.root};
  morning.cross(6);
  const audit::Finding finding = only_finding("unknown_beacon");
  EXPECT_EQ(said(finding, "beacon_root"), head.head.root.hex()) << "what the agent was shown";
  EXPECT_NE(said(finding, "recomputed_root"), head.head.root.hex());
}

TEST_F(ServerAttack, TwoHistoriesShownToOneAgent) {
  Desk desk;
  desk.connect();
  desk.start_shift();
  desk.pass(adult());
  ASSERT_EQ(desk.station().uplink().state(), agent::LinkState::kUp);
  const auto& seen = desk.station().replica().ledger();
  merkle::TreeHead other{seen.size, seen.root};
  other.root.bytes[0] ^= 1;
  desk.cut();
  desk.station().on_connected();
  desk.say(wire::Welcome{.protocol = wire::kProtocol,
                         .next_index = JournalIndex(desk.journal_size()),
                         .clock = desk.clock().now(),
                         .ledger = wire::SignedHead{other, merkle::sign_tree_head("river-line/ledger", other,
                                                                                  Desk::ledger_signer())},
                         .edition = std::nullopt});
  EXPECT_EQ(desk.station().uplink().reason(), agent::LinkReason::kUntrustedServer);
  EXPECT_NE(desk.station().uplink().state(), agent::LinkState::kUp);
  ASSERT_TRUE(desk.evidence());
  EXPECT_TRUE(convinces(*desk.evidence(), line_key()));
}

// Between two greetings, when the post believes the heads of its answers until it asks again.
TEST_F(ServerAttack, AnotherHistoryGoneOnWithWhileAPostIsConnected) {
  Desk desk;
  connect_and_pass(desk);
  desk.server().grow(1);
  desk.wait_ms(agent::kLedgerQuestionMs + 100);
  desk.server().fork(1);
  desk.pass(adult(2));
  ASSERT_EQ(desk.station().uplink().state(), agent::LinkState::kUp);
  desk.wait_ms(agent::kLedgerQuestionMs + 100);
  EXPECT_TRUE(desk.has_alarm(agent::AlarmCode::kLedgerForked));
  EXPECT_NE(desk.station().uplink().state(), agent::LinkState::kUp);
  ASSERT_TRUE(desk.evidence());
  EXPECT_TRUE(convinces(*desk.evidence(), line_key()));
}

// An older disk: two signed heads, which prove nothing by themselves, stay at the post.
TEST_F(ServerAttack, LedgerRolledBackBeforeAPostGreets) {
  Desk desk;
  connect_and_pass(desk);
  desk.cut();
  desk.server().forget(1);
  desk.connect();
  EXPECT_TRUE(desk.has_alarm(agent::AlarmCode::kLedgerShrank));
  EXPECT_NE(desk.station().uplink().state(), agent::LinkState::kUp);
  ASSERT_TRUE(desk.evidence());
  const merkle::NoteVerifierKey key = line_key();
  const auto held = merkle::check_misbehaviour(*desk.evidence(), std::span(&key, 1));
  ASSERT_TRUE(held) << held.error().message;
  EXPECT_LT(held->heads[1].size, held->heads[0].size);
}

// The same disk, gone on with, whose server says itself what it has in that place.
TEST_F(ServerAttack, LedgerRolledBackAndGoneOnWithBeforeAPostGreets) {
  Desk desk;
  connect_and_pass(desk);
  desk.cut();
  desk.server().forget(1, 40);
  desk.station().on_connected();
  desk.say(desk.server().dispute(desk.station().replica().ledger().size));
  EXPECT_TRUE(desk.has_alarm(agent::AlarmCode::kLedgerForked));
  ASSERT_TRUE(desk.evidence());
  EXPECT_TRUE(convinces(*desk.evidence(), line_key()));
}

TEST_F(ServerAttack, LedgerRolledBack) {
  PlantedLedger ledger = morning.ledger();
  const wire::SignedHead kept = ledger.head();
  ledger.entries.resize(7);
  const audit::Report report = audited(ledger, morning.registry(), {kept});
  ASSERT_EQ(kinds(report), Kinds{"missing_entries"});
  EXPECT_TRUE(holds_signed_head(report.findings.front(), "head", morning.registry().keys().ledger_key));
  EXPECT_EQ(said(report.findings.front(), "head_size"), std::to_string(kept.head.size.value()));
}

}  // namespace
}  // namespace crossline::testing
