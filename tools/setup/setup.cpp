#include "tools/setup/setup.hpp"

#include "crossline/accounts/password.hpp"
#include "crossline/accounts/sqlite_accounts.hpp"
#include "crossline/adoption/chain.hpp"
#include "crossline/base/limits.hpp"
#include "crossline/crypto/random.hpp"
#include "crossline/merkle/note.hpp"
#include "crossline/procedure/authoring.hpp"
#include "crossline/procedure/edition.hpp"
#include "crossline/runtime/file.hpp"
#include "crossline/runtime/system_clock.hpp"
#include "crossline/zones/system_zones.hpp"
#include "tools/pki/pki.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <nlohmann/json.hpp>
#include <sys/socket.h>
#include <unistd.h>

namespace crossline::tools {
namespace {

namespace fs = std::filesystem;
using accounts::Party;
using accounts::Role;

constexpr mode_t kSecret = 0600;
constexpr mode_t kPublic = 0644;
constexpr std::string_view kOfficer = "officer-1";

// A port of 127.0.0.1 that was free a moment ago.
Result<std::uint16_t> free_port() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  const bool bound = socket >= 0 &&
                     bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
                     getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length) == 0;
  if (socket >= 0) close(socket);
  if (!bound) return fail(ErrorCode::kUnavailable, "no free port on 127.0.0.1");
  return ntohs(address.sin_port);
}

Result<std::uint16_t> port_or_free(std::uint16_t wanted) {
  return wanted != 0 ? Result<std::uint16_t>(wanted) : free_port();
}

// `length` letters and digits that nobody confuses.
std::string random_word(Random& random, std::size_t length) {
  constexpr std::string_view kAlphabet = "abcdefghjkmnpqrstuvwxyz23456789";
  std::string word;
  while (word.size() < length) {
    std::array<std::uint8_t, 1> byte{};
    random.fill(byte);
    if (byte[0] < 256 / kAlphabet.size() * kAlphabet.size()) word += kAlphabet[byte[0] % kAlphabet.size()];
  }
  return word;
}

std::string random_pin(Random& random) {
  std::array<std::uint8_t, 6> bytes{};
  random.fill(bytes);
  std::string pin;
  for (const std::uint8_t byte : bytes) pin += static_cast<char>('0' + byte % 10);
  return pin;
}

Result<void> write(const fs::path& path, const std::string& text, mode_t mode) {
  return runtime::write_file_atomic(path, as_bytes(text), mode);
}

Result<std::string> seal_procedure(const fs::path& path) {
  CROSSLINE_TRY(const auto text, runtime::read_text_file(path, limits::kMaxProcedureBytes));
  const auto say = [&path](const std::vector<procedure::Problem>& problems) {
    std::string all;
    for (const auto& problem : problems) all += (all.empty() ? "" : "\n") + problem.to_string(path.string());
    return std::unexpected(Error{ErrorCode::kMalformed, std::move(all)});
  };
  const auto authored = procedure::parse_toml(text);
  if (!authored) return say(authored.error());
  const auto sealed = procedure::seal(*authored, zones::SystemZones());
  if (!sealed) return say(sealed.error());
  return std::string(as_text(sealed->bytes));
}

// What is asked for, or everything that `edition` declares; each once, and none that it does not declare.
Result<std::vector<std::string>> checkpoints_of(const procedure::Edition& edition,
                                                const std::vector<std::string>& wanted) {
  std::vector<std::string> checkpoints;
  for (const std::string& checkpoint : wanted) {
    if (std::ranges::find(checkpoints, checkpoint) != checkpoints.end())
      return fail(ErrorCode::kInvalidArgument, "checkpoint '{}' is given twice", checkpoint);
    const std::string wrong = procedure::undeclared_checkpoint(edition, checkpoint);
    if (!wrong.empty()) return fail(ErrorCode::kInvalidArgument, "{}", wrong);
    checkpoints.push_back(checkpoint);
  }
  if (wanted.empty())
    for (const procedure::Checkpoint& declared : edition.checkpoints()) checkpoints.push_back(declared.name);
  if (checkpoints.empty())
    return fail(ErrorCode::kInvalidArgument, "it declares no checkpoint; name one with --checkpoint");
  return checkpoints;
}

// A line works by signed editions only.
Result<void> require_signers(const procedure::Edition& edition) {
  for (const char* party : {"A", "B"}) {
    if (!edition.procedure().sign.contains(party))
      return fail(
          ErrorCode::kInvalidArgument,
          "it does not say how many of party {} sign an edition; to try it out, put sign = {{ A = 1, B "
          "= 1 }} at its top",
          party);
  }
  return {};
}

// Two posts of each checkpoint, one port each.
Result<void> require_ports(std::uint16_t first, std::size_t checkpoints) {
  constexpr std::size_t kLastPort = 65'535;
  if (first != 0 && first + 2 * checkpoints - 1 > kLastPort)
    return fail(ErrorCode::kInvalidArgument, "no {} ports from {} on: {} is the last", 2 * checkpoints, first,
                kLastPort);
  return {};
}

// What the whole set-up shares.
class Setup {
 public:
  explicit Setup(const SetupOptions& options)
      : options_(options), root_(fs::absolute(options.folder).lexically_normal()) {}

  Result<void> run() {
    if (fs::exists(root_ / "line.json"))
      return fail(ErrorCode::kConflict, "{}: there is a line already", root_.string());
    CROSSLINE_TRY(const std::string sealed, seal_procedure(options_.procedure));
    CROSSLINE_TRY(const auto edition, procedure::Edition::load(as_bytes(sealed)));
    CROSSLINE_CHECK_OK(in_procedure(require_signers(edition)));
    CROSSLINE_TRY(checkpoints_, in_procedure(checkpoints_of(edition, options_.checkpoints)));
    CROSSLINE_CHECK_OK(require_ports(options_.station_port, checkpoints_.size()));
    std::error_code error;
    for (const auto& folder : {root_, root_ / "server", root_ / "agents"})
      fs::create_directories(folder, error);
    if (error) return fail(ErrorCode::kUnavailable, "{}: {}", root_.string(), error.message());
    CROSSLINE_CHECK_OK(sign_procedure(sealed, edition));
    CROSSLINE_CHECK_OK(init_pki(
        root_ / "pki", {.line = options_.line, .dns_names = {"localhost"}, .ip_addresses = {"127.0.0.1"}},
        clock_.now(), random_));
    CROSSLINE_CHECK_OK(make_witnesses());
    CROSSLINE_CHECK_OK(make_server());
    CROSSLINE_CHECK_OK(make_accounts());
    CROSSLINE_CHECK_OK(make_officers());
    CROSSLINE_CHECK_OK(make_agents());
    CROSSLINE_CHECK_OK(make_extra_agents());
    manifest_["line"] = options_.line;
    manifest_["registry"] = (root_ / "pki/registry.toml").string();
    return write(root_ / "line.json", manifest_.dump(2) + "\n", kSecret);
  }

 private:
  template <class T>
  Result<T> in_procedure(Result<T> result) const {
    if (!result) return std::unexpected(std::move(result).error().at(options_.procedure.string()));
    return result;
  }

  // One for each side, and the policy that wants both.
  Result<void> make_witnesses() {
    CROSSLINE_TRY(std::string ledger,
                  runtime::read_text_file(root_ / "pki/server/ledger.vkey", limits::kMaxNoteBytes));
    while (ledger.ends_with('\n')) ledger.pop_back();
    std::string policy = fmt::format("log {}\n", ledger);
    manifest_["witnesses"] = nlohmann::json::array();
    for (const std::string party : {"A", "B"}) {
      CROSSLINE_TRY(const auto port, free_port());
      const std::string name = fmt::format("{}/witness-{}", options_.line, party == "A" ? "a" : "b");
      const fs::path folder = root_ / "witnesses" / party;
      std::error_code error;
      fs::create_directories(folder, error);
      if (error) return fail(ErrorCode::kUnavailable, "{}: {}", folder.string(), error.message());
      const crypto::Signer signer = crypto::Signer::generate(random_);
      const auto key =
          merkle::NoteVerifierKey::make(name, merkle::NoteKeyType::kCosignatureV1, signer.public_key());
      CROSSLINE_CHECK_OK(write(folder / "witness.key", signer.to_pem(), kSecret));
      CROSSLINE_CHECK_OK(write(folder / "witness.vkey", key.to_string() + "\n", kPublic));
      CROSSLINE_CHECK_OK(write(folder / "witness.toml",
                               fmt::format("name   = \"{}\"\nkey    = \"witness.key\"\ndata   = \"data\"\n"
                                           "listen = \"127.0.0.1:{}\"\n\n[[log]]\nkey = \"{}\"\n",
                                           name, port, ledger),
                               kPublic));
      const std::string url = fmt::format("http://127.0.0.1:{}", port);
      policy += fmt::format("witness {} {} {}\n", party, key.to_string(), url);
      witness_urls_[party] = url;
      manifest_["witnesses"].push_back(
          {{"party", party}, {"name", name}, {"config", (folder / "witness.toml").string()}, {"url", url}});
    }
    return write(root_ / "server/witnesses.policy", policy + "group both all A B\nquorum both\n", kPublic);
  }

  // Three parties with one key more than their threshold asks for, and the edition signed by enough of each.
  Result<void> sign_procedure(const std::string& sealed, const procedure::Edition& edition) {
    std::error_code error;
    fs::create_directories(root_ / "signing", error);
    if (error) return fail(ErrorCode::kUnavailable, "{}: {}", root_.string(), error.message());
    adoption::Envelope envelope{std::string(adoption::kEditionType), to_bytes(as_bytes(sealed)), {}};
    adoption::KeysOfParties keys;
    for (const auto& [party, threshold] : edition.procedure().sign) {
      for (std::int64_t i = 0; i <= threshold; ++i) {
        const crypto::Signer signer = crypto::Signer::generate(random_);
        CROSSLINE_CHECK_OK(
            write(root_ / "signing" / fmt::format("{}-{}.key", party, i + 1), signer.to_pem(), kSecret));
        keys[party].push_back(signer.public_key());
        if (i < threshold) envelope.sign(signer);
      }
    }
    CROSSLINE_TRY(const auto key_set, adoption::KeySet::make(std::string(edition.name()), std::move(keys),
                                                             edition.procedure().sign));
    const std::string signed_text = envelope.to_json();
    CROSSLINE_CHECK_OK(adoption::open_chain(key_set.to_toml(), signed_text));
    CROSSLINE_CHECK_OK(write(root_ / "procedure-keys.toml", key_set.to_toml(), kPublic));
    CROSSLINE_CHECK_OK(write(root_ / "procedure.json", sealed, kPublic));
    return write(root_ / "procedure.signed.json", signed_text, kPublic);
  }

  Result<void> make_server() {
    CROSSLINE_TRY(const auto https, port_or_free(options_.https_port));
    CROSSLINE_TRY(agents_port_, port_or_free(options_.agents_port));
    std::string config = fmt::format(
        "enrolment = \"../pki/server\"\n"
        "registry  = \"../pki/registry.toml\"\n"
        "data      = \"data\"\n"
        "procedure = \"../procedure.signed.json\"\n"
        "procedure_keys = \"../procedure-keys.toml\"\n\n"
        "[agents]\nlisten = \"127.0.0.1:{}\"\n\n"
        "[people]\nlisten = \"127.0.0.1:{}\"\nhosts  = [\"localhost\", \"127.0.0.1\"]\n",
        agents_port_, https);
    if (!options_.console.empty())
      config += fmt::format("pages  = \"{}\"\n", fs::absolute(options_.console).string());
    config += "\n[witnesses]\npolicy = \"witnesses.policy\"\n";
    manifest_["server"] = {{"config", (root_ / "server/server.toml").string()},
                           {"https", fmt::format("127.0.0.1:{}", https)},
                           {"agents", fmt::format("127.0.0.1:{}", agents_port_)},
                           {"ca", (root_ / "pki/parties/G/root.pem").string()},
                           {"ledger", (root_ / "server/data/ledger.db").string()}};
    return write(root_ / "server/server.toml", config, kPublic);
  }

  Result<void> make_accounts() {
    constexpr std::array<std::pair<Role, Party>, 8> kPeople{{{Role::kSupervisor, Party::kA},
                                                             {Role::kSupervisor, Party::kB},
                                                             {Role::kNegotiator, Party::kA},
                                                             {Role::kNegotiator, Party::kB},
                                                             {Role::kShiftLead, Party::kA},
                                                             {Role::kStaff, Party::kA},
                                                             {Role::kAuditor, Party::kB},
                                                             {Role::kAdministrator, Party::kGuarantor}}};
    std::error_code error;
    fs::create_directories(root_ / "server/data", error);
    fs::permissions(root_ / "server/data", fs::perms::owner_all, error);
    CROSSLINE_TRY(auto store, accounts::SqliteAccounts::open(root_ / "server/data/accounts.db"));
    manifest_["accounts"] = nlohmann::json::array();
    for (const auto& [role, party] : kPeople) {
      std::string party_letter(name_of(party));
      party_letter.front() = static_cast<char>(party_letter.front() - 'A' + 'a');
      const std::string name = fmt::format("{}.{}", party_letter, name_of(role));
      const std::string password = random_word(random_, 14);
      CROSSLINE_TRY(auto hash, accounts::hash_password(password, random_));
      CROSSLINE_CHECK_OK(store->add({.name = name,
                                     .party = party,
                                     .role = role,
                                     .language = "en",
                                     .password_hash = std::move(hash),
                                     .disabled = false,
                                     .created_at = clock_.now(),
                                     .password_set_at = clock_.now()}));
      manifest_["accounts"].push_back(
          {{"name", name}, {"password", password}, {"role", name_of(role)}, {"party", name_of(party)}});
    }
    return {};
  }

  Result<void> make_officers() {
    const std::string pin = random_pin(random_);
    CROSSLINE_TRY(const auto hash, accounts::hash_password(pin, random_));
    manifest_["officer"] = {{"id", kOfficer}, {"pin", pin}};
    return write(
        root_ / "agents/officers.toml",
        fmt::format(
            "[[officer]]\nid       = \"{}\"\npin      = \"{}\"\nlanguage = \"en\"\nroles    = [\"staff\"]\n",
            kOfficer, hash),
        kSecret);
  }

  Result<void> make_agents() {
    manifest_["agents"] = nlohmann::json::array();
    for (const std::string& checkpoint : checkpoints_) {
      for (const std::string side : {"A", "B"}) {
        const std::string agent = fmt::format("{}-{}-1", checkpoint, side == "A" ? "a" : "b");
        CROSSLINE_CHECK_OK(enrol_agent(
            root_ / "pki", {.agent = agent, .checkpoint = checkpoint, .side = side, .party = side},
            clock_.now(), random_));
        CROSSLINE_CHECK_OK(make_agent(agent, checkpoint, side));
      }
    }
    return {};
  }

  Result<void> make_agent(const std::string& agent, const std::string& checkpoint, const std::string& side) {
    const auto place = static_cast<std::uint16_t>(manifest_["agents"].size());
    CROSSLINE_TRY(
        const auto port,
        port_or_free(options_.station_port == 0 ? std::uint16_t{0}
                                                : static_cast<std::uint16_t>(options_.station_port + place)));
    std::error_code error;
    const fs::path folder = root_ / "agents" / agent;
    fs::create_directories(folder, error);
    if (error) return fail(ErrorCode::kUnavailable, "{}: {}", folder.string(), error.message());
    std::string config = fmt::format(
        "enrolment = \"../../pki/agents/{}\"\n"
        "registry  = \"../../pki/registry.toml\"\n"
        "data      = \"data\"\n"
        "procedure = \"../../procedure.signed.json\"\n"
        "procedure_keys = \"../../procedure-keys.toml\"\n"
        "officers  = \"../officers.toml\"\n\n"
        "[server]\naddress = \"127.0.0.1:{}\"\n\n"
        "[station]\nlisten = \"127.0.0.1:{}\"\n",
        agent, agents_port_, port);
    if (!options_.console.empty())
      config += fmt::format("pages  = \"{}\"\n", fs::absolute(options_.console).string());
    config += fmt::format("\n[witness]\nurl = \"{}\"\n", witness_urls_.at(side == "A" ? "B" : "A"));
    manifest_["agents"].push_back({{"agent", agent},
                                   {"checkpoint", checkpoint},
                                   {"side", side},
                                   {"config", (folder / "agent.toml").string()},
                                   {"station", fmt::format("127.0.0.1:{}", port)}});
    return write(folder / "agent.toml", config, kPublic);
  }

  // In pairs: an A post and a B post of a checkpoint of their own.
  Result<void> make_extra_agents() {
    for (std::uint32_t i = 0; i < options_.extra_agents; ++i) {
      const std::string side = i % 2 == 0 ? "A" : "B";
      CROSSLINE_CHECK_OK(enrol_agent(root_ / "pki",
                                     {.agent = fmt::format("load-{:02}", i + 1),
                                      .checkpoint = checkpoints_[i / 2 % checkpoints_.size()],
                                      .side = side,
                                      .party = side},
                                     clock_.now(), random_));
    }
    return {};
  }

  const SetupOptions& options_;
  fs::path root_;
  std::vector<std::string> checkpoints_;
  runtime::SystemClock clock_;
  crypto::SystemRandom random_;
  nlohmann::ordered_json manifest_;
  std::uint16_t agents_port_ = 0;
  std::map<std::string, std::string> witness_urls_;  // by party
};

}  // namespace

Result<void> set_up_line(const SetupOptions& options) {
  return Setup(options).run();
}

}  // namespace crossline::tools
