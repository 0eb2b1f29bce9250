#include "tools/audit/mirror_audit.hpp"

#include "crossline/mirror/https_log.hpp"
#include "crossline/mirror/mirrored_ledger.hpp"
#include "crossline/runtime/file.hpp"
#include "tools/audit/proofs.hpp"
#include "tools/audit/report.hpp"
#include "tools/support/exit.hpp"
#include "tools/support/input_file.hpp"
#include "tools/support/output.hpp"
#include "tools/support/progress.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <thread>

#include <fmt/format.h>

namespace crossline::tools {
namespace {

namespace fs = std::filesystem;
using audit::Finding;
using audit::FindingKind;

constexpr std::size_t kMaxFileBytes = 64 * 1024;
constexpr std::uint64_t kMaxRetryMs = 30'000;  // between two tries to reach a server that is away
constexpr std::uint64_t kSliceMs = 100;        // how long a signal may have to wait

volatile std::sig_atomic_t asked_to_stop = 0;

void stop_on_signals() {
  struct sigaction action = {};
  action.sa_handler = [](int) { asked_to_stop = 1; };
  for (const int number : {SIGINT, SIGTERM}) sigaction(number, &action, nullptr);
}

void sleep_unless_stopped(std::uint64_t ms) {
  for (std::uint64_t slept = 0; slept < ms && asked_to_stop == 0; slept += kSliceMs)
    std::this_thread::sleep_for(std::chrono::milliseconds(std::min(kSliceMs, ms - slept)));
}

[[noreturn]] void give_up(const Error& error) {
  note(error.message);
  throw Exit{error.code == ErrorCode::kInvalidArgument ? kExitInvalid : kExitUnchecked};
}

template <class T>
T value_or_give_up(Result<T> result) {
  if (!result) give_up(result.error());
  return *std::move(result);
}

// What `crossline pki auditor` put into the folder.
mirror::HttpsLogOptions log_options(const std::string& url, const fs::path& folder,
                                    const enrolment::Registry& registry) {
  mirror::HttpsLogOptions log;
  log.url = url;
  log.certificate_pem = read_input(folder / "auditor.pem", kMaxFileBytes);
  auto private_key = runtime::read_secret_file(folder / "auditor.key", kMaxFileBytes);
  if (!private_key) {
    note(private_key.error().message);
    throw Exit{kExitInvalid};
  }
  log.private_key_pem = *std::move(private_key);
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder / "roots", error))
    log.server_roots_pem.push_back(read_input(entry.path(), kMaxFileBytes));
  if (log.server_roots_pem.empty()) {
    note(fmt::format("{}: no certificate of the server's party; `crossline pki auditor` makes this folder",
                     (folder / "roots").string()));
    throw Exit{kExitInvalid};
  }
  const std::string key = read_input(folder / "ledger.vkey", kMaxFileBytes);
  if (!key.starts_with(registry.keys().ledger_key.to_string())) {
    note(fmt::format("{} and the registry name two keys of the ledger: compare them with the other party",
                     (folder / "ledger.vkey").string()));
    throw Exit{kExitInvalid};
  }
  return log;
}

void add_head(Finding& finding, const std::string& prefix, const mirror::LedgerHead& head) {
  finding.evidence.emplace_back(prefix + "_size", std::to_string(head.head.size.value()));
  finding.evidence.emplace_back(prefix + "_root", head.head.root.hex());
  finding.evidence.emplace_back(prefix + "_signature", to_hex(head.signature.bytes));
}

// What the server did, against the head that it signed before. Not a fault of what the mirror holds.
Finding finding_of(const Error& error, const mirror::Mirror& mirror) {
  const bool forked = error.code == ErrorCode::kForked;
  const TreeSize size = mirror.head() ? mirror.head()->head.size : TreeSize(0);
  Finding finding{.kind = forked ? FindingKind::kTwoHeads : FindingKind::kMissingEntries,
                  .entry = LedgerIndex(size.value()),
                  .agent = {},
                  .words = error.message,
                  .evidence = {},
                  .repeats = 0};
  if (mirror.head()) add_head(finding, "head", *mirror.head());
  if (mirror.refused()) add_head(finding, "refused_head", *mirror.refused());
  return finding;
}

class MirrorAudit {
 public:
  MirrorAudit(const MirrorAuditOptions& options, const enrolment::Registry& registry)
      : options_(options),
        registry_(registry),
        log_(open_log()),
        mirror_(open_mirror()),
        ledger_(*mirror_, log_.get()),
        auditor_(registry, ledger_, options.audit),
        progress_("entries", options.quiet) {
    if (options.policy) require_policy_of(*options.policy, registry);
    for (const wire::SignedHead& head : options.kept) auditor_.expect(head);
  }

  void run() {
    if (options_.follow) return follow();
    const auto caught_up = catch_up();
    caught_up ? progress_.sum_up() : progress_.clear();
    if (caught_up) return print_report(finish(auditor_.report()), options_.json);
    if (!refusal_ && auditor_.found().clean()) give_up(caught_up.error());
    note(caught_up.error().message);  // what was found before stays found
    print_report(finish(auditor_.found()), options_.json);
  }

 private:
  std::unique_ptr<mirror::HttpsLog> open_log() {
    if (options_.server.empty()) return nullptr;
    return open_server_log(options_.server, options_.credentials, registry_);
  }
  std::unique_ptr<mirror::Mirror> open_mirror() {
    return value_or_give_up(
        mirror::Mirror::open(options_.mirror, registry_.keys().ledger_key, TreeSize(options_.max_entries)));
  }

  // The newest head, then its entries: fetched, compared with it and audited, a step at a time.
  Result<void> catch_up() {
    auto renewed = log_ ? mirror_->renew(*log_) : mirror_->reopen();
    if (!renewed &&
        (renewed.error().code == ErrorCode::kForked || renewed.error().code == ErrorCode::kConflict)) {
      if (!refusal_) refusal_ = finding_of(renewed.error(), *mirror_);
      if (!mirror_->head()) return {};
      renewed = mirror_->reopen();
    }
    CROSSLINE_CHECK_OK(renewed);
    const mirror::LedgerHead& head = *mirror_->head();
    if (expected_ != head.head) {
      auditor_.expect({head.head, head.signature});
      expected_ = head.head;
    }
    CROSSLINE_CHECK_OK(note_cosigned(head));
    CROSSLINE_CHECK_OK(expect_settled());
    while (auditor_.size() < head.head.size && asked_to_stop == 0) {
      CROSSLINE_CHECK_OK(mirror_->step(log_.get()));
      const auto of = head.head.size.value();
      CROSSLINE_CHECK_OK(auditor_.advance(
          mirror_->verified(), [this, of](std::uint64_t done, std::uint64_t) { progress_.show(done, of); }));
    }
    return {};
  }

  // The head that the witnesses cosigned must be of this ledger as well.
  Result<void> expect_settled() {
    if (!log_) return {};
    CROSSLINE_TRY(const auto settled, shown_as_settled(*log_, registry_));
    if (!settled || settled_ == settled->head || settled->head.size > mirror_->head()->head.size) return {};
    auditor_.expect({settled->head, settled->signature});
    settled_ = settled->head;
    return note_cosigned(*settled);
  }

  // Settled is what the policy says of the cosignatures, not what the server says.
  Result<void> note_cosigned(const mirror::LedgerHead& head) {
    if (!options_.policy) return {};
    CROSSLINE_TRY(const TreeSize settled, settled_by(*options_.policy, head));
    cosigned_ = std::max(cosigned_, settled);
    return {};
  }

  // Once a wrong address or certificate is known not to be one, a server that is away is waited for.
  void follow() {
    stop_on_signals();
    TreeSize reported{UINT64_MAX};
    TreeSize reported_settled;
    std::uint64_t retry_ms = options_.every_ms;
    bool reached = false;
    while (asked_to_stop == 0) {
      const auto caught_up = catch_up();
      progress_.clear();
      if (!caught_up) {
        if (!reached || caught_up.error().kind() != ErrorKind::kRetryLater) {
          const bool found = refusal_ || !auditor_.found().clean();
          if (clean_ && !found) give_up(caught_up.error());
          note(caught_up.error().message);
          if (found && auditor_.size() != reported) show(finish(auditor_.found()));
          throw Exit{kExitFailed};  // what was found before stays found
        }
        if (retry_ms == options_.every_ms) note(caught_up.error().message + "; trying again");
        retry_ms = std::min(retry_ms * 2, kMaxRetryMs);
        sleep_unless_stopped(retry_ms);
        continue;
      }
      reached = true;
      retry_ms = options_.every_ms;
      if (auditor_.size() != reported || cosigned_ != reported_settled || refusal_)
        show(finish(auditor_.report()));
      if (refusal_) break;
      reported = auditor_.size();
      reported_settled = cosigned_;
      sleep_unless_stopped(options_.every_ms);
    }
    if (!clean_) throw Exit{kExitFailed};
  }

  void show(const audit::Report& report) {
    clean_ = report.clean();
    print(options_.json ? audit::to_json(report) + "\n" : report_in_words(report) + "\n");
  }

  audit::Report finish(audit::Report report) {
    if (refusal_) report.add(*refusal_);
    if (options_.policy) report.settled = cosigned_;
    if (mirror_->evidence()) keep_evidence(*mirror_->evidence());
    if (options_.proofs.empty()) return report;
    const auto written =
        value_or_give_up(write_proofs(auditor_, report, registry_, ledger_, nullptr, options_.proofs));
    for (const fs::path& file : written) note(fmt::format("proof written: {}", file.string()));
    return report;
  }

  // In the mirror at least: the server will hardly show it again.
  void keep_evidence(const merkle::Misbehaviour& evidence) const {
    const fs::path& folder = options_.proofs.empty() ? options_.mirror : options_.proofs;
    const fs::path file = folder / "ledger-shown.misbehaviour";
    std::error_code error;
    fs::create_directories(folder, error);
    if (const auto written = runtime::write_file_atomic(file, as_bytes(evidence.to_string())); !written)
      give_up(written.error());
    const auto found = merkle::check_misbehaviour(evidence, std::span(&registry_.keys().ledger_key, 1));
    note(fmt::format("{} written: {}",
                     found && found->proven ? "proof" : "two signed heads, which prove nothing yet,",
                     file.string()));
  }

  const MirrorAuditOptions& options_;
  const enrolment::Registry& registry_;
  std::unique_ptr<mirror::HttpsLog> log_;
  std::unique_ptr<mirror::Mirror> mirror_;
  mirror::MirroredLedger ledger_;
  audit::Auditor auditor_;
  Progress progress_;
  std::optional<Finding> refusal_;
  std::optional<merkle::TreeHead> expected_;  // the newest head that the auditor was told
  std::optional<merkle::TreeHead> settled_;   // and the settled one
  TreeSize cosigned_;                         // the largest head that the policy's quorum has cosigned
  bool clean_ = true;                         // of the report shown last
};

}  // namespace

std::unique_ptr<mirror::HttpsLog> open_server_log(const std::string& url, const fs::path& credentials,
                                                  const enrolment::Registry& registry) {
  return value_or_give_up(mirror::HttpsLog::open(log_options(url, credentials, registry)));
}

void require_policy_of(const merkle::Policy& policy, const enrolment::Registry& registry) {
  const std::string ledger = registry.keys().ledger_key.to_string();
  const auto is_it = [&ledger](const merkle::Policy::Log& log) { return log.key.to_string() == ledger; };
  if (std::ranges::any_of(policy.logs(), is_it)) return;
  note("the policy names another ledger key than the registry: it settles no head of this ledger");
  throw Exit{kExitInvalid};
}

Result<TreeSize> settled_by(const merkle::Policy& policy, const mirror::LedgerHead& head) {
  CROSSLINE_TRY(const merkle::PolicyFinding found, policy.evaluate(head.note));
  return found.quorum_met ? head.head.size : TreeSize(0);
}

Result<std::optional<mirror::LedgerHead>> shown_as_settled(mirror::LogSource& log,
                                                           const enrolment::Registry& registry) {
  const std::array path{std::string("settled")};
  const auto shown = log.fetch(path);
  if (!shown && shown.error().code == ErrorCode::kNotFound) return std::nullopt;
  if (!shown) return std::unexpected(shown.error());
  auto settled = mirror::LedgerHead::parse(shown->front(), registry.keys().ledger_key);
  if (!settled) return std::unexpected(std::move(settled).error().at("the server shows as settled"));
  return std::optional(*std::move(settled));
}

void run_mirror_audit(const MirrorAuditOptions& options, const enrolment::Registry& registry) {
  MirrorAudit(options, registry).run();
}

}  // namespace crossline::tools
