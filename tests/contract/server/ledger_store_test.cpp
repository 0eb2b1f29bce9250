// What every LedgerStore keeps to, run on the one on disk and the one in memory.
#include "crossline/crypto/sha256.hpp"
#include "crossline/server/ports.hpp"
#include "crossline/server/sqlite_ledger.hpp"
#include "crossline/wire/ledger_codec.hpp"
#include "tests/support/server/memory_ledger_store.hpp"
#include "tests/support/store_disk.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace crossline::server {
namespace {

crypto::Signature signature(std::uint8_t number) {
  crypto::Signature made;
  made.bytes.fill(number);
  return made;
}

class LedgerStoreContract : public ::testing::TestWithParam<testing::MakeDisk<LedgerStore>> {
 protected:
  LedgerStore& store() { return disk_->store(); }
  void restart() { disk_->restart(); }

  // The entries of one agent's journal, from `first` on, for events of those bytes; one signature covers all.
  static std::vector<std::string> entries_of(const std::string& agent, std::uint64_t first,
                                             const std::vector<std::string>& events) {
    std::vector<std::string> entries;
    for (const std::string& event : events) {
      wire::LedgerEntry entry;
      entry.event = event;
      entry.agent = agent;
      if (entries.size() + 1 == events.size())
        entry.head_signature = signature(static_cast<std::uint8_t>(first + events.size()));
      entries.push_back(wire::encode_ledger_entry(entry));
    }
    return entries;
  }

  // One commit that brings `events` of one agent's journal behind what there is.
  Commit commit_of(const std::string& agent, const std::vector<std::string>& events,
                   std::optional<movement::Post> post = movement::Post{"bridge", movement::PostSide::kA}) {
    Commit commit;
    commit.first = LedgerIndex(range_.size().value());
    JournalState* journal = nullptr;
    for (JournalState& known : journals_) {
      if (known.agent == agent) journal = &known;
    }
    if (journal == nullptr) journal = &journals_.emplace_back(JournalState{agent, std::move(post), {}, {}});
    commit.entries = entries_of(agent, journal->range.size().value(), events);
    for (const std::string& entry : commit.entries) range_.append(merkle::leaf_hash(as_bytes(entry)));
    for (const std::string& event : events) journal->range.append(merkle::leaf_hash(as_bytes(event)));
    journal->head_signature = signature(static_cast<std::uint8_t>(journal->range.size().value()));
    all_.insert(all_.end(), commit.entries.begin(), commit.entries.end());
    commit.grown = {{journal->agent, journal->post}};
    commit.range = range_;
    commit.head_signature = signature(static_cast<std::uint8_t>(range_.size().value()));
    return commit;
  }
  void append(const std::string& agent, const std::vector<std::string>& events) {
    const auto appended = store().append(commit_of(agent, events));
    ASSERT_TRUE(appended) << appended.error().to_string();
  }
  wire::SignedHead head() const {
    return {{range_.size(), range_.root()}, signature(static_cast<std::uint8_t>(range_.size().value()))};
  }
  static ForkEvidence evidence(const std::string& agent) {
    wire::SignedHead seen;
    seen.head.size = TreeSize(3);
    seen.head.root.bytes.fill(1);
    seen.signature = signature(2);
    wire::SignedHead claimed = seen;
    claimed.head.root.bytes.fill(9);
    return {agent, UtcMillis{1'790'841'600'000}, "two heads of size 3", seen, claimed, JournalIndex(2),
            {"a"}, {std::string("\0b", 2)}};
  }

  std::unique_ptr<testing::StoreDisk<LedgerStore>> disk_ = GetParam()();
  merkle::CompactRange range_;
  std::vector<JournalState> journals_;
  std::vector<std::string> all_;  // entries
};

TEST_P(LedgerStoreContract, IsEmptyWhenNew) {
  const auto loaded = store().load();
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->range, merkle::CompactRange());
  EXPECT_FALSE(loaded->head);
  EXPECT_EQ(store().head().value(), std::nullopt);
  EXPECT_TRUE(loaded->journals.empty());
  EXPECT_TRUE(loaded->suspended.empty());
  EXPECT_TRUE(store().read(LedgerIndex(0), 10).value().empty());
  EXPECT_EQ(store().head_of(LedgerIndex(0)).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(store().find("bridge-a", JournalIndex(0)).value(), std::nullopt);
  EXPECT_TRUE(store().evidence().value().empty());
}

TEST_P(LedgerStoreContract, GivesBackWhatWasAppendedAfterARestart) {
  append("bridge-b", {"one", "two"});
  append("bridge-a", {"three"});
  append("bridge-b", {"four"});
  restart();
  const auto loaded = store().load();
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->range, range_);
  EXPECT_EQ(loaded->head, head());
  EXPECT_EQ(store().head().value(), head());
  EXPECT_EQ(loaded->journals, (std::vector{journals_[1], journals_[0]})) << "ordered by agent";
  EXPECT_EQ(store().read(LedgerIndex(0), 10).value(), all_);
}

TEST_P(LedgerStoreContract, KeepsTheOfficeWhichHasNoPost) {
  ASSERT_TRUE(store().append(commit_of("office", {"act"}, std::nullopt)));
  restart();
  const auto loaded = store().load();
  ASSERT_TRUE(loaded);
  ASSERT_EQ(loaded->journals.size(), 1U);
  EXPECT_EQ(loaded->journals[0].post, std::nullopt);
}

TEST_P(LedgerStoreContract, KeepsBytesAsTheyAre) {
  const std::vector<std::string> odd{std::string("\0a\0", 3), std::string(20'000, 'e'), "\xff\xfe"};
  append("bridge-a", odd);
  restart();
  EXPECT_EQ(store().read(LedgerIndex(0), 10).value(), all_);
}

TEST_P(LedgerStoreContract, ReadsAnyPieceOfALargeCommit) {
  std::vector<std::string> events;
  events.reserve(700);
  for (int i = 0; i < 700; ++i) events.push_back("event " + std::to_string(i));
  append("bridge-a", {"before"});
  append("bridge-a", events);
  append("bridge-a", {"behind"});
  for (const std::size_t first : {0U, 1U, 2U, 127U, 128U, 129U, 256U, 500U, 700U, 701U}) {
    for (const std::size_t count : {0U, 1U, 2U, 128U, 300U}) {
      const auto read = store().read(LedgerIndex(first), count);
      ASSERT_TRUE(read);
      ASSERT_EQ(read->size(), std::min(count, 702 - first)) << first << " " << count;
      if (count > 0) {
        EXPECT_EQ(read->front(), all_[first]);
      }
    }
  }
  EXPECT_TRUE(store().read(LedgerIndex(702), 1).value().empty());
  EXPECT_TRUE(store().read(LedgerIndex(9'000), 1).value().empty());
}

TEST_P(LedgerStoreContract, NamesTheHeadOfTheCommitThatHoldsAnEntry) {
  append("bridge-a", {"one", "two"});
  const wire::SignedHead first = head();
  append("bridge-a", {"three"});
  const wire::SignedHead second = head();
  for (const bool again : {false, true}) {
    if (again) restart();
    EXPECT_EQ(store().head_of(LedgerIndex(0)).value(), first);
    EXPECT_EQ(store().head_of(LedgerIndex(1)).value(), first);
    EXPECT_EQ(store().head_of(LedgerIndex(2)).value(), second);
    EXPECT_EQ(store().head_of(LedgerIndex(3)).error().code, ErrorCode::kNotFound);
  }
}

TEST_P(LedgerStoreContract, FindsTheRunThatHoldsAnEvent) {
  append("bridge-a", {"a0", "a1"});
  append("bridge-b", {"b0"});
  append("bridge-a", {"a2", "a3", "a4"});
  for (const bool again : {false, true}) {
    if (again) restart();
    EXPECT_EQ(store().find("bridge-a", JournalIndex(1)).value(),
              (server::Run{"bridge-a", JournalIndex(0), LedgerIndex(0), 2}));
    EXPECT_EQ(store().find("bridge-a", JournalIndex(2)).value(),
              (server::Run{"bridge-a", JournalIndex(2), LedgerIndex(3), 3}));
    EXPECT_EQ(store().find("bridge-a", JournalIndex(4)).value(),
              (server::Run{"bridge-a", JournalIndex(2), LedgerIndex(3), 3}));
    EXPECT_EQ(store().find("bridge-a", JournalIndex(5)).value(), std::nullopt);
    EXPECT_EQ(store().find("bridge-b", JournalIndex(0)).value(),
              (server::Run{"bridge-b", JournalIndex(0), LedgerIndex(2), 1}));
    EXPECT_EQ(store().find("bridge-b", JournalIndex(1)).value(), std::nullopt);
    EXPECT_EQ(store().find("nobody", JournalIndex(0)).value(), std::nullopt);
  }
}

TEST_P(LedgerStoreContract, KeepsEditionsForEver) {
  const std::string sealed = "{\"edition\":1}";
  const crypto::Hash hash = crypto::sha256(as_bytes(sealed));
  EXPECT_EQ(store().edition(hash).value(), std::nullopt);
  EXPECT_EQ(store().edition_envelope(hash).value(), std::nullopt);
  ASSERT_TRUE(store().put_edition(sealed, ""));
  ASSERT_TRUE(store().put_edition("{\"edition\":2}", "{\"payload\":\"\"}"));
  EXPECT_EQ(store().edition_envelope(hash).value(), std::nullopt);
  ASSERT_TRUE(store().put_edition(sealed, "signed")) << "signatures may come later";
  ASSERT_TRUE(store().put_edition(sealed, "signed by others")) << "again changes nothing";
  ASSERT_TRUE(store().put_edition(sealed, ""));
  restart();
  EXPECT_EQ(store().edition(hash).value(), sealed);
  EXPECT_EQ(store().edition_envelope(hash).value(), "signed");
  EXPECT_EQ(store().edition_envelope(crypto::sha256(as_bytes("{\"edition\":2}"))).value(),
            "{\"payload\":\"\"}");
  EXPECT_EQ(store().edition_envelope(crypto::sha256(as_bytes("other"))).value(), std::nullopt);
  EXPECT_EQ(store().edition(crypto::sha256(as_bytes("other"))).value(), std::nullopt);
  std::vector<crypto::Hash> both{hash, crypto::sha256(as_bytes("{\"edition\":2}"))};
  std::ranges::sort(both);
  EXPECT_EQ(store().edition_hashes().value(), both);
}

TEST_P(LedgerStoreContract, KeepsEvidenceAndSuspendsUntilLifted) {
  ForkEvidence without_heads = evidence("valley-a");
  without_heads.seen.reset();
  without_heads.claimed.reset();
  ASSERT_TRUE(store().add_evidence(evidence("valley-b")));
  ASSERT_TRUE(store().add_evidence(without_heads));
  restart();
  EXPECT_EQ(store().evidence().value(), (std::vector{evidence("valley-b"), without_heads}));
  EXPECT_EQ(store().load().value().suspended, (std::vector<std::string>{"valley-a", "valley-b"}));

  ASSERT_TRUE(store().lift_suspension("valley-b"));
  EXPECT_EQ(store().lift_suspension("valley-b").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(store().lift_suspension("nobody").error().code, ErrorCode::kNotFound);
  restart();
  EXPECT_EQ(store().load().value().suspended, (std::vector<std::string>{"valley-a"}));
  EXPECT_EQ(store().evidence().value().size(), 2U) << "the evidence stays";

  ASSERT_TRUE(store().add_evidence(evidence("valley-b")));
  EXPECT_EQ(store().load().value().suspended, (std::vector<std::string>{"valley-a", "valley-b"}));
}

TEST_P(LedgerStoreContract, EvidenceLeavesTheLedgerAsItIs) {
  append("bridge-a", {"one"});
  ASSERT_TRUE(store().add_evidence(evidence("bridge-a")));
  append("bridge-a", {"two"});
  restart();
  EXPECT_EQ(store().load().value().head, head());
  EXPECT_EQ(store().read(LedgerIndex(0), 9).value().size(), 2U);
}

INSTANTIATE_TEST_SUITE_P(Stores, LedgerStoreContract,
                         ::testing::Values(&testing::disk_of_files<LedgerStore, SqliteLedger>,
                                           &testing::disk_in_memory<LedgerStore, testing::MemoryLedgerStore,
                                                                    testing::Ending::kCrash>),
                         [](const auto& one) { return one.index == 0 ? "Sqlite" : "Memory"; });

}  // namespace
}  // namespace crossline::server
