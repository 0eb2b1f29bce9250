#include "crossline/crypto/certificate.hpp"

#include "crossline/base/assert.hpp"
#include "openssl.hpp"

#include <ctime>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace crossline::crypto {
namespace {

using NamesPtr = std::unique_ptr<GENERAL_NAMES, OpenSslDeleter<GENERAL_NAMES_free>>;
using BignumPtr = std::unique_ptr<BIGNUM, OpenSslDeleter<BN_free>>;

X509Ptr parse_der(ByteView der) {
  const unsigned char* position = der.data();
  X509Ptr x509(d2i_X509(nullptr, &position, static_cast<long>(der.size())));
  // Nothing may follow the certificate: the fingerprint covers what was parsed.
  if (x509 != nullptr && position != der.data() + der.size()) x509.reset();
  ERR_clear_error();
  return x509;
}

Result<UtcMillis> read_time(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1)
    return fail(ErrorCode::kMalformed, "a certificate with a malformed time");
  constexpr std::int64_t kMillisPerSecond = 1'000;
  return UtcMillis{timegm(&parts) * kMillisPerSecond};
}

std::string read_name(const X509_NAME* name) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  CROSSLINE_ASSERT(bio != nullptr && X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253) >= 0);
  return bio_text(bio.get());
}

std::string read_serial(const X509* x509) {
  const BignumPtr number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(x509), nullptr));
  CROSSLINE_ASSERT(number != nullptr);
  Bytes bytes(static_cast<std::size_t>(BN_num_bytes(number.get())));
  BN_bn2bin(number.get(), bytes.data());
  return to_hex(bytes);
}

std::vector<std::string> read_uris(const X509* x509) {
  std::vector<std::string> uris;
  const NamesPtr names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(x509, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names != nullptr && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_URI) continue;
    const ASN1_IA5STRING* uri = name->d.uniformResourceIdentifier;
    uris.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
                      static_cast<std::size_t>(ASN1_STRING_length(uri)));
  }
  return uris;
}

Result<std::string_view> only_uri(const Certificate& certificate) {
  if (certificate.uris.size() != 1) {
    return fail(ErrorCode::kMalformed, "a certificate with {} URI names, not 1", certificate.uris.size());
  }
  return std::string_view(certificate.uris.front());
}

}  // namespace

Result<Certificate> Certificate::from_der(ByteView der) {
  const X509Ptr x509 = parse_der(der);
  if (x509 == nullptr) return fail(ErrorCode::kMalformed, "not one X.509 certificate");
  Certificate certificate;
  certificate.der = to_bytes(der);
  certificate.fingerprint = sha256(der);
  certificate.serial = read_serial(x509.get());
  certificate.subject = read_name(X509_get_subject_name(x509.get()));
  certificate.issuer = read_name(X509_get_issuer_name(x509.get()));
  CROSSLINE_TRY(certificate.not_before, read_time(X509_get0_notBefore(x509.get())));
  CROSSLINE_TRY(certificate.not_after, read_time(X509_get0_notAfter(x509.get())));
  certificate.uris = read_uris(x509.get());
  certificate.is_authority = X509_check_ca(x509.get()) == 1;
  ERR_clear_error();
  return certificate;
}

Result<Certificate> Certificate::from_pem(std::string_view pem) {
  const BioPtr bio = read_bio(pem);
  const X509Ptr first(PEM_read_bio_X509(bio.get(), nullptr, no_password, nullptr));
  if (first == nullptr) return fail(ErrorCode::kMalformed, "not a PEM certificate: {}", last_openssl_error());
  const X509Ptr second(PEM_read_bio_X509(bio.get(), nullptr, no_password, nullptr));
  ERR_clear_error();
  if (second != nullptr) return fail(ErrorCode::kMalformed, "more than one PEM certificate");
  unsigned char* encoded = nullptr;
  const int size = i2d_X509(first.get(), &encoded);
  CROSSLINE_ASSERT(size > 0);
  const Bytes der(encoded, encoded + size);
  OPENSSL_free(encoded);
  return from_der(der);
}

Result<PostName> Certificate::post() const {
  CROSSLINE_TRY(const std::string_view uri, only_uri(*this));
  return PostName::parse(uri);
}

Result<ServerName> Certificate::server() const {
  CROSSLINE_TRY(const std::string_view uri, only_uri(*this));
  return ServerName::parse(uri);
}

Result<AuditorName> Certificate::auditor() const {
  CROSSLINE_TRY(const std::string_view uri, only_uri(*this));
  return AuditorName::parse(uri);
}

std::string Certificate::to_pem() const {
  const X509Ptr x509 = parse_der(der);
  const BioPtr bio(BIO_new(BIO_s_mem()));
  CROSSLINE_ASSERT(x509 != nullptr && bio != nullptr && PEM_write_bio_X509(bio.get(), x509.get()) == 1);
  return bio_text(bio.get());
}

bool is_issued_by(const Certificate& certificate, const Certificate& root) {
  const X509Ptr child = parse_der(certificate.der);
  const X509Ptr parent = parse_der(root.der);
  CROSSLINE_ASSERT(child != nullptr && parent != nullptr);
  const bool issued =
      root.is_authority &&
      X509_NAME_cmp(X509_get_issuer_name(child.get()), X509_get_subject_name(parent.get())) == 0 &&
      X509_verify(child.get(), X509_get0_pubkey(parent.get())) == 1;
  ERR_clear_error();
  return issued;
}

}  // namespace crossline::crypto
