#include "tools/audit/statistics_command.hpp"

#include "crossline/mirror/https_log.hpp"
#include "crossline/mirror/mirrored_ledger.hpp"
#include "tools/audit/mirror_audit.hpp"
#include "tools/audit/published_figures.hpp"
#include "tools/audit/store_source.hpp"
#include "tools/support/exit.hpp"
#include "tools/support/input_file.hpp"
#include "tools/support/output.hpp"
#include "tools/support/progress.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace crossline::tools {
namespace {

constexpr std::size_t kMaxTableBytes = 64u << 20;

[[noreturn]] void end_with(const Error& error, int code = kExitUnchecked) {
  note(error.message);
  throw Exit{code};
}

std::string read_table(const std::string& path) {
  if (path != "-") return read_input(path, kMaxTableBytes);
  std::string text;
  for (char buffer[4'096]; const std::size_t got = std::fread(buffer, 1, sizeof buffer, stdin);) {
    text.append(buffer, got);
    if (text.size() > kMaxTableBytes)
      end_with({ErrorCode::kInvalidArgument, "stdin: too large"}, kExitInvalid);
  }
  return text;
}

// A server that shows an older or another ledger than before is a finding; one that cannot be had is none.
[[noreturn]] void end_with_server(const Error& error) {
  const bool found = error.code == ErrorCode::kForked || error.code == ErrorCode::kConflict;
  end_with(error, found ? kExitFailed : kExitUnchecked);
}

// Between the commit that a table is made of and its head, the server publishes: not for long.
constexpr int kMaxLooks = 25;
constexpr std::chrono::milliseconds kBetweenLooks{200};

std::unique_ptr<mirror::Mirror> open_mirror(const StatisticsAuditOptions& options,
                                            const enrolment::Registry& registry) {
  auto mirror =
      mirror::Mirror::open(options.mirror, registry.keys().ledger_key, TreeSize(options.max_entries));
  if (!mirror) end_with(mirror.error());
  return *std::move(mirror);
}

// The newest head, which has at least `size` entries if the server has published so many.
Result<void> renew(mirror::Mirror& mirror, mirror::LogSource& log, TreeSize size) {
  for (int looks = 1;; ++looks) {
    CROSSLINE_CHECK_OK(mirror.renew(log));
    if (mirror.head()->head.size >= size || looks == kMaxLooks) return {};
    std::this_thread::sleep_for(kBetweenLooks);
  }
}

// The ledger as far as `size`, from a store, a mirror, or a server by way of a mirror.
class Ledger {
 public:
  // `log`: the server's, or null.
  Ledger(const StatisticsAuditOptions& options, const enrolment::Registry& registry, mirror::LogSource* log,
         TreeSize size) {
    if (!options.store.empty()) {
      auto opened = open_store_source(options.store);
      if (!opened) end_with(opened.error());
      source_ = std::move(opened->source);
      return;
    }
    mirror_ = open_mirror(options, registry);
    const bool asks = options.file.empty();  // then the table is newer than the head, for a moment
    const auto current =
        log != nullptr ? renew(*mirror_, *log, asks ? size : TreeSize(0)) : mirror_->reopen();
    if (!current) end_with_server(current.error());
    if (mirror_->head()->head.size < size)
      end_with({ErrorCode::kNotFound,
                fmt::format("the mirror has {} entries and the table is made of {}: mirror again first",
                            mirror_->head()->head.size.value(), size.value())});
    while (mirror_->verified() < size)
      if (const auto stepped = mirror_->step(log); !stepped) end_with(stepped.error());
    source_ = std::make_unique<mirror::MirroredLedger>(*mirror_, log);
  }
  [[nodiscard]] audit::LedgerSource& source() { return *source_; }
  // How much of it the quorum of the policy has cosigned, as far as is known here.
  TreeSize settled(const merkle::Policy& policy, const enrolment::Registry& registry,
                   mirror::LogSource* log) {
    TreeSize size = cosigned(policy, *mirror_->head());
    if (log == nullptr) return size;
    const auto shown = shown_as_settled(*log, registry);
    if (!shown) end_with(shown.error());
    return *shown ? std::max(size, cosigned(policy, **shown)) : size;
  }

 private:
  static TreeSize cosigned(const merkle::Policy& policy, const mirror::LedgerHead& head) {
    const auto size = settled_by(policy, head);
    if (!size) end_with(size.error());
    return *size;
  }

  std::unique_ptr<mirror::Mirror> mirror_;
  std::unique_ptr<audit::LedgerSource> source_;
};

std::string table_of(const StatisticsAuditOptions& options, mirror::HttpsLog* log) {
  if (!options.file.empty()) return read_table(options.file);
  auto answer = log->get(options.question.target());
  if (answer) return *std::move(answer);
  const bool is_no_question = answer.error().code == ErrorCode::kInvalidArgument;
  if (is_no_question) note("days are written 2026-10-01, the first before the last, at most 1,100 of them");
  end_with(answer.error(), is_no_question ? kExitInvalid : kExitUnchecked);
}

// A value of a query, every byte that is not a letter, digit, '-', '.' or '_' escaped.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_';
    if (plain)
      result += c;
    else
      result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return result;
}

// Of the table: what both sides' witnesses have cosigned, or what may yet come out otherwise.
std::string state_name(bool settled) {
  return settled ? "settled" : "provisional";
}

// What the policy says of the ledger, when one was named.
struct ByPolicy {
  bool named = false;
  TreeSize settled;  // entries whose head its quorum has cosigned
};

std::string state_in_words(const PublishedFigures& published, const ByPolicy& policy) {
  if (!policy.named) return state_name(published.settled) + ", as the table says; --policy checks it";
  return fmt::format("{}: the policy's quorum has cosigned {} entries",
                     state_name(policy.settled >= published.size), grouped(policy.settled.value()));
}

std::string in_words(const PublishedFigures& published, const Comparison& comparison,
                     const ByPolicy& policy) {
  std::string text =
      fmt::format("ledger      {} entries\nstate       {}\nequal       {} numbers\nhidden      {} numbers\n",
                  grouped(published.size.value()), state_in_words(published, policy), comparison.equal,
                  comparison.hidden);
  for (const Difference& difference : comparison.differences)
    text += fmt::format("DIFFERS     {}: published {}, the ledger gives {}\n", difference.place,
                        difference.published, difference.recomputed);
  return text + (comparison.differences.empty() ? "equal\n" : "NOT EQUAL\n");
}

std::string in_json(const PublishedFigures& published, const Comparison& comparison, const ByPolicy& policy) {
  nlohmann::json differences = nlohmann::json::array();
  for (const Difference& one : comparison.differences)
    differences.push_back(
        {{"place", one.place}, {"published", one.published}, {"recomputed", one.recomputed}});
  nlohmann::json answer{{"equal", comparison.differences.empty()},
                        {"size", published.size.value()},
                        {"published_state", state_name(published.settled)},
                        {"numbers", comparison.equal},
                        {"hidden", comparison.hidden},
                        {"differences", std::move(differences)}};
  if (policy.named) {
    answer["settled"] = policy.settled.value();
    answer["state"] = state_name(policy.settled >= published.size);
  }
  return answer.dump() + "\n";
}

}  // namespace

std::string FiguresQuestion::target() const {
  std::string target = fmt::format("/api/v1/statistics?from={}&to={}", escaped(from), escaped(to));
  for (const auto& [name, value] :
       {std::pair("group_by", &group_by), {"checkpoint", &checkpoint}, {"category", &category}})
    if (!value->empty()) target += fmt::format("&{}={}", name, escaped(*value));
  return target;
}

void run_statistics_audit(const StatisticsAuditOptions& options, const enrolment::Registry& registry) {
  if (options.policy) require_policy_of(*options.policy, registry);
  const auto log =
      options.server.empty() ? nullptr : open_server_log(options.server, options.credentials, registry);
  const auto published = PublishedFigures::parse(table_of(options, log.get()));
  if (!published)
    end_with(Error(published.error()).at(options.file.empty() ? options.server : options.file), kExitInvalid);
  Ledger ledger(options, registry, log.get(), published->size);
  ByPolicy by_policy;
  if (options.policy) by_policy = {true, ledger.settled(*options.policy, registry, log.get())};
  audit::Options checks = options.audit;
  checks.signatures = audit::Options::Signatures::kLast;
  audit::Auditor auditor(registry, ledger.source(), checks);
  for (const wire::SignedHead& head : options.kept) auditor.expect(head);
  Progress progress("entries", options.quiet);
  const auto advanced = auditor.advance(
      published->size, [&progress](std::uint64_t done, std::uint64_t of) { progress.show(done, of); });
  progress.clear();
  if (!advanced) end_with(advanced.error());
  if (auditor.size() < published->size)
    end_with({ErrorCode::kNotFound, fmt::format("the ledger has {} entries and the table is made of {}",
                                                auditor.size().value(), published->size.value())});
  if (auditor.root_at(published->size) != published->root)
    end_with({ErrorCode::kConflict,
              fmt::format("the table is made of another ledger of {} entries", published->size.value())},
             kExitFailed);
  if (const auto report = auditor.report(); !report.clean())
    end_with({ErrorCode::kCorruptData, fmt::format("these entries are not as they must be ({} findings): see "
                                                   "`crossline audit`",
                                                   report.total())},
             kExitFailed);
  const Comparison comparison = compare_figures(*published, auditor.statistics());
  print(options.json ? in_json(*published, comparison, by_policy)
                     : in_words(*published, comparison, by_policy));
  if (!comparison.differences.empty()) throw Exit{kExitFailed};
}

}  // namespace crossline::tools
