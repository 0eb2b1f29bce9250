// The invariants, checked from outside: by what was acknowledged, and by naive second readings of the ledger.
#pragma once

#include "crossline/crypto/ed25519.hpp"
#include "crossline/merkle/tree.hpp"
#include "crossline/movement/world.hpp"
#include "crossline/wire/ledger_codec.hpp"
#include "crossline/wire/link.hpp"
#include "tests/simulation/server_node.hpp"
#include "tests/support/naive_status.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::simulation {

// Of the edition's quota, when it has one.
inline constexpr std::string_view kQuotaArticle = "9(1)";

// I1  acknowledged means durable and in the ledger for ever
// I2  each event has its effect once
// I3  journals and ledger verify, no gap
// I4  status and crossings of the day equal those of a naive reference model
// I5  never more exits than the quota of the day without a recorded difference, never more leased than it
//     has, and what a post let through on its lease is never refused afterwards
// I7  everything is decided by the edition of its own time
class Checks {
 public:
  // `exits_per_day`: what the edition's quota has room for, when it has one.
  Checks(std::string line, std::vector<Enrolled> agents, crypto::PublicKey ledger_key,
         crypto::PublicKey office_key, std::optional<std::int64_t> exits_per_day);

  // Editions that may be adopted, sealed.
  void expect_editions(const std::vector<std::string>& sealed);
  // An answer reached an agent: from here on it must hold for ever, and every other answer must say the same.
  void acknowledged(const std::string& agent, const wire::Answer& answer);
  // Reads what the ledger has more than at the last call, holds what was acknowledged since against it, and
  // compares the server's state with the naive one.
  void follow(ServerNode& server);
  // Compares what an agent that has the whole ledger says about somebody with the naive model.
  void compare_replica(const std::string& agent, const movement::SubjectId& subject,
                       const Result<movement::SubjectState>& known);
  // Once at the end: every acknowledgement against the ledger, and the whole ledger from the beginning.
  void finish(ServerNode& server);

  [[nodiscard]] const std::vector<std::string>& findings() const { return findings_; }
  [[nodiscard]] std::uint64_t entries() const { return range_.size().value(); }
  [[nodiscard]] crypto::Hash root() const { return range_.root(); }  // of the entries
  [[nodiscard]] const std::map<movement::SubjectId, testing::NaivePerson>& people() const { return people_; }
  [[nodiscard]] std::uint64_t acknowledgements() const { return acks_.size(); }
  // What the naive model says about a subject of the ledger.
  [[nodiscard]] std::string naive_status(const movement::SubjectId& subject) const;
  void find(std::string what);

 private:
  struct Journal {
    merkle::CompactRange range;
    std::uint64_t unsigned_events = 0;  // since the last head signature
    std::int64_t last_occurred_ms = INT64_MIN;
  };
  using EventPlace = std::pair<std::string, std::uint64_t>;  // an agent and an index in its journal
  void take(std::uint64_t index, const std::string& bytes);
  void check_acknowledgement(const EventPlace& event);
  void take_movement(const wire::LedgerEntry& entry, const movement::Event& event, const std::string& post);
  void check_edition(std::uint64_t index, const wire::LedgerEntry& entry, const movement::Event& event);
  void take_exit(const wire::LedgerEntry& entry, const movement::Event& event);
  void check_time(const wire::LedgerEntry& entry, const movement::Event& event, Journal& journal);
  void compare(const movement::World& world);
  void compare_counts(const movement::SubjectState& state, const testing::NaivePerson& person);
  [[nodiscard]] const crypto::Verifier& verifier_of(const std::string& agent) const;
  [[nodiscard]] std::string post_of(const std::string& agent) const;

  std::string line_;
  std::vector<Enrolled> agents_;
  crypto::Verifier ledger_verifier_;
  std::map<std::string, crypto::Verifier> verifiers_;
  std::map<EventPlace, wire::EventAnswer> acks_;
  std::vector<EventPlace> unseen_acks_;         // since the last step
  std::map<EventPlace, std::uint64_t> places_;  // in the ledger
  std::map<std::string, Journal> journals_;
  std::map<movement::SubjectId, testing::NaivePerson> people_;
  std::map<crypto::Hash, std::int64_t> begins_ms_;  // of every edition there is
  std::map<std::int64_t, crypto::Hash> adopted_;    // so far in the ledger, by when they begin
  std::optional<std::int64_t> exits_per_day_;
  std::set<EventPlace> exits_;  // that nobody took back and nobody disputes
  std::int64_t leased_ = 0;
  merkle::CompactRange range_;
  std::int64_t last_received_ms_ = INT64_MIN;
  std::vector<std::string> findings_;
};

// "between from A", "side_b unmatched", ...: a presence in the naive model's words.
[[nodiscard]] std::string words_for(const movement::Presence& presence);

}  // namespace crossline::simulation
