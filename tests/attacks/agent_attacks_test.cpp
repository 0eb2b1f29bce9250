// Whoever holds a post's keys cheats: a thief, or its own party.
#include "crossline/crypto/authority.hpp"
#include "tests/attacks/audited.hpp"
#include "tests/support/agent/desk.hpp"
#include "tests/support/server/server_core.hpp"

namespace crossline::testing {
namespace {

class AgentAttack : public Attack {
 protected:
  // The slip of the last event of the journal, as the traveller has it.
  static std::string slip_of(const SigningAgent& agent) {
    const wire::Submit submit = agent.submit();
    merkle::CompactRange range;
    for (std::size_t i = 0; i + 1 < submit.events.size(); ++i)
      range.append(merkle::leaf_hash(as_bytes(submit.events[i])));
    return wire::encode_slip({.line = std::string(kLine),
                              .head_signature = submit.head_signature,
                              .path = {range.hashes().rbegin(), range.hashes().rend()},
                              .event = submit.events.back()})
        .value();
  }
};

TEST_F(AgentAttack, StolenAgentGoesOnAfterItsRevocation) {
  enrolment::Registry registry = morning.registry();
  ASSERT_TRUE(registry.revoke("bridge-a", morning.now, "stolen"));
  morning.tick();
  morning.cross(6);  // and the server takes it all the same
  PlantedLedger ledger = morning.ledger();
  const audit::Report report = audited(ledger, registry);
  ASSERT_EQ(kinds(report), Kinds{"after_revocation"});
  const audit::Finding& finding = report.findings.front();
  EXPECT_EQ(finding.agent, "bridge-a");
  EXPECT_GE(finding.entry.value(), 10u) << "the first entry after it";
  EXPECT_NE(finding.words.find(format_utc(registry.find("bridge-a")->revocation->at)), std::string::npos);
}

TEST_F(AgentAttack, StolenAgentPrintsSlips) {
  Desk stolen;
  stolen.start_shift();
  stolen.pass(adult());
  const std::string slip = stolen.station().issue_slip(JournalIndex(1))->text;
  const auto across = Desk::across();
  across->revoked = "bridge-a-1";
  across->restart();
  across->start_shift(movement::Direction::kEntry);
  EXPECT_EQ(across->station().take_slip(slip)->outcome, agent::SlipOutcome::kRevoked);
}

TEST_F(AgentAttack, AuditorsMachineStolen) {
  enrolment::Registry registry = morning.registry();
  const auto root = crypto::Authority::create(kLine, "A", morning.now).value();
  const auto issued = [&root, this](const std::string& name) {
    const auto made = root.issue_auditor({std::string(kLine), name}, morning.now).value();
    return crypto::Certificate::from_pem(made.certificate_pem).value();
  };
  const crypto::Certificate stolen = issued("audit-a");
  ASSERT_TRUE(registry.admit_auditor(stolen, "A"));
  ASSERT_TRUE(registry.revoke_auditor({"A", "audit-a"}, morning.now, "stolen"));
  EXPECT_EQ(registry.admit_auditor(stolen, "A").error().code, ErrorCode::kRevoked);
  EXPECT_TRUE(registry.admit_auditor(issued("audit-b"), "A")) << "the one in its place";
  const std::string text = registry.to_toml();
  EXPECT_NE(text.find("stolen"), std::string::npos) << "the reason stands in the registry";
  EXPECT_EQ(enrolment::Registry::parse(text)->admit_auditor(stolen, "A").error().code, ErrorCode::kRevoked);
}

TEST_F(AgentAttack, EventDatedBack) {
  const wire::SignedHead seen = morning.ledger().head();
  morning.at_a.beacon = {seen.head.size, seen.head.root};
  morning.at_a.record(passing(traveller(7), movement::Direction::kExit), morning.now.plus(-2 * 3'600'000));
  morning.tick();
  morning.send(morning.at_a, 1);
  const audit::Finding finding = only_finding("backdated");
  EXPECT_EQ(finding.agent, "bridge-a");
  EXPECT_EQ(said(finding, "beacon_size"), std::to_string(seen.head.size.value()));
  EXPECT_LT(said(finding, "recorded_at"), said(finding, "beacon_received_at"));
}

TEST_F(AgentAttack, EventWithheldThatATravellerHasASlipOf) {
  morning.at_a.record(passing(traveller(7), movement::Direction::kExit), morning.tick());
  morning.record(morning.at_b, movement::SlipSeen{slip_of(morning.at_a)});
  morning.now = morning.now.plus(25LL * 3'600'000);
  morning.record(morning.at_b, movement::JournalHeartbeat{0});
  const audit::Finding finding = only_finding("withheld_event");
  EXPECT_EQ(finding.agent, "bridge-a");
  EXPECT_TRUE(holds_signed_head(finding, "slip_head", key_of_a())) << "signed by the agent itself";
}

TEST_F(AgentAttack, EventLeftOutOfTheMiddle) {
  ServerCore core;
  SigningAgent agent = bridge_a();
  agent.record(passing(traveller(1), movement::Direction::kExit), core.clock.now());
  agent.record(passing(traveller(2), movement::Direction::kExit), core.clock.now());
  const auto refused = core.verify(agent, agent.submit(1, 1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error.message, "expected journal index 0, got 1");
}

TEST_F(AgentAttack, EventSentAgain) {
  ServerCore core;
  SigningAgent agent = bridge_a();
  agent.record(passing(traveller(1), movement::Direction::kExit), core.clock.now());
  const wire::Answer first = core.submit(agent, agent.submit());
  const std::uint64_t size = core.ledger.size();
  EXPECT_EQ(core.submit(agent, agent.submit()), first);
  EXPECT_EQ(core.ledger.size(), size);
}

TEST_F(AgentAttack, SlipUsedTwice) {
  Desk here;
  here.start_shift();
  here.pass(adult());
  const std::string slip = here.station().issue_slip(JournalIndex(1))->text;
  const auto across = Desk::across();
  across->start_shift(movement::Direction::kEntry);
  EXPECT_EQ(across->station().take_slip(slip)->outcome, agent::SlipOutcome::kLearnt);
  EXPECT_EQ(across->station().take_slip(slip)->outcome, agent::SlipOutcome::kKnown);
}

TEST_F(AgentAttack, SlipAltered) {
  Desk here;
  here.start_shift();
  here.pass(adult());
  const std::string bytes = wire::slip_bytes(here.station().issue_slip(JournalIndex(1))->text).value();
  const auto across = Desk::across();
  across->start_shift(movement::Direction::kEntry);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string altered = bytes;
    altered[at] = static_cast<char>(altered[at] ^ 0x01);
    const auto taken = across->station().take_slip(wire::slip_text(altered));
    ASSERT_TRUE(taken) << at;
    EXPECT_NE(taken->outcome, agent::SlipOutcome::kLearnt) << at;
    EXPECT_FALSE(taken->detail.empty()) << "the reason, at " << at;
  }
  EXPECT_EQ(across->station().take_slip(wire::slip_text(bytes))->outcome, agent::SlipOutcome::kLearnt);
}

TEST_F(AgentAttack, SlipOfAnotherLine) {
  Desk here;
  here.start_shift();
  here.pass(adult());
  const std::string bytes = wire::slip_bytes(here.station().issue_slip(JournalIndex(1))->text).value();
  auto slip = wire::decode_slip(as_bytes(bytes)).value();
  slip.line = "lake-line";
  const auto across = Desk::across();
  across->start_shift(movement::Direction::kEntry);
  const auto taken = across->station().take_slip(wire::slip_text(wire::encode_slip(slip).value()));
  EXPECT_EQ(taken->outcome, agent::SlipOutcome::kForeign);
  EXPECT_EQ(taken->detail, "a slip of the line 'lake-line'");
}

TEST_F(AgentAttack, TwoHistoriesShownToTheServer) {
  ServerCore core;
  SigningAgent agent = bridge_a();
  agent.record(passing(traveller(1), movement::Direction::kExit), core.clock.now());
  core.submit(agent, agent.submit());
  SigningAgent other = bridge_a();
  other.record(passing(traveller(2), movement::Direction::kExit), core.clock.now());
  const auto greeted = core.journal_of(agent).greet(other.hello(), core.clock.now());
  ASSERT_FALSE(greeted);
  EXPECT_EQ(greeted.error().error.code, ErrorCode::kForked);
  const auto& evidence = greeted.error().evidence;
  ASSERT_TRUE(evidence && evidence->seen && evidence->claimed);
  const auto registry = registry_of({&agent});
  const auto& key = registry.find("bridge-a")->journal_key;
  EXPECT_TRUE(
      convinces({.heads = {merkle::note_of(evidence->seen->head, evidence->seen->signature, key),
                           merkle::note_of(evidence->claimed->head, evidence->claimed->signature, key)},
                 .index = std::nullopt,
                 .claims = {}},
                key));
}

TEST_F(AgentAttack, TwoHistoriesInTheLedger) {
  SigningAgent other = morning.at_a;
  other.roll_back(2);
  other.record(passing(traveller(9), movement::Direction::kExit), morning.tick());
  morning.send(other, 1);
  PlantedLedger ledger = morning.ledger();
  const auto registry = morning.registry();
  const audit::Report report = audited(ledger, registry);
  EXPECT_EQ(kinds(report), Kinds{"journal_fork"});
  const auto proof = audit::proof_of(report.findings.at(0), registry, ledger);
  ASSERT_TRUE(proof && *proof);
  EXPECT_TRUE(convinces(**proof, registry.find("bridge-a")->journal_key));
}

TEST_F(AgentAttack, PostWritesAnActOfTheOffice) {
  ServerCore core;
  SigningAgent agent = bridge_a();
  agent.record(movement::ListChange{"hold", traveller(1), true, "B", "C-1"}, core.clock.now());
  EXPECT_EQ(core.verify(agent, agent.submit()).error().error.code, ErrorCode::kForbidden);
  // And a server that takes it is found.
  morning.record(morning.at_a, movement::ListChange{"hold", traveller(1), true, "B", "C-1"});
  EXPECT_EQ(only_finding("forbidden_event").agent, "bridge-a");
}

TEST_F(AgentAttack, PostGrantsAnOverride) {
  ServerCore core;
  SigningAgent agent = bridge_a();
  const movement::OverrideGrant forged{traveller(1), "3(1)", "A.shift_lead", "C-1"};
  agent.record(forged, core.clock.now());
  EXPECT_EQ(core.verify(agent, agent.submit()).error().error.code, ErrorCode::kForbidden);
  morning.record(morning.at_a, forged);
  EXPECT_EQ(only_finding("forbidden_event").agent, "bridge-a");
}

}  // namespace
}  // namespace crossline::testing
