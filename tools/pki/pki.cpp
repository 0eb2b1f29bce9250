#include "tools/pki/pki.hpp"

#include "crossline/base/limits.hpp"
#include "crossline/crypto/authority.hpp"
#include "crossline/crypto/commitment.hpp"
#include "crossline/merkle/tree_head.hpp"
#include "crossline/runtime/file.hpp"
#include "tools/pki/new_folder.hpp"

#include <algorithm>
#include <array>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace crossline::tools {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> kParties = {"A", "B", "G"};
constexpr std::size_t kMaxKeyFileBytes = 16 * 1024;

fs::path party_folder(std::string_view party) {
  return fs::path("parties") / party;
}
fs::path root_file(std::string_view party) {
  return fs::path("roots") / fmt::format("{}.pem", party);
}

Result<std::string> read_public_file(const fs::path& path) {
  return runtime::read_text_file(path, kMaxKeyFileBytes);
}

Result<void> write_registry(const fs::path& folder, const enrolment::Registry& registry) {
  return runtime::write_file_atomic(folder / "registry.toml", as_bytes(registry.to_toml()));
}

// The folder that was named is the mistake, whatever is missing in it.
std::unexpected<Error> not_made(const fs::path& folder) {
  return fail(ErrorCode::kInvalidArgument, "{}: no folder that `crossline pki init` made", folder.string());
}

// Keeps two commands from changing one folder at the same time; released when the process ends, however it
// ends.
class FolderLock {
 public:
  static Result<FolderLock> take(const fs::path& folder) {
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return not_made(folder);
    FolderLock lock(fd);
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
      return fail(ErrorCode::kBusy, "another command is changing {}; try again when it has ended",
                  folder.string());
    }
    return lock;
  }
  ~FolderLock() {
    if (fd_ >= 0) ::close(fd_);
  }
  FolderLock(FolderLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FolderLock& operator=(FolderLock&&) = delete;

 private:
  explicit FolderLock(int fd) : fd_(fd) {}
  int fd_;
};

Result<crypto::Authority> load_authority(const fs::path& folder, std::string_view party) {
  const fs::path place = folder / party_folder(party);
  CROSSLINE_TRY(const std::string certificate, read_public_file(place / "root.pem"));
  const Result<std::string> key = runtime::read_secret_file(place / "root.key", kMaxKeyFileBytes);
  if (!key && key.error().code == ErrorCode::kNotFound)
    return fail(ErrorCode::kNotFound, "party {} enrols its own agents, where its root key is: {}", party,
                key.error().message);
  if (!key) return std::unexpected(key.error());
  Result<crypto::Authority> authority = crypto::Authority::load(certificate, *key);
  if (!authority) return std::unexpected(std::move(authority).error().at(place.string()));
  return authority;
}

// A new Ed25519 key for notes of that name: <stem>.key and <stem>.vkey.
Result<merkle::NoteVerifierKey> add_note_key(NewFolder& files, const fs::path& stem, std::string name,
                                             Random& random) {
  const crypto::Signer signer = crypto::Signer::generate(random);
  merkle::NoteVerifierKey key =
      merkle::NoteVerifierKey::make(std::move(name), merkle::NoteKeyType::kEd25519, signer.public_key());
  CROSSLINE_CHECK_OK(files.add_secret(stem.string() + ".key", signer.to_pem()));
  CROSSLINE_CHECK_OK(files.add_public(stem.string() + ".vkey", key.to_string() + "\n"));
  return key;
}

Result<void> add_credential(NewFolder& files, const fs::path& stem, const crypto::Credential& credential) {
  CROSSLINE_CHECK_OK(files.add_secret(stem.string() + ".key", credential.private_key_pem));
  return files.add_public(stem.string() + ".pem", credential.certificate_pem);
}

Result<void> add_line_key(NewFolder& files, Random& random) {
  crypto::LineKey key{};
  random.fill(key);
  const std::string text = crypto::line_key_text(key);
  CROSSLINE_CHECK_OK(files.add_secret("line.key", text));
  return files.add_secret("server/line.key", text);
}

// What whoever speaks to the server must know of it: which root to trust, the ledger's key.
Result<void> add_server_knowledge(NewFolder& files, const fs::path& folder) {
  CROSSLINE_TRY(const std::string ledger_key, read_public_file(folder / "server/ledger.vkey"));
  CROSSLINE_CHECK_OK(files.add_public("ledger.vkey", ledger_key));
  CROSSLINE_TRY(const std::string server_pem, read_public_file(folder / "server/server.pem"));
  CROSSLINE_TRY(const crypto::Certificate server, crypto::Certificate::from_pem(server_pem));
  for (const std::string_view party : kParties) {
    CROSSLINE_TRY(const std::string pem, read_public_file(folder / party_folder(party) / "root.pem"));
    CROSSLINE_TRY(const crypto::Certificate root, crypto::Certificate::from_pem(pem));
    if (crypto::is_issued_by(server, root)) return files.add_public(root_file(party), pem);
  }
  return fail(ErrorCode::kConflict, "no party's root issued {}", (folder / "server/server.pem").string());
}

// The agent's folder, complete but not yet published, and the record that the registry will hold.
Result<enrolment::AgentRecord> make_agent(NewFolder& files, const fs::path& folder,
                                          const crypto::PostName& post, const std::string& party,
                                          UtcMillis now, Random& random) {
  CROSSLINE_TRY(const crypto::Authority root, load_authority(folder, party));
  CROSSLINE_TRY(const crypto::Credential credential, root.issue_agent(post, now));
  CROSSLINE_TRY(const crypto::Certificate certificate,
                crypto::Certificate::from_pem(credential.certificate_pem));
  CROSSLINE_CHECK_OK(add_credential(files, "agent", credential));
  CROSSLINE_TRY(merkle::NoteVerifierKey journal_key,
                add_note_key(files, "journal", merkle::journal_origin(post.line, post.agent), random));
  CROSSLINE_TRY(const std::string line_key, runtime::read_secret_file(folder / "line.key", kMaxKeyFileBytes));
  CROSSLINE_CHECK_OK(files.add_secret("line.key", line_key));
  CROSSLINE_CHECK_OK(add_server_knowledge(files, folder));
  return enrolment::AgentRecord{.post = post,
                                .party = party,
                                .certificate = certificate.fingerprint,
                                .journal_key = std::move(journal_key),
                                .enrolled = now,
                                .revocation = std::nullopt};
}

}  // namespace

Result<void> init_pki(const fs::path& folder, const PkiInit& init, UtcMillis now, Random& random) {
  if (!crypto::is_plain_name(init.line)) {
    return fail(ErrorCode::kInvalidArgument,
                "'{}' is not a line's name: 1 to {} lower-case letters, digits and '-'", init.line,
                limits::kMaxNameBytes);
  }
  if (std::ranges::find(kParties, init.server_party) == kParties.end()) {
    return fail(ErrorCode::kInvalidArgument, "'{}' is no party: A, B or G", init.server_party);
  }
  CROSSLINE_TRY(NewFolder files, NewFolder::begin(folder));
  for (const std::string_view party : kParties) {
    CROSSLINE_TRY(const crypto::Authority root, crypto::Authority::create(init.line, party, now));
    const std::string pem = root.certificate().to_pem();
    CROSSLINE_CHECK_OK(add_credential(files, party_folder(party) / "root", {pem, root.private_key_pem()}));
    CROSSLINE_CHECK_OK(files.add_public("server" / root_file(party), pem));
    if (party != init.server_party) continue;
    CROSSLINE_TRY(const crypto::Credential server,
                  root.issue_server({{init.line}, init.dns_names, init.ip_addresses}, now));
    CROSSLINE_CHECK_OK(add_credential(files, "server/server", server));
  }
  enrolment::LineKeys keys{.line = init.line, .ledger_key = {}, .office_key = {}};
  CROSSLINE_TRY(keys.ledger_key,
                add_note_key(files, "server/ledger", merkle::ledger_origin(init.line), random));
  CROSSLINE_TRY(keys.office_key, add_note_key(files, "server/office",
                                              merkle::journal_origin(init.line, enrolment::kOffice), random));
  CROSSLINE_CHECK_OK(add_line_key(files, random));
  CROSSLINE_CHECK_OK(files.add_folder("agents"));
  CROSSLINE_CHECK_OK(files.add_public("registry.toml", enrolment::Registry(std::move(keys)).to_toml()));
  return files.publish();
}

Result<enrolment::AgentRecord> enrol_agent(const fs::path& folder, const PkiEnrol& enrol, UtcMillis now,
                                           Random& random) {
  CROSSLINE_TRY(const FolderLock lock, FolderLock::take(folder));
  CROSSLINE_TRY(enrolment::Registry registry, read_registry(folder));
  const crypto::PostName post{registry.line(), enrol.checkpoint, enrol.side, enrol.agent};
  CROSSLINE_CHECK_OK(post.check());
  const std::string party = enrol.party.empty() ? enrol.side : enrol.party;
  if (std::ranges::find(kParties, party) == kParties.end()) {
    return fail(ErrorCode::kInvalidArgument, "a joint post needs to be told whose it is: party A, B or G");
  }
  if (registry.find(enrol.agent) != nullptr) {
    return fail(ErrorCode::kConflict, "agent {} is enrolled already; a name is never used twice",
                enrol.agent);
  }
  const fs::path place = folder / "agents" / enrol.agent;
  std::error_code ignored;
  if (fs::exists(place, ignored)) {
    return fail(ErrorCode::kConflict,
                "{} exists though the registry does not name it: an enrolment was cut short. "
                "Remove that folder and enrol again",
                place.string());
  }
  CROSSLINE_TRY(NewFolder files, NewFolder::begin(place));
  CROSSLINE_TRY(enrolment::AgentRecord record, make_agent(files, folder, post, party, now, random));
  CROSSLINE_CHECK_OK(registry.enrol(record));
  // The folder first: an agent that the registry names has its keys.
  CROSSLINE_CHECK_OK(files.publish());
  if (Result<void> written = write_registry(folder, registry); !written) {
    fs::remove_all(place, ignored);
    return std::unexpected(std::move(written).error());
  }
  return record;
}

Result<void> make_auditor(const fs::path& folder, const PkiAuditor& auditor, UtcMillis now) {
  CROSSLINE_TRY(const enrolment::Registry registry, read_registry(folder));
  const crypto::AuditorName name{registry.line(), auditor.name};
  CROSSLINE_CHECK_OK(name.check());
  if (std::ranges::find(kParties, auditor.party) == kParties.end()) {
    return fail(ErrorCode::kInvalidArgument, "'{}' is no party: A, B or G", auditor.party);
  }
  if (registry.revoked_auditors().contains({auditor.party, auditor.name})) {
    return fail(ErrorCode::kConflict, "auditor {} of party {} was revoked; a name is never used again",
                auditor.name, auditor.party);
  }
  CROSSLINE_TRY(const crypto::Authority root, load_authority(folder, auditor.party));
  CROSSLINE_TRY(const crypto::Credential credential, root.issue_auditor(name, now));
  std::error_code ignored;  // begin() says what is wrong
  fs::create_directory(folder / "auditors", ignored);
  CROSSLINE_TRY(NewFolder files, NewFolder::begin(folder / "auditors" / auditor.name));
  CROSSLINE_CHECK_OK(add_credential(files, "auditor", credential));
  CROSSLINE_CHECK_OK(add_server_knowledge(files, folder));
  return files.publish();
}

Result<enrolment::AgentRecord> revoke_agent(const fs::path& folder, const std::string& agent,
                                            const std::string& reason, UtcMillis now) {
  CROSSLINE_TRY(const FolderLock lock, FolderLock::take(folder));
  CROSSLINE_TRY(enrolment::Registry registry, read_registry(folder));
  CROSSLINE_CHECK_OK(registry.revoke(agent, now, reason));
  CROSSLINE_CHECK_OK(write_registry(folder, registry));
  return *registry.find(agent);
}

namespace {

// Whose root issued the certificate in auditors/<name>/; empty when it is not here.
Result<std::string> party_of_auditor(const fs::path& folder, const std::string& name) {
  const auto pem = read_public_file(folder / "auditors" / name / "auditor.pem");
  if (!pem && pem.error().code == ErrorCode::kNotFound) return std::string();
  if (!pem) return std::unexpected(pem.error());
  CROSSLINE_TRY(const crypto::Certificate certificate, crypto::Certificate::from_pem(*pem));
  for (const std::string_view party : kParties) {
    CROSSLINE_TRY(const std::string root_pem, read_public_file(folder / party_folder(party) / "root.pem"));
    CROSSLINE_TRY(const crypto::Certificate root, crypto::Certificate::from_pem(root_pem));
    if (crypto::is_issued_by(certificate, root)) return std::string(party);
  }
  return fail(ErrorCode::kConflict, "no party's root here issued the certificate of auditor {}", name);
}

}  // namespace

Result<enrolment::AuditorKey> revoke_auditor(const fs::path& folder, const PkiAuditor& auditor,
                                             const std::string& reason, UtcMillis now) {
  CROSSLINE_TRY(const FolderLock lock, FolderLock::take(folder));
  CROSSLINE_TRY(enrolment::Registry registry, read_registry(folder));
  CROSSLINE_CHECK_OK((crypto::AuditorName{registry.line(), auditor.name}.check()));
  CROSSLINE_TRY(const std::string issuer, party_of_auditor(folder, auditor.name));
  if (issuer.empty() && auditor.party.empty())
    return fail(ErrorCode::kNotFound,
                "{} is not here; if its folder was moved away, say whose auditor it is with --party",
                (folder / "auditors" / auditor.name).string());
  if (!issuer.empty() && !auditor.party.empty() && issuer != auditor.party)
    return fail(ErrorCode::kConflict, "the certificate of auditor {} here is party {}'s, not {}'s",
                auditor.name, issuer, auditor.party);
  enrolment::AuditorKey key{auditor.party.empty() ? issuer : auditor.party, auditor.name};
  CROSSLINE_CHECK_OK(registry.revoke_auditor(key, now, reason));
  CROSSLINE_CHECK_OK(write_registry(folder, registry));
  return key;
}

Result<enrolment::Registry> read_registry(const fs::path& folder) {
  const fs::path path = folder / "registry.toml";
  const Result<std::string> text = runtime::read_text_file(path, limits::kMaxRegistryBytes);
  if (!text && text.error().code == ErrorCode::kNotFound) return not_made(folder);
  if (!text) return std::unexpected(text.error());
  Result<enrolment::Registry> registry = enrolment::Registry::parse(*text);
  if (!registry) return std::unexpected(std::move(registry).error().at(path.string()));
  return registry;
}

}  // namespace crossline::tools
