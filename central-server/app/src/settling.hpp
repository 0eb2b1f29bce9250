// Collects the witnesses' cosignatures in the background (docs/formats/witness.md).
#pragma once

#include "crossline/merkle/policy.hpp"
#include "crossline/runtime/http_client.hpp"
#include "crossline/runtime/task.hpp"
#include "ledger_publisher.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::server {

struct SettlingOptions {
  merkle::Policy policy;                   // each of its witnesses has a URL that parses
  std::string origin;                      // of the ledger
  std::vector<runtime::TrustRoots> roots;  // for witnesses behind https
  std::filesystem::path kept;              // file of the head settled last: it stays settled over a restart
  std::uint64_t timeout_ms = 3'000;        // of one request
  std::uint64_t round_ms = 2'000;          // a head that has no quorum by then gives way to the newest
};

// Every witness has a task of its own, so that one that hangs, lies or is gone holds up no other; all of them
// ask about the same head, which is the newest when a round begins. Lives on one strand.
class Settling {
 public:
  using FailureFn = std::function<void(const Error& error)>;
  // `on_failure`: a witness has shown a head under the ledger's own key that this ledger never had.
  Settling(runtime::Executor strand, SettlingOptions options, LedgerPublisher& publisher, runtime::LogFn log,
           FailureFn on_failure);
  ~Settling();

  // Asks every witness for the last head that it remembers. kConflict when one shows a head signed by the
  // ledger that is larger than `own_size`, or that this ledger never had: this disk is older than what the
  // world remembers, or was gone on with when it was. What a witness cannot prove, and one that does not
  // answer, is logged and ignored.
  [[nodiscard]] runtime::Task<Result<void>> check_memory(TreeSize own_size);

  // Settles until cancelled.
  [[nodiscard]] runtime::Task<> run();

 private:
  struct Peer;

  [[nodiscard]] runtime::Task<> follow(Peer* peer);
  [[nodiscard]] runtime::Task<Result<merkle::NoteSignature>> submit(Peer* peer, api::PublishedHead target);
  [[nodiscard]] runtime::Task<Result<merkle::NoteSignature>> refute(Peer* peer);
  [[nodiscard]] runtime::Task<Result<void>> check_memory_of(Peer* peer, TreeSize own_size);
  [[nodiscard]] runtime::Task<Result<void>> restore();
  [[nodiscard]] runtime::Task<> keep();
  void begin_round();
  void add(const Peer& peer, merkle::NoteSignature cosignature, const merkle::TreeHead& head);
  void report(Peer& peer, const std::string& state);

  runtime::Executor strand_;
  const SettlingOptions options_;
  LedgerPublisher& publisher_;
  const runtime::LogFn log_;
  const FailureFn on_failure_;
  std::vector<std::unique_ptr<Peer>> peers_;
  std::optional<api::PublishedHead> round_;  // its note grows by cosignatures
  bool round_settled_ = false;
  TreeSize kept_size_{0};  // of the settled head in the file
  bool keeping_fails_ = false;
  std::uint64_t round_age_ms_ = 0;
  runtime::BlockingPool proofs_{"consistency proofs", 1, 64};  // last: its jobs end first
};

}  // namespace crossline::server
