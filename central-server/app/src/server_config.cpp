#include "server_config.hpp"

#include "crossline/adoption/chain.hpp"
#include "crossline/base/limits.hpp"
#include "crossline/procedure/edition.hpp"
#include "crossline/runtime/file.hpp"
#include "crossline/runtime/http_url.hpp"
#include "settling.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

namespace crossline::server {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFileBytes = 64 * 1024;
constexpr std::size_t kMaxProcedureFileBytes = 64u << 20;  // of all envelopes from edition 1 on

// The same for every error of a file: where it is.
template <class T>
Result<T> in_file(Result<T> result, const fs::path& path) {
  if (!result) return std::unexpected(std::move(result).error().at(path.string()));
  return result;
}

Result<std::vector<runtime::TrustRoots>> read_roots(const fs::path& folder) {
  std::vector<runtime::TrustRoots> roots;
  for (const char* party : {"A", "B", "G"}) {
    CROSSLINE_TRY(std::string pem,
                  runtime::read_text_file(folder / (std::string(party) + ".pem"), kMaxFileBytes));
    roots.push_back({party, std::move(pem)});
  }
  return roots;
}

// A signing key must be the one that the registry tells everybody about.
Result<std::string> read_signer(const fs::path& path, const merkle::NoteVerifierKey& known) {
  CROSSLINE_TRY(std::string pem, runtime::read_secret_file(path, kMaxFileBytes));
  CROSSLINE_TRY(const auto signer, in_file(crypto::Signer::from_pem(pem), path));
  if (signer.public_key() != known.key) {
    return fail(ErrorCode::kInvalidArgument, "{}: not the key that the registry names {}", path.string(),
                known.name);
  }
  return pem;
}

Result<void> read_enrolment(const fs::path& folder, ServerConfig& config) {
  CROSSLINE_TRY(config.certificate_pem, runtime::read_text_file(folder / "server.pem", kMaxFileBytes));
  CROSSLINE_TRY(const auto certificate,
                in_file(crypto::Certificate::from_pem(config.certificate_pem), folder / "server.pem"));
  CROSSLINE_TRY(const auto name, in_file(certificate.server(), folder / "server.pem"));
  if (name.line != config.registry->line()) {
    return fail(ErrorCode::kInvalidArgument, "{}: of line {}, the registry is of line {}",
                (folder / "server.pem").string(), name.line, config.registry->line());
  }
  CROSSLINE_TRY(config.private_key_pem, runtime::read_secret_file(folder / "server.key", kMaxFileBytes));
  CROSSLINE_TRY(config.roots, read_roots(folder / "roots"));
  const enrolment::LineKeys& keys = config.registry->keys();
  CROSSLINE_TRY(config.ledger_key_pem, read_signer(folder / "ledger.key", keys.ledger_key));
  CROSSLINE_TRY(config.office_key_pem, read_signer(folder / "office.key", keys.office_key));
  CROSSLINE_TRY(const std::string line_key, runtime::read_secret_file(folder / "line.key", kMaxFileBytes));
  CROSSLINE_TRY(config.line_key, in_file(crypto::line_key_from_text(line_key), folder / "line.key"));
  return {};
}

Result<merkle::Policy> read_policy(const fs::path& path, const merkle::NoteVerifierKey& ledger) {
  CROSSLINE_TRY(const std::string text, runtime::read_text_file(path, merkle::Policy::kMaxBytes));
  CROSSLINE_TRY(merkle::Policy policy, merkle::Policy::parse(text));
  const bool ours = std::ranges::any_of(
      policy.logs(), [&ledger](const merkle::Policy::Log& log) { return log.key.key == ledger.key; });
  if (!ours)
    return fail(ErrorCode::kInvalidArgument, "does not list the ledger's key {}", ledger.to_string());
  for (const merkle::Policy::Witness& witness : policy.witnesses()) {
    const auto url = runtime::HttpUrl::parse(witness.url);
    if (!url) return fail(ErrorCode::kInvalidArgument, "witness {}: {}", witness.name, url.error().message);
  }
  return policy;
}

Result<void> require_pages(const fs::path& folder) {
  std::error_code error;
  if (fs::is_regular_file(folder / "index.html", error)) return {};
  return fail(ErrorCode::kNotFound, "{}: no built console, which has an index.html", folder.string());
}

// With keys, envelopes that are verified here; without, one sealed edition.
Result<void> read_procedure(const fs::path& procedure, const fs::path& keys, ServerConfig& config) {
  CROSSLINE_TRY(std::string text, runtime::read_text_file(procedure, kMaxProcedureFileBytes));
  if (keys.empty()) {
    CROSSLINE_CHECK_OK(in_file(procedure::Edition::load(as_bytes(text)), procedure));
    config.editions.push_back({.sealed = std::move(text), .envelope = {}});
    return {};
  }
  CROSSLINE_TRY(const std::string key_set, runtime::read_text_file(keys, limits::kMaxKeySetBytes));
  CROSSLINE_TRY(config.procedure_keys, in_file(adoption::KeySet::parse(key_set), keys));
  CROSSLINE_TRY(const auto chain, in_file(adoption::open_chain(key_set, text), procedure));
  for (const adoption::Verified& verified : chain.editions())
    config.editions.push_back({.sealed = verified.sealed(), .envelope = verified.envelope()});
  return {};
}

}  // namespace

Result<std::shared_ptr<const enrolment::Registry>> read_registry(const fs::path& path) {
  CROSSLINE_TRY(const std::string text, runtime::read_text_file(path, limits::kMaxRegistryBytes));
  CROSSLINE_TRY(auto registry, in_file(enrolment::Registry::parse(text), path));
  return std::make_shared<const enrolment::Registry>(std::move(registry));
}

Result<ServerConfig> read_config(const fs::path& path) {
  CROSSLINE_TRY(const std::string text, runtime::read_text_file(path, kMaxFileBytes));
  CROSSLINE_TRY(auto toml, config::Reader::parse(text, path.string(), fs::absolute(path).parent_path()));
  ServerConfig config;
  const fs::path enrolment = toml.path("enrolment");
  const fs::path procedure = toml.path("procedure");
  const fs::path keys = toml.text("procedure_keys", "").empty() ? fs::path() : toml.path("procedure_keys");
  config.registry_file = toml.path("registry");
  config.data = toml.path("data");
  config.agents = toml.endpoint("agents.listen");
  config.people = toml.endpoint("people.listen");
  config.hosts = toml.texts("people.hosts", std::vector<std::string>{"localhost"});
  if (config.hosts.empty()) toml.problem("people.hosts", "names nothing that people could type to reach it");
  config.metrics_from = toml.texts("people.metrics_from", std::vector<std::string>{"127.0.0.1", "::1"});
  if (!toml.text("people.pages", "").empty()) config.pages = toml.path("people.pages");
  config.io_threads = static_cast<std::size_t>(toml.number("threads.io", {.min = 1, .max = 64}, 2));
  const bool witnessed = !toml.text("witnesses.policy", "").empty();
  const fs::path policy = witnessed ? toml.path("witnesses.policy", "") : fs::path();
  CROSSLINE_CHECK_OK(toml.finish());
  if (!config.pages.empty()) CROSSLINE_CHECK_OK(require_pages(config.pages));
  CROSSLINE_TRY(config.registry, read_registry(config.registry_file));
  CROSSLINE_CHECK_OK(read_enrolment(enrolment, config));
  CROSSLINE_CHECK_OK(read_procedure(procedure, keys, config));
  if (witnessed) {
    CROSSLINE_TRY(config.witnesses, in_file(read_policy(policy, config.registry->keys().ledger_key), policy));
  }
  return config;
}

std::vector<std::string> undeclared_posts(const enrolment::Registry& registry,
                                          const std::vector<EditionBytes>& editions, UtcMillis now) {
  std::map<std::string, std::string> agents_of;  // of each checkpoint, with commas
  for (const auto& [name, record] : registry.agents()) {
    if (!record.active()) continue;
    std::string& names = agents_of[record.post.checkpoint];
    if (!names.empty()) names += ", ";
    names += name;
  }
  std::vector<std::string> sentences;
  for (const EditionBytes& one : editions) {
    const auto edition = procedure::Edition::load(as_bytes(one.sealed));
    if (!edition || edition->until() <= now) continue;
    for (const auto& [checkpoint, agents] : agents_of) {
      const std::string wrong = procedure::undeclared_checkpoint(*edition, checkpoint);
      if (!wrong.empty()) sentences.push_back(fmt::format("the post of {}: {}", agents, wrong));
    }
  }
  return sentences;
}

}  // namespace crossline::server
