// A registry is refused with its place, or writes itself down as it was read.
#include "crossline/enrolment/registry.hpp"
#include "crossline/merkle/tree_head.hpp"
#include "tests/fuzz/targets.hpp"

namespace crossline::fuzz::enrolment_registry {
namespace {

merkle::NoteVerifierKey key(std::string origin, std::uint8_t seed) {
  return merkle::NoteVerifierKey::make(std::move(origin), merkle::NoteKeyType::kEd25519,
                                       crypto::Signer::from_seed(Bytes(32, seed)).value().public_key());
}

}  // namespace

std::vector<std::string> seeds() {
  enrolment::Registry registry({"river-line", key(merkle::ledger_origin("river-line"), 1),
                                key(merkle::journal_origin("river-line", enrolment::kOffice), 2)});
  const std::string empty = registry.to_toml();
  enrolment::AgentRecord record;
  record.post = {.line = "river-line", .checkpoint = "bridge", .side = "A", .agent = "bridge-a-1"};
  record.party = "A";
  record.journal_key = key(merkle::journal_origin("river-line", "bridge-a-1"), 3);
  record.enrolled = {1'790'000'000'000};
  CROSSLINE_ASSERT(registry.enrol(record));
  CROSSLINE_ASSERT(registry.revoke("bridge-a-1", {1'790'000'100'000}, "stolen"));
  CROSSLINE_ASSERT(registry.revoke_auditor({"A", "auditor-a"}, {1'790'000'200'000}, "left"));
  return {empty, registry.to_toml()};
}

bool takes(std::string_view input) {
  const auto registry = enrolment::Registry::parse(input);
  if (!registry) {
    CROSSLINE_ASSERT(!registry.error().message.empty());
    return false;
  }
  const std::string written = registry->to_toml();
  const auto again = enrolment::Registry::parse(written);
  CROSSLINE_ASSERT(again && again->to_toml() == written);
  return true;
}

}  // namespace crossline::fuzz::enrolment_registry
