#include "tools/witness/witness_config.hpp"

#include "crossline/runtime/file.hpp"

#include <utility>

namespace crossline::tools {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFileBytes = 64 * 1024;

}  // namespace

Result<WitnessConfig> read_witness_config(const fs::path& path) {
  CROSSLINE_TRY(const std::string text, runtime::read_text_file(path, kMaxFileBytes));
  CROSSLINE_TRY(auto toml, config::Reader::parse(text, path.string(), fs::absolute(path).parent_path()));
  WitnessConfig config;
  config.name = toml.text("name");
  const fs::path key = toml.path("key");
  config.data = toml.path("data");
  config.listen = toml.endpoint("listen");
  const bool tls = !toml.text("certificate", "").empty();
  const fs::path certificate = tls ? toml.path("certificate") : fs::path();
  if (tls != !toml.text("private_key", "").empty())
    toml.problem("certificate", "certificate and private_key go together");
  const fs::path private_key = tls ? toml.path("private_key", "") : fs::path();
  if (!config.name.empty() && !merkle::is_note_key_name(config.name))
    toml.problem("name", "a key's name has no white space and no '+'");
  const std::size_t logs = toml.tables("log");
  if (logs == 0) toml.problem("log", "no log to watch over");
  for (std::size_t i = 0; i < logs; ++i) {
    const std::string place = fmt::format("log.{}.key", i);
    const auto log = merkle::NoteVerifierKey::parse(toml.text(place));
    if (!log) {
      toml.problem(place, log.error().message);
    } else if (log->type != merkle::NoteKeyType::kEd25519) {
      toml.problem(place, "not the key of a log");
    } else {
      config.logs.push_back(*log);
    }
  }
  CROSSLINE_CHECK_OK(toml.finish());
  CROSSLINE_TRY(config.key_pem, runtime::read_secret_file(key, kMaxFileBytes));
  if (const auto signer = crypto::Signer::from_pem(config.key_pem); !signer)
    return std::unexpected(Error(signer.error()).at(key.string()));
  if (tls) {
    CROSSLINE_TRY(config.certificate_pem, runtime::read_text_file(certificate, kMaxFileBytes));
    CROSSLINE_TRY(config.private_key_pem, runtime::read_secret_file(private_key, kMaxFileBytes));
  }
  return config;
}

}  // namespace crossline::tools
