#include "crossline/crypto/authority.hpp"

#include "crossline/base/assert.hpp"
#include "openssl.hpp"

#include <algorithm>
#include <array>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace crossline::crypto {
namespace {

using NamesPtr = std::unique_ptr<GENERAL_NAMES, OpenSslDeleter<GENERAL_NAMES_free>>;
using NamePtr = std::unique_ptr<X509_NAME, OpenSslDeleter<X509_NAME_free>>;
using ExtensionPtr = std::unique_ptr<X509_EXTENSION, OpenSslDeleter<X509_EXTENSION_free>>;
using BignumPtr = std::unique_ptr<BIGNUM, OpenSslDeleter<BN_free>>;
using OctetsPtr = std::unique_ptr<ASN1_OCTET_STRING, OpenSslDeleter<ASN1_OCTET_STRING_free>>;

constexpr std::int64_t kSecondsPerDay = 86'400;
constexpr std::int64_t kBackdatedSeconds = 3'600;
constexpr long kVersion3 = 2;  // as X.509 counts
constexpr std::size_t kMaxHostNameBytes = 253;

// Building a certificate from checked values fails only when memory does.
void must(bool done) {
  CROSSLINE_ASSERT(done);
}

PkeyPtr generate_key() {
  PkeyPtr key(EVP_EC_gen("P-256"));
  must(key != nullptr);
  return key;
}

std::string key_to_pem(EVP_PKEY* key) {
  const BioPtr bio(BIO_new(BIO_s_secmem()));
  must(bio != nullptr &&
       PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return bio_text(bio.get());
}

struct Extension {
  int nid;
  const char* value;  // OpenSSL's configuration syntax; constants only, never anything that a person typed
};

constexpr std::array<Extension, 3> kRootExtensions = {{
    {NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
    {NID_key_usage, "critical,keyCertSign,cRLSign"},
    {NID_subject_key_identifier, "hash"},
}};
constexpr std::array<Extension, 4> kLeafExtensions = {{
    {NID_basic_constraints, "critical,CA:FALSE"},
    {NID_key_usage, "critical,digitalSignature"},
    {NID_subject_key_identifier, "hash"},
    {NID_authority_key_identifier, "keyid:always"},
}};
constexpr Extension kServerUsage = {NID_ext_key_usage, "serverAuth"};
constexpr Extension kClientUsage = {NID_ext_key_usage, "clientAuth"};

// A certificate under construction.
class Draft {
 public:
  Draft(EVP_PKEY* public_key, UtcMillis now, std::uint32_t valid_days) : x509_(X509_new()) {
    must(x509_ != nullptr && X509_set_version(x509_.get(), kVersion3) == 1);
    must(X509_set_pubkey(x509_.get(), public_key) == 1);
    set_serial();
    const std::int64_t start = now.ms / 1'000 - kBackdatedSeconds;
    must(ASN1_TIME_set(X509_getm_notBefore(x509_.get()), start) != nullptr);
    must(ASN1_TIME_set(X509_getm_notAfter(x509_.get()), start + valid_days * kSecondsPerDay) != nullptr);
  }

  void set_subject(std::string_view organization, std::string_view unit, std::string_view common_name) {
    const NamePtr name(X509_NAME_new());
    must(name != nullptr);
    add_part(name.get(), NID_organizationName, organization);
    if (!unit.empty()) add_part(name.get(), NID_organizationalUnitName, unit);
    add_part(name.get(), NID_commonName, common_name);
    must(X509_set_subject_name(x509_.get(), name.get()) == 1);
  }

  // `issuer` null: the certificate is its own.
  void set_issuer(X509* issuer) {
    issuer_ = issuer == nullptr ? x509_.get() : issuer;
    must(X509_set_issuer_name(x509_.get(), X509_get_subject_name(issuer_)) == 1);
  }

  void add(const Extension& extension) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer_, x509_.get(), nullptr, nullptr, 0);
    const ExtensionPtr made(X509V3_EXT_conf_nid(nullptr, &context, extension.nid, extension.value));
    must(made != nullptr && X509_add_ext(x509_.get(), made.get(), -1) == 1);
  }

  void add_names(const GENERAL_NAMES* names) {
    must(X509_add1_ext_i2d(x509_.get(), NID_subject_alt_name, const_cast<GENERAL_NAMES*>(names), 0, 0) == 1);
  }

  X509Ptr sign(EVP_PKEY* key) && {
    must(X509_sign(x509_.get(), key, EVP_sha256()) > 0);
    return std::move(x509_);
  }

 private:
  // RFC 5280 section 4.1.2.2: positive, unpredictable, at most 20 bytes.
  void set_serial() {
    constexpr int kSerialBits = 127;
    const BignumPtr number(BN_new());
    must(number != nullptr && BN_rand(number.get(), kSerialBits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1);
    must(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(x509_.get())) != nullptr);
  }

  static void add_part(X509_NAME* name, int nid, std::string_view text) {
    must(X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(text.data()),
                                    static_cast<int>(text.size()), -1, 0) == 1);
  }

  X509Ptr x509_;
  X509* issuer_ = nullptr;
};

void push_text_name(GENERAL_NAMES* names, int type, std::string_view text) {
  GENERAL_NAME* name = GENERAL_NAME_new();
  ASN1_IA5STRING* value = ASN1_IA5STRING_new();
  must(name != nullptr && value != nullptr &&
       ASN1_STRING_set(value, text.data(), static_cast<int>(text.size())) == 1);
  GENERAL_NAME_set0_value(name, type, value);
  must(sk_GENERAL_NAME_push(names, name) > 0);
}

bool is_host_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  return !name.empty() && name.size() <= kMaxHostNameBytes && std::ranges::all_of(name, allowed) &&
         name.front() != '.' && name.front() != '-' && name.find("..") == std::string_view::npos;
}

Result<NamesPtr> server_names(const ServerRequest& request) {
  NamesPtr names(GENERAL_NAMES_new());
  must(names != nullptr);
  push_text_name(names.get(), GEN_URI, request.name.uri());
  for (const std::string& dns : request.dns_names) {
    if (!is_host_name(dns))
      return fail(ErrorCode::kInvalidArgument, "'{}' is not a host name in lower case", dns);
    push_text_name(names.get(), GEN_DNS, dns);
  }
  for (const std::string& ip : request.ip_addresses) {
    OctetsPtr address(a2i_IPADDRESS(ip.c_str()));
    ERR_clear_error();
    if (address == nullptr) return fail(ErrorCode::kInvalidArgument, "'{}' is not an IP address", ip);
    GENERAL_NAME* name = GENERAL_NAME_new();
    must(name != nullptr);
    GENERAL_NAME_set0_value(name, GEN_IPADD, address.release());
    must(sk_GENERAL_NAME_push(names.get(), name) > 0);
  }
  return names;
}

Certificate read(X509* x509) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  must(bio != nullptr && PEM_write_bio_X509(bio.get(), x509) == 1);
  return Certificate::from_pem(bio_text(bio.get())).value();
}

}  // namespace

struct Authority::State {
  X509Ptr x509;
  PkeyPtr key;
  Certificate certificate;

  Credential issue_leaf(std::string_view line, std::string_view common_name, const GENERAL_NAMES* names,
                        const Extension& usage, UtcMillis now) const {
    const PkeyPtr leaf_key = generate_key();
    Draft draft(leaf_key.get(), now, kLeafValidDays);
    draft.set_subject(line, {}, common_name);
    draft.set_issuer(x509.get());
    for (const Extension& extension : kLeafExtensions) draft.add(extension);
    draft.add(usage);
    draft.add_names(names);
    const X509Ptr leaf = std::move(draft).sign(key.get());
    return {.certificate_pem = read(leaf.get()).to_pem(), .private_key_pem = key_to_pem(leaf_key.get())};
  }
};

Authority::Authority(std::unique_ptr<State> state) : state_(std::move(state)) {}
Authority::~Authority() = default;
Authority::Authority(Authority&&) noexcept = default;
Authority& Authority::operator=(Authority&&) noexcept = default;

Result<Authority> Authority::create(std::string_view line, std::string_view party, UtcMillis now) {
  if (!is_plain_name(line)) return fail(ErrorCode::kInvalidArgument, "'{}' is not a line's name", line);
  if (party != "A" && party != "B" && party != "G") {
    return fail(ErrorCode::kInvalidArgument, "'{}' is no party: A, B or G", party);
  }
  auto state = std::make_unique<State>();
  state->key = generate_key();
  Draft draft(state->key.get(), now, kRootValidDays);
  draft.set_subject(line, fmt::format("party {}", party), fmt::format("{} root of party {}", line, party));
  draft.set_issuer(nullptr);
  for (const Extension& extension : kRootExtensions) draft.add(extension);
  state->x509 = std::move(draft).sign(state->key.get());
  state->certificate = read(state->x509.get());
  return Authority(std::move(state));
}

Result<Authority> Authority::load(std::string_view certificate_pem, std::string_view private_key_pem) {
  auto state = std::make_unique<State>();
  CROSSLINE_TRY(state->certificate, Certificate::from_pem(certificate_pem));
  const unsigned char* position = state->certificate.der.data();
  state->x509.reset(d2i_X509(nullptr, &position, static_cast<long>(state->certificate.der.size())));
  must(state->x509 != nullptr);
  const BioPtr bio = read_bio(private_key_pem);
  state->key.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr));
  if (state->key == nullptr)
    return fail(ErrorCode::kMalformed, "not a PEM private key: {}", last_openssl_error());
  if (!state->certificate.is_authority)
    return fail(ErrorCode::kConflict, "the certificate is not an authority's");
  if (X509_check_private_key(state->x509.get(), state->key.get()) != 1) {
    ERR_clear_error();
    return fail(ErrorCode::kConflict, "the private key does not belong to the certificate");
  }
  return Authority(std::move(state));
}

const Certificate& Authority::certificate() const {
  return state_->certificate;
}

std::string Authority::private_key_pem() const {
  return key_to_pem(state_->key.get());
}

Result<Credential> Authority::issue_server(const ServerRequest& request, UtcMillis now) const {
  const std::string& line = request.name.line;
  if (!is_plain_name(line)) return fail(ErrorCode::kInvalidArgument, "'{}' is not a line's name", line);
  CROSSLINE_TRY(const NamesPtr names, server_names(request));
  return state_->issue_leaf(line, fmt::format("server of {}", line), names.get(), kServerUsage, now);
}

Result<Credential> Authority::issue_agent(const PostName& post, UtcMillis now) const {
  CROSSLINE_CHECK_OK(post.check());
  const NamesPtr names(GENERAL_NAMES_new());
  must(names != nullptr);
  push_text_name(names.get(), GEN_URI, post.uri());
  return state_->issue_leaf(post.line, post.agent, names.get(), kClientUsage, now);
}

Result<Credential> Authority::issue_auditor(const AuditorName& auditor, UtcMillis now) const {
  CROSSLINE_CHECK_OK(auditor.check());
  const NamesPtr names(GENERAL_NAMES_new());
  must(names != nullptr);
  push_text_name(names.get(), GEN_URI, auditor.uri());
  return state_->issue_leaf(auditor.line, auditor.name, names.get(), kClientUsage, now);
}

}  // namespace crossline::crypto
