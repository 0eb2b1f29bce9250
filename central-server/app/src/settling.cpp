#include "settling.hpp"

#include "crossline/base/text.hpp"
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
constexpr std::uint64_t kMaxRetryMs = 15'000;
constexpr int kMaxSubmissions = 3;  // of one head to one witness, each after it has told its size
constexpr std::size_t kMaxResponseBytes = 64 * 1024;

}  // namespace

Result<WitnessUrl> WitnessUrl::parse(std::string_view url) {
  const auto wrong = [&] {
    return fail(ErrorCode::kInvalidArgument, "'{}' is no http:// or https:// address of a witness", url);
  };
  WitnessUrl parsed;
  std::string_view rest = url;
  if (rest.starts_with("https://")) {
    parsed.tls = true;
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    return wrong();
  }
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  std::string_view authority = rest.substr(0, slash);
  parsed.prefix = rest.substr(slash);
  while (parsed.prefix.ends_with('/')) parsed.prefix.pop_back();
  parsed.port = parsed.tls ? 443 : 80;
  const std::size_t colon = authority.rfind(':');
  if (colon != std::string_view::npos && !authority.ends_with(']')) {
    const auto port = parse_u64(authority.substr(colon + 1));
    if (!port || *port == 0 || *port > 65'535) return wrong();
    parsed.port = static_cast<std::uint16_t>(*port);
    authority = authority.substr(0, colon);
  }
  if (authority.starts_with('[') && authority.ends_with(']'))
    authority = authority.substr(1, authority.size() - 2);
  parsed.host = authority;
  if (parsed.host.empty() || parsed.host.find('@') != std::string::npos) return wrong();
  return parsed;
}

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
    const auto url = WitnessUrl::parse(witness.url);
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
  if (found->head.head.size <= own_size) co_return Result<void>();
  co_return fail(
      ErrorCode::kConflict,
      "witness {} shows a head of this ledger with {} entries under the ledger's own key, and this disk "
      "has {}: it is older than what was acknowledged. Restore the newest copy of ledger.db; do not go "
      "on from this one",
      peer->witness.name, found->head.head.size.value(), own_size.value());
}

Task<> Settling::run() {
  runtime::TaskGroup tasks(peers_.size() + 1, log_);
  for (const auto& peer : peers_)
    (void)tasks.spawn(strand_, fmt::format("witness {}", peer->witness.name), follow(peer.get()));
  try {
    for (;;) {
      begin_round();
      co_await runtime::sleep_for(kTickMs);
      round_age_ms_ += kTickMs;
    }
  } catch (const boost::system::system_error&) {
    // cancelled: the tasks end first
  }
  co_await runtime::ignore_cancellation();
  co_await tasks.shutdown();
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
    if (response->status != 200)
      co_return fail(
          ErrorCode::kForbidden, "status {}{}", response->status,
          response->status == 422 ? ": it says that this ledger does not continue what it remembers" : "");
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

void Settling::add(const Peer& peer, merkle::NoteSignature cosignature, const merkle::TreeHead& head) {
  if (!round_ || round_->head != head) return;  // that round is over
  round_->note.signatures.push_back(std::move(cosignature));
  const auto found = options_.policy.evaluate(round_->note);
  if (!found) {
    log_(fmt::format("witness {}: {}", peer.witness.name, found.error().to_string()));
    round_->note.signatures.pop_back();
    return;
  }
  round_->cosigners.clear();
  for (const auto& voucher : found->cosigners)
    round_->cosigners.push_back({voucher.key.name, voucher.time_s});
  if (!found->quorum_met) return;
  round_settled_ = true;
  publisher_.settle(*round_);
}

}  // namespace crossline::server
