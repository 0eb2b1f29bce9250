#include "crossline/base/limits.hpp"
#include "crossline/base/text.hpp"
#include "crossline/enrolment/registry.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>

#include <toml++/toml.h>

namespace crossline::enrolment {
namespace {

constexpr std::array<std::string_view, 5> kRegistryKeys = {"line", "ledger_key", "office_key", "agent",
                                                           "revoked_auditor"};
constexpr std::array<std::string_view, 4> kRevokedAuditorKeys = {"auditor", "party", "revoked", "reason"};
constexpr std::array<std::string_view, 10> kAgentKeys = {"agent",       "checkpoint",  "side",   "party",
                                                         "certificate", "journal_key", "status", "enrolled",
                                                         "revoked",     "reason"};

Error error_at(const toml::source_position& position, std::string_view what) {
  return {ErrorCode::kMalformed, fmt::format("line {}, column {}: {}", position.line, position.column, what)};
}

template <class... Args>
std::unexpected<Error> fail_at(const toml::source_region& region, fmt::format_string<Args...> format,
                               Args&&... args) {
  return std::unexpected(error_at(region.begin, fmt::format(format, std::forward<Args>(args)...)));
}

Result<void> check_keys(const toml::table& table, std::span<const std::string_view> known) {
  for (const auto& [key, node] : table) {
    if (std::ranges::find(known, key.str()) != known.end()) continue;
    const auto nearest = nearest_name(key.str(), known);
    const std::string hint = nearest ? fmt::format("; did you mean '{}'?", *nearest) : "";
    return fail_at(key.source(), "unknown key '{}'{}", key.str(), hint);
  }
  return {};
}

Result<std::string> read_text(const toml::table& table, std::string_view key) {
  const toml::node* node = table.get(key);
  if (node == nullptr) return fail_at(table.source(), "'{}' is missing", key);
  const auto* text = node->as_string();
  if (text == nullptr) return fail_at(node->source(), "'{}' is not a text", key);
  return text->get();
}

Result<UtcMillis> read_time(const toml::table& table, std::string_view key) {
  const toml::node* node = table.get(key);
  if (node == nullptr) return fail_at(table.source(), "'{}' is missing", key);
  const auto* value = node->as_date_time();
  if (value == nullptr || !value->get().offset) {
    return fail_at(node->source(), "'{}' is not a date and time with an offset, such as 2026-10-01T08:00:00Z",
                   key);
  }
  using namespace std::chrono;
  const toml::date_time& time = value->get();
  const year_month_day date{year{time.date.year}, month{time.date.month}, day{time.date.day}};
  const milliseconds since_midnight = hours{time.time.hour} + minutes{time.time.minute} +
                                      seconds{time.time.second} +
                                      floor<milliseconds>(nanoseconds{time.time.nanosecond});
  const sys_time<milliseconds> instant = sys_days{date} + since_midnight - minutes{time.offset->minutes};
  return UtcMillis{instant.time_since_epoch().count()};
}

// Reads `key` with `parse`, whose error is told with the place of the value.
template <class Parse>
auto read_parsed(const toml::table& table, std::string_view key, Parse parse)
    -> decltype(parse(std::string_view{})) {
  CROSSLINE_TRY(const std::string text, read_text(table, key));
  auto parsed = parse(std::string_view(text));
  if (!parsed) return fail_at(table.get(key)->source(), "'{}': {}", key, parsed.error().message);
  return parsed;
}

Result<crypto::Hash> parse_fingerprint(std::string_view hex) {
  CROSSLINE_TRY(const Bytes bytes, from_hex(hex));
  return crypto::hash_from(bytes);
}

Result<std::optional<Revocation>> read_revocation(const toml::table& table) {
  CROSSLINE_TRY(const std::string status, read_text(table, "status"));
  if (status == "revoked") {
    Revocation revocation;
    CROSSLINE_TRY(revocation.at, read_time(table, "revoked"));
    CROSSLINE_TRY(revocation.reason, read_text(table, "reason"));
    return revocation;
  }
  if (status != "active")
    return fail_at(table.get("status")->source(), "'status' is \"active\" or \"revoked\"");
  for (const std::string_view key : {"revoked", "reason"}) {
    if (const toml::node* node = table.get(key))
      return fail_at(node->source(), "an active agent has no '{}'", key);
  }
  return std::nullopt;
}

Result<AgentRecord> read_agent(std::string_view line, const toml::table& table) {
  CROSSLINE_CHECK_OK(check_keys(table, kAgentKeys));
  AgentRecord record;
  record.post.line = line;
  CROSSLINE_TRY(record.post.agent, read_text(table, "agent"));
  CROSSLINE_TRY(record.post.checkpoint, read_text(table, "checkpoint"));
  CROSSLINE_TRY(record.post.side, read_text(table, "side"));
  CROSSLINE_TRY(record.party, read_text(table, "party"));
  CROSSLINE_TRY(record.certificate, read_parsed(table, "certificate", parse_fingerprint));
  CROSSLINE_TRY(record.journal_key, read_parsed(table, "journal_key", merkle::NoteVerifierKey::parse));
  CROSSLINE_TRY(record.enrolled, read_time(table, "enrolled"));
  CROSSLINE_TRY(record.revocation, read_revocation(table));
  return record;
}

Result<void> read_revoked_auditor(Registry& registry, const toml::table& table) {
  CROSSLINE_CHECK_OK(check_keys(table, kRevokedAuditorKeys));
  AuditorKey auditor;
  CROSSLINE_TRY(auditor.name, read_text(table, "auditor"));
  CROSSLINE_TRY(auditor.party, read_text(table, "party"));
  CROSSLINE_TRY(const UtcMillis at, read_time(table, "revoked"));
  CROSSLINE_TRY(std::string reason, read_text(table, "reason"));
  const Result<void> revoked = registry.revoke_auditor(std::move(auditor), at, std::move(reason));
  if (!revoked) return fail_at(table.source(), "{}", revoked.error().message);
  return {};
}

// Each table of an array that may be left out.
Result<void> read_tables(const toml::table& document, std::string_view key, std::string_view plural,
                         const std::function<Result<void>(const toml::table& table)>& read) {
  const toml::node* node = document.get(key);
  if (node == nullptr) return {};
  if (!node->is_array_of_tables()) return fail_at(node->source(), "{} are written as [[{}]]", plural, key);
  for (const toml::node& one : *node->as_array()) CROSSLINE_CHECK_OK(read(*one.as_table()));
  return {};
}

Result<Registry> read_registry(const toml::table& document) {
  CROSSLINE_CHECK_OK(check_keys(document, kRegistryKeys));
  LineKeys keys;
  CROSSLINE_TRY(keys.line, read_text(document, "line"));
  CROSSLINE_TRY(keys.ledger_key, read_parsed(document, "ledger_key", merkle::NoteVerifierKey::parse));
  CROSSLINE_TRY(keys.office_key, read_parsed(document, "office_key", merkle::NoteVerifierKey::parse));
  if (const Result<void> checked = keys.check(); !checked) {
    return fail_at(document.get("line")->source(), "{}", checked.error().message);
  }
  Registry registry(std::move(keys));
  const auto enrol = [&registry](const toml::table& table) -> Result<void> {
    CROSSLINE_TRY(AgentRecord record, read_agent(registry.line(), table));
    const Result<void> enrolled = registry.enrol(std::move(record));
    if (!enrolled) return fail_at(table.source(), "{}", enrolled.error().message);
    return {};
  };
  const auto revoke = [&registry](const toml::table& table) { return read_revoked_auditor(registry, table); };
  CROSSLINE_CHECK_OK(read_tables(document, "agent", "agents", enrol));
  CROSSLINE_CHECK_OK(read_tables(document, "revoked_auditor", "revoked auditors", revoke));
  return registry;
}

}  // namespace

Result<Registry> Registry::parse(std::string_view toml) {
  if (toml.size() > limits::kMaxRegistryBytes) {
    return fail(ErrorCode::kMalformed, "a registry of {} bytes; at most {} are read", toml.size(),
                limits::kMaxRegistryBytes);
  }
  try {
    return read_registry(toml::parse(toml));
  } catch (const toml::parse_error& error) {
    return std::unexpected(error_at(error.source().begin, error.description()));
  }
}

}  // namespace crossline::enrolment
