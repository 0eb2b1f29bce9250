#include "agent_config.hpp"

#include "crossline/base/assert.hpp"
#include "crossline/base/limits.hpp"
#include "crossline/base/text.hpp"
#include "crossline/config/config.hpp"
#include "crossline/crypto/certificate.hpp"
#include "crossline/enrolment/registry.hpp"
#include "crossline/merkle/note.hpp"
#include "crossline/merkle/tree_head.hpp"
#include "crossline/runtime/file.hpp"
#include "crossline/runtime/http_url.hpp"
#include "crossline/runtime/system_clock.hpp"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace crossline::agent {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFileBytes = 64 * 1024;
constexpr std::size_t kMaxProcedureFileBytes = 64u << 20;  // of all envelopes from edition 1 on

Result<std::string> read_public_file(const fs::path& path) {
  CROSSLINE_TRY(std::string text, runtime::read_text_file(path, kMaxFileBytes));
  return text;
}

// The same for every error of a file: where it is.
template <class T>
Result<T> in_file(Result<T> result, const fs::path& path) {
  if (!result) return std::unexpected(std::move(result).error().at(path.string()));
  return result;
}

Result<std::vector<runtime::TrustRoots>> read_roots(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".pem") files.push_back(entry.path());
  }
  if (error) return fail(ErrorCode::kNotFound, "{}: {}", folder.string(), error.message());
  if (files.empty()) return fail(ErrorCode::kNotFound, "{}: no root certificate (*.pem)", folder.string());
  std::ranges::sort(files);
  std::vector<runtime::TrustRoots> roots;
  for (const fs::path& file : files) {
    CROSSLINE_TRY(std::string pem, read_public_file(file));
    roots.push_back({file.stem().string(), std::move(pem)});
  }
  return roots;
}

Result<crypto::PublicKey> read_ledger_key(const fs::path& path, std::string_view line) {
  CROSSLINE_TRY(const std::string text, read_public_file(path));
  const std::string_view trimmed = std::string_view(text).substr(0, text.find_last_not_of("\r\n") + 1);
  CROSSLINE_TRY(const auto key, in_file(merkle::NoteVerifierKey::parse(trimmed), path));
  if (key.name != merkle::ledger_origin(line) || key.type != merkle::NoteKeyType::kEd25519)
    return fail(ErrorCode::kInvalidArgument, "{}: a key named '{}', not that of '{}'", path.string(),
                key.name, merkle::ledger_origin(line));
  return key.key;
}

// What `crossline pki enrol` made for this agent.
Result<void> read_enrolment(const fs::path& folder, AgentConfig& config) {
  CROSSLINE_TRY(config.link.certificate_pem, read_public_file(folder / "agent.pem"));
  CROSSLINE_TRY(const auto certificate,
                in_file(crypto::Certificate::from_pem(config.link.certificate_pem), folder / "agent.pem"));
  CROSSLINE_TRY(const auto post, in_file(certificate.post(), folder / "agent.pem"));
  const auto side = movement::post_side_from(post.side);
  CROSSLINE_ASSERT(side.has_value());
  config.settings.line = post.line;
  config.settings.agent = post.agent;
  config.settings.post = {post.checkpoint, *side};
  config.link.line = post.line;
  CROSSLINE_TRY(config.link.private_key_pem, runtime::read_secret_file(folder / "agent.key", kMaxFileBytes));
  CROSSLINE_TRY(config.journal_key_pem, runtime::read_secret_file(folder / "journal.key", kMaxFileBytes));
  CROSSLINE_CHECK_OK(in_file(crypto::Signer::from_pem(config.journal_key_pem), folder / "journal.key"));
  CROSSLINE_TRY(const std::string line_key, runtime::read_secret_file(folder / "line.key", kMaxFileBytes));
  CROSSLINE_TRY(config.settings.line_key, in_file(crypto::line_key_from_text(line_key), folder / "line.key"));
  CROSSLINE_TRY(config.settings.ledger_key, read_ledger_key(folder / "ledger.vkey", post.line));
  CROSSLINE_TRY(config.link.roots, read_roots(folder / "roots"));
  return {};
}

// Every enrolled agent of the line: whose slips are believed.
Result<void> read_posts(const fs::path& path, Settings& settings) {
  CROSSLINE_TRY(const std::string text, runtime::read_text_file(path, limits::kMaxRegistryBytes));
  CROSSLINE_TRY(const auto registry, in_file(enrolment::Registry::parse(text), path));
  if (registry.line() != settings.line)
    return fail(ErrorCode::kInvalidArgument, "{}: the registry of '{}', this agent is of '{}'", path.string(),
                registry.line(), settings.line);
  for (const auto& [agent, record] : registry.agents()) {
    const auto side = movement::post_side_from(record.post.side);
    CROSSLINE_ASSERT(side.has_value());
    settings.posts.push_back(
        {agent, {record.post.checkpoint, *side}, record.journal_key.key, !record.active()});
  }
  return {};
}

// With keys, a file of envelopes; without, one sealed edition.
Result<void> read_procedure(const fs::path& procedure, const fs::path& keys, AgentConfig& config) {
  CROSSLINE_TRY(config.procedure.text, runtime::read_text_file(procedure, kMaxProcedureFileBytes));
  if (!keys.empty()) {
    CROSSLINE_TRY(const std::string key_set, runtime::read_text_file(keys, limits::kMaxKeySetBytes));
    CROSSLINE_TRY(config.procedure.keys, in_file(adoption::KeySet::parse(key_set), keys));
  }
  CROSSLINE_CHECK_OK(in_file(PostEditions::open(config.procedure, {}), procedure));
  return {};
}

void read_server(config::Reader& toml, AgentConfig& config) {
  const std::string address = toml.text("server.address");
  const std::size_t colon = address.rfind(':');
  std::uint16_t port = 0;
  const char* end = address.data() + address.size();
  const bool good = colon != std::string::npos && colon > 0 &&
                    std::from_chars(address.data() + colon + 1, end, port).ptr == end && port != 0;
  if (!good && !address.empty()) toml.problem("server.address", "expected NAME:PORT");
  config.link.host = address.substr(0, std::min(colon, address.size()));
  if (config.link.host.starts_with('[') && config.link.host.ends_with(']'))
    config.link.host = config.link.host.substr(1, config.link.host.size() - 2);
  config.link.port = port;
  config.settings.answer_wait_ms = static_cast<std::uint64_t>(
      toml.number("server.answer_wait_ms", {.min = 50, .max = 10'000}, limits::kDefaultAnswerWaitMs));
}

void read_station(config::Reader& toml, AgentConfig& config) {
  const auto listen = toml.endpoint("station.listen", "127.0.0.1:7080");
  if (!listen.address.starts_with("127.") && listen.address != "::1")
    toml.problem("station.listen", "the page is served on a loopback address only, such as 127.0.0.1");
  config.listen_address = listen.address;
  config.listen_port = listen.port;
  if (!toml.text("station.pages", "").empty()) config.pages = toml.path("station.pages");
}

void read_reader(config::Reader& toml, AgentConfig& config) {
  config.settings.reader_prefix = toml.text("reader.prefix", "");
  config.settings.reader_suffix = toml.text("reader.suffix", "");
  config.terminator = toml.text("reader.terminator", "enter");
  if (config.terminator != "enter" && config.terminator != "tab")
    toml.problem("reader.terminator", "expected \"enter\" or \"tab\"");
  ReaderOptions reader;
  reader.baud =
      static_cast<std::uint32_t>(toml.number("reader.baud", {.min = 1, .max = 1'000'000}, reader.baud));
  if (const auto checked = check_reader(reader); !checked)
    toml.problem("reader.baud", checked.error().message);
  if (toml.text("reader.device", "").empty()) return;
  reader.device = toml.path("reader.device");
  config.reader = std::move(reader);
}

// The path of the root's certificate; empty without one.
fs::path read_witness(config::Reader& toml, AgentConfig& config) {
  config.witness.url = toml.text("witness.url", "");
  const bool has_root = !toml.text("witness.root", "").empty();
  if (config.witness.url.empty()) {
    if (has_root) toml.problem("witness.root", "there is no witness.url");
    return {};
  }
  const auto url = runtime::HttpUrl::parse(config.witness.url);
  if (!url) toml.problem("witness.url", url.error().message);
  if (url && url->tls != has_root)
    toml.problem("witness.root", "an https witness needs the root of its certificate, another has none");
  return has_root ? toml.path("witness.root") : fs::path();
}

}  // namespace

Result<AgentConfig> read_config(const fs::path& path) {
  CROSSLINE_TRY(const std::string text, runtime::read_text_file(path, kMaxFileBytes));
  CROSSLINE_TRY(auto toml, config::Reader::parse(text, path.string(), fs::absolute(path).parent_path()));
  AgentConfig config;
  const fs::path enrolment = toml.path("enrolment");
  const fs::path procedure = toml.path("procedure");
  const fs::path registry = toml.text("registry", "").empty() ? fs::path() : toml.path("registry");
  const fs::path keys = toml.text("procedure_keys", "").empty() ? fs::path() : toml.path("procedure_keys");
  config.data = toml.path("data");
  config.officers = toml.path("officers");
  read_server(toml, config);
  read_station(toml, config);
  constexpr config::Reader::Range kWindow{.min = 0, .max = 3'600};
  config.settings.double_scan_ms =
      static_cast<std::uint64_t>(toml.number("desk.double_scan_s", kWindow, 300)) * 1'000;
  config.settings.undo_ms = static_cast<std::uint64_t>(toml.number("desk.undo_s", kWindow, 300)) * 1'000;
  read_reader(toml, config);
  const fs::path witness_root = read_witness(toml, config);
  CROSSLINE_CHECK_OK(toml.finish());
  if (!witness_root.empty()) {
    CROSSLINE_TRY(config.witness.root_pem, read_public_file(witness_root));
  }
  CROSSLINE_CHECK_OK(read_enrolment(enrolment, config));
  if (!registry.empty()) CROSSLINE_CHECK_OK(read_posts(registry, config.settings));
  CROSSLINE_CHECK_OK(read_procedure(procedure, keys, config));
  CROSSLINE_TRY(config.settings.boot_id, runtime::boot_id());
  return config;
}

}  // namespace crossline::agent
