#include "settling.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/base/text.hpp"
#include "crossline/merkle/proof.hpp"
#include "crossline/runtime/file.hpp"
#include "crossline/runtime/http_url.hpp"
#include "crossline/runtime/timeout.hpp"
#include "crossline/witness/witness.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace crossline::server {
namespace {

using runtime::Task;

constexpr std::uint64_t kTickMs = 200;  // between looking for a newer head: how long settling waits at most
constexpr std::uint64_t kFirstRetryMs = 500;
constexpr std::uint64_t kMaxRetryMs = 5'000;
constexpr int kMaxSubmissions = 3;  // of one head to one witness, each after it has told its size
constexpr std::size_t kMaxResponseBytes = 64 * 1024;

api::PublishedHead published_of(const merkle::PolicyFinding& found, merkle::SignedNote note) {
  api::PublishedHead head{found.head.head, std::move(note), {}};
  for (const auto& voucher : found.cosigners) head.cosigners.push_back({voucher.key.name, voucher.time_s});
  return head;
}

}  // namespace

struct Settling::Peer {
  Peer(const merkle::Policy::Witness& witness_in, std::string prefix_in, runtime::HttpClientOptions http,
       const runtime::Executor& strand)
      : witness(witness_in), prefix(std::move(prefix_in)), client(std::move(http)), wake_up(strand) {}

  const merkle::Policy::Witness& witness;
  const std::string prefix;
  runtime::HttpClient client;
  runtime::WakeUp wake_up;
  TreeSize remembers{0};                 // as it last said
  std::optional<merkle::TreeHead> done;  // what it has cosigned
  std::uint64_t retry_ms = kFirstRetryMs;
  std::string state;  // in words; logged when it changes
};

Settling::Settling(runtime::Executor strand, SettlingOptions options, LedgerPublisher& publisher,
                   runtime::LogFn log, FailureFn on_failure)
    : strand_(std::move(strand)),
      options_(std::move(options)),
      publisher_(publisher),
      log_(std::move(log)),
      on_failure_(std::move(on_failure)) {
  for (const merkle::Policy::Witness& witness : options_.policy.witnesses()) {
    const auto url = runtime::HttpUrl::parse(witness.url);
    if (!url) continue;
    runtime::HttpClientOptions http;
    http.host = url->host;
    http.port = url->port;
    http.timeout_ms = options_.timeout_ms;
    http.max_response_bytes = kMaxResponseBytes;
    if (url->tls) {
      runtime::TlsClientOptions tls;
      tls.server_roots = options_.roots;
      tls.server_name = url->host;
      auto context = runtime::TlsContext::client(tls);
      if (!context) {
        log_(fmt::format("witness {}: {}", witness.name, context.error().to_string()));
        continue;
      }
      http.tls = *std::move(context);
    }
    peers_.push_back(std::make_unique<Peer>(witness, url->prefix, std::move(http), strand_));
  }
  publisher_.expect_witnesses();
}

Settling::~Settling() = default;

void Settling::report(Peer& peer, const std::string& state) {
  if (peer.state == state) return;
  peer.state = state;
  log_(fmt::format("witness {}: {}", peer.witness.name, state));
}

Task<Result<void>> Settling::check_memory(TreeSize own_size) {
  for (const auto& peer : peers_) CROSSLINE_CO_CHECK_OK(co_await check_memory_of(peer.get(), own_size));
  co_return Result<void>();
}

Task<Result<void>> Settling::check_memory_of(Peer* peer, TreeSize own_size) {
  const std::string path = peer->prefix + witness::monitoring_path(options_.origin);
  const auto response = co_await peer->client.request("GET", path);
  if (!response) {
    report(*peer, "cannot be asked what it remembers: " + response.error().message);
    co_return Result<void>();
  }
  if (response->status == 404) co_return Result<void>();
  const auto note =
      response->status == 200
          ? merkle::SignedNote::parse(response->body)
          : Result<merkle::SignedNote>(fail(ErrorCode::kMalformed, "status {}", response->status));
  const auto found =
      note ? options_.policy.evaluate(*note) : Result<merkle::PolicyFinding>(std::unexpected(note.error()));
  if (!found || found->head.origin != options_.origin) {
    report(*peer, "shows no head of this ledger as what it remembers");
    co_return Result<void>();
  }
  const merkle::TreeHead shown = found->head.head;
  if (shown.size > own_size)
    co_return fail(
        ErrorCode::kConflict,
        "witness {} shows a head of this ledger with {} entries under the ledger's own key, and this disk "
        "has {}: it is older than what was acknowledged. Restore the newest copy of ledger.db; do not go "
        "on from this one",
        peer->witness.name, shown.size.value(), own_size.value());
  auto look = [this, shown] { return publisher_.has_been(shown); };
  CROSSLINE_CO_TRY(const bool was_here, co_await proofs_.run(look));
  if (was_here) co_return Result<void>();
  co_return fail(
      ErrorCode::kConflict,
      "witness {} shows a head of this ledger with {} entries under the ledger's own key that the ledger on "
      "this disk never had: an older copy was gone on with, and its {} entries are another history. Restore "
      "the newest copy of ledger.db; do not go on from this one",
      peer->witness.name, shown.size.value(), own_size.value());
}

Task<> Settling::run() {
  runtime::TaskGroup tasks(peers_.size() + 1, log_);
  for (const auto& peer : peers_)
    (void)tasks.spawn(strand_, fmt::format("witness {}", peer->witness.name), follow(peer.get()));
  try {
    const auto restored = co_await restore();
    if (!restored) log_("the head settled last is not taken over: " + restored.error().to_string());
    for (;;) {
      begin_round();
      co_await keep();
      co_await runtime::sleep_for(kTickMs);
      round_age_ms_ += kTickMs;
    }
  } catch (const boost::system::system_error&) {
    // cancelled: the tasks end first
  }
  co_await runtime::ignore_cancellation();
  co_await tasks.shutdown();
}

// Believed as far as the witnesses' signatures and the ledger's own hashes go.
Task<Result<void>> Settling::restore() {
  const std::filesystem::path file = options_.kept;
  auto read = [file] { return runtime::read_text_file(file, limits::kMaxNoteBytes); };
  const auto text = co_await proofs_.run(read);
  if (!text && text.error().code == ErrorCode::kNotFound) co_return Result<void>();
  if (!text) co_return std::unexpected(text.error());
  CROSSLINE_CO_TRY(auto note, merkle::SignedNote::parse(*text));
  CROSSLINE_CO_TRY(const auto found, options_.policy.evaluate(note));
  if (!found.quorum_met || found.head.origin != options_.origin)
    co_return fail(ErrorCode::kBadSignature, "{}: not cosigned by the quorum that is configured now",
                   file.string());
  while (!publisher_.state().newest) co_await runtime::sleep_for(kTickMs);
  const merkle::TreeHead newest = publisher_.state().newest->head;
  const merkle::TreeHead head = found.head.head;
  if (head.size > newest.size)
    co_return fail(ErrorCode::kConflict, "{}: of {} entries, and the ledger has {}", file.string(),
                   head.size.value(), newest.size.value());
  if (head.size.value() > 0) {
    auto prove = [this, head, newest] { return publisher_.consistency(head.size, newest.size); };
    CROSSLINE_CO_TRY(const auto proof, co_await proofs_.run(prove));
    CROSSLINE_CO_CHECK_OK(merkle::verify_consistency(head.size, newest.size, head.root, newest.root, proof));
  }
  kept_size_ = head.size;
  publisher_.settle(published_of(found, std::move(note)));
  co_return Result<void>();
}

Task<> Settling::keep() {
  const auto settled = publisher_.state().settled;
  if (!settled || settled->head.size <= kept_size_) co_return;
  const std::filesystem::path file = options_.kept;
  const std::string text = settled->note.to_string();
  auto write = [file, text] { return runtime::write_file_atomic(file, as_bytes(text)); };
  const auto written = co_await proofs_.run(write);
  if (written) kept_size_ = settled->head.size;
  if (!written && !keeping_fails_) log_("the settled head is not kept: " + written.error().to_string());
  keeping_fails_ = !written;
}

void Settling::begin_round() {
  auto newest = publisher_.state().newest;
  if (!newest || (round_ && round_->head == newest->head)) return;
  if (round_ && !round_settled_ && round_age_ms_ < options_.round_ms) return;
  round_ = std::move(newest);
  round_settled_ = false;
  round_age_ms_ = 0;
  for (const auto& peer : peers_) peer->wake_up.notify();
}

Task<> Settling::follow(Peer* peer) {
  for (;;) {
    if (!round_ || peer->done == round_->head) {
      co_await peer->wake_up.wait();
      continue;
    }
    const api::PublishedHead target = *round_;
    auto cosignature = co_await submit(peer, target);
    if (cosignature) {
      peer->done = target.head;
      peer->retry_ms = kFirstRetryMs;
      report(*peer, "cosigns");
      add(*peer, *std::move(cosignature), target.head);
      continue;
    }
    report(*peer, "does not cosign: " + cosignature.error().message);
    co_await runtime::sleep_for(peer->retry_ms);
    peer->retry_ms = std::min(peer->retry_ms * 2, kMaxRetryMs);
  }
}

Task<Result<merkle::NoteSignature>> Settling::submit(Peer* peer, api::PublishedHead target) {
  for (int attempt = 0; attempt < kMaxSubmissions; ++attempt) {
    const TreeSize old_size = peer->remembers;
    if (old_size > target.head.size) {
      const TreeSize own = publisher_.state().newest->head.size;
      const auto fits = co_await check_memory_of(peer, own);
      if (!fits) {
        on_failure_(fits.error());
        co_return std::unexpected(fits.error());
      }
      peer->remembers = TreeSize(0);  // it may tell another size next time
      if (old_size <= own) co_return fail(ErrorCode::kBusy, "it is ahead of this round");
      co_return fail(ErrorCode::kUnauthenticated, "it claims to remember {} entries and cannot show them",
                     old_size.value());
    }
    witness::AddRequest request;
    request.old_size = old_size;
    request.note.text = target.note.text;
    request.note.signatures.push_back(target.note.signatures.front());
    if (old_size.value() != 0 && old_size != target.head.size) {
      auto prove = [this, old_size, size = target.head.size] {
        return publisher_.consistency(old_size, size);
      };
      CROSSLINE_CO_TRY(request.proof, co_await proofs_.run(prove));
    }
    runtime::HttpHeaders headers;
    headers.set("Content-Type", "text/plain; charset=utf-8");
    auto response =
        co_await peer->client.request("POST", peer->prefix + "/add-checkpoint", headers, request.to_string());
    if (!response) co_return std::unexpected(std::move(response).error());
    if (response->status == 409) {
      const std::string_view body = response->body;
      const auto size = body.ends_with('\n') ? parse_u64(body.substr(0, body.size() - 1)) : std::nullopt;
      if (!size) co_return fail(ErrorCode::kMalformed, "status 409 without a size");
      peer->remembers = TreeSize(*size);
      continue;
    }
    if (response->status == 422) co_return co_await refute(peer);
    if (response->status != 200) co_return fail(ErrorCode::kForbidden, "status {}", response->status);
    CROSSLINE_CO_TRY(auto signatures, witness::parse_signature_lines(response->body));
    const std::array known{peer->witness.key};
    // Each alone: a false one must not spoil the note for everybody.
    for (merkle::NoteSignature& signature : signatures) {
      merkle::SignedNote alone;
      alone.text = target.note.text;
      alone.signatures.push_back(signature);
      if (!merkle::verify_note(alone, known)) continue;
      peer->remembers = target.head.size;
      co_return std::move(signature);
    }
    co_return fail(ErrorCode::kBadSignature, "what it answers is not its cosignature");
  }
  co_return fail(ErrorCode::kConflict, "it tells another size each time");
}

// It says that this ledger does not continue what it remembers. Ends the server if it can show that.
Task<Result<merkle::NoteSignature>> Settling::refute(Peer* peer) {
  const auto fits = co_await check_memory_of(peer, publisher_.state().newest->head.size);
  if (!fits) {
    on_failure_(fits.error());
    co_return std::unexpected(fits.error());
  }
  co_return fail(ErrorCode::kForbidden,
                 "status 422: it says that this ledger does not continue what it remembers, and shows no "
                 "head that is not of this ledger");
}

void Settling::add(const Peer& peer, merkle::NoteSignature cosignature, const merkle::TreeHead& head) {
  if (!round_ || round_->head != head) return;  // that round is over
  round_->note.signatures.push_back(std::move(cosignature));
  const auto found = options_.policy.evaluate(round_->note);
  if (!found) {
    log_(fmt::format("witness {}: {}", peer.witness.name, found.error().to_string()));
    round_->note.signatures.pop_back();
    return;
  }
  round_ = published_of(*found, std::move(round_->note));
  if (!found->quorum_met) return;
  round_settled_ = true;
  publisher_.settle(*round_);
}

}  // namespace crossline::server
