#include "crossline/crypto/certificate.hpp"

#include "crossline/crypto/authority.hpp"

#include <gtest/gtest.h>

namespace crossline::crypto {
namespace {

constexpr UtcMillis kNow{1'790'000'000'000};  // 2026-09-21
constexpr std::int64_t kDayMs = 86'400'000;

// Made with `openssl req -x509 -newkey ed25519 -days 3650 -set_serial 0x1234 -subj /O=elsewhere/CN=two names
// -addext subjectAltName=URI:crossline://river-line/server,URI:https://example.org/,DNS:example.org`.
constexpr std::string_view kTwoNames = R"(-----BEGIN CERTIFICATE-----
MIIBojCCAVSgAwIBAgICEjQwBQYDK2VwMCgxEjAQBgNVBAoMCWVsc2V3aGVyZTES
MBAGA1UEAwwJdHdvIG5hbWVzMB4XDTI2MTEyNDAyMzIwOVoXDTM2MTEyMTAyMzIw
OVowKDESMBAGA1UECgwJZWxzZXdoZXJlMRIwEAYDVQQDDAl0d28gbmFtZXMwKjAF
BgMrZXADIQAnRLDTM2BCH+g0W0wmyZdo2VO8ycKuRnbHo8mDto98JaOBoTCBnjAd
BgNVHQ4EFgQUf6pXj5jOekOMxPzTx6Lj1UsPDdIwHwYDVR0jBBgwFoAUf6pXj5jO
ekOMxPzTx6Lj1UsPDdIwDwYDVR0TAQH/BAUwAwEB/zBLBgNVHREERDBChh1jcm9z
c2xpbmU6Ly9yaXZlci1saW5lL3NlcnZlcoYUaHR0cHM6Ly9leGFtcGxlLm9yZy+C
C2V4YW1wbGUub3JnMAUGAytlcANBAOwqi7MmgdXJJmUYfd0gfs6CD0dPr0/h6/kT
MhWTLJQVoiJZ3qVls69SI+Fv4LOWOzquyCg3RMYqeVI21JG4hgg=
-----END CERTIFICATE-----
)";

Authority make_root(std::string_view party = "A") {
  return Authority::create("river-line", party, kNow).value();
}

PostName bridge() {
  return {.line = "river-line", .checkpoint = "bridge", .side = "A", .agent = "bridge-a-1"};
}

Certificate agent_certificate(const Authority& root) {
  return Certificate::from_pem(root.issue_agent(bridge(), kNow)->certificate_pem).value();
}

TEST(Certificate, ReadsWhatAnotherProgramMade) {
  const Result<Certificate> certificate = Certificate::from_pem(kTwoNames);
  ASSERT_TRUE(certificate.has_value()) << certificate.error().message;
  EXPECT_EQ(certificate->serial, "1234");
  EXPECT_EQ(certificate->subject, "CN=two names,O=elsewhere");
  EXPECT_EQ(certificate->issuer, certificate->subject);
  EXPECT_EQ(certificate->fingerprint.hex(),
            "2dcbc91a986f14d4f2fe3ed85d89321b8f37fcdd8abe55f5c7a13daf5a246232");
  EXPECT_EQ(certificate->not_before.ms, 1795487529ll * 1'000);
  EXPECT_EQ(certificate->not_after.ms, 2110847529ll * 1'000);
  EXPECT_EQ(certificate->uris,
            (std::vector<std::string>{"crossline://river-line/server", "https://example.org/"}));
}

TEST(Certificate, WithTwoUrisNamesNobody) {
  const Certificate certificate = Certificate::from_pem(kTwoNames).value();
  EXPECT_EQ(certificate.server().error().code, ErrorCode::kMalformed);
  EXPECT_EQ(certificate.post().error().code, ErrorCode::kMalformed);
}

TEST(Certificate, IsTheSameFromDerAndPem) {
  const Certificate certificate = agent_certificate(make_root());
  EXPECT_EQ(Certificate::from_der(certificate.der)->fingerprint, certificate.fingerprint);
  EXPECT_EQ(Certificate::from_pem(certificate.to_pem())->der, certificate.der);
  EXPECT_EQ(certificate.fingerprint, sha256(certificate.der));
}

TEST(Certificate, RefusesEveryTruncationAndTrailingBytes) {
  const Bytes der = agent_certificate(make_root()).der;
  for (std::size_t length = 0; length < der.size(); ++length) {
    EXPECT_FALSE(Certificate::from_der(ByteView(der).first(length)).has_value()) << length;
  }
  Bytes longer = der;
  longer.push_back(0);
  EXPECT_EQ(Certificate::from_der(longer).error().code, ErrorCode::kMalformed);
}

TEST(Certificate, SurvivesEveryFlippedByte) {
  const Authority root = make_root();
  const Certificate good = agent_certificate(root);
  for (std::size_t i = 0; i < good.der.size(); ++i) {
    Bytes changed = good.der;
    changed[i] ^= 0x01;
    const Result<Certificate> read = Certificate::from_der(changed);
    if (!read) continue;
    EXPECT_NE(read->fingerprint, good.fingerprint) << i;
    EXPECT_FALSE(is_issued_by(*read, root.certificate())) << i;
  }
}

TEST(Certificate, RefusesPemOfSomethingElse) {
  const std::string pem = agent_certificate(make_root()).to_pem();
  EXPECT_FALSE(Certificate::from_pem("").has_value());
  EXPECT_FALSE(
      Certificate::from_pem("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").has_value());
  EXPECT_FALSE(Certificate::from_pem(make_root().private_key_pem()).has_value());
  EXPECT_EQ(Certificate::from_pem(pem + pem).error().message, "more than one PEM certificate");
}

TEST(Authority, MakesARootForTenYears) {
  const Authority root = make_root();
  const Certificate& certificate = root.certificate();
  EXPECT_TRUE(certificate.is_authority);
  EXPECT_EQ(certificate.subject, "CN=river-line root of party A,OU=party A,O=river-line");
  EXPECT_EQ(certificate.issuer, certificate.subject);
  EXPECT_TRUE(certificate.uris.empty());
  EXPECT_TRUE(certificate.valid_at(kNow));
  EXPECT_TRUE(certificate.valid_at(kNow.plus(3'651 * kDayMs)));
  EXPECT_FALSE(certificate.valid_at(kNow.plus(3'653 * kDayMs)));
  EXPECT_TRUE(is_issued_by(certificate, certificate));
}

TEST(Authority, NamesThePostInAnAgentsCertificate) {
  const Authority root = make_root();
  const Certificate certificate = agent_certificate(root);
  EXPECT_EQ(certificate.post().value(), bridge());
  EXPECT_FALSE(certificate.server().has_value());
  EXPECT_FALSE(certificate.is_authority);
  EXPECT_EQ(certificate.issuer, root.certificate().subject);
  EXPECT_TRUE(certificate.valid_at(kNow));
  EXPECT_TRUE(certificate.valid_at(kNow.plus(-3'600'000)));
  EXPECT_FALSE(certificate.valid_at(kNow.plus(-3'601'000)));
  EXPECT_FALSE(certificate.valid_at(kNow.plus(732 * kDayMs)));
}

TEST(Authority, NamesTheLineInTheServersCertificate) {
  const Result<Credential> credential =
      make_root("G").issue_server({.name = {"river-line"},
                                   .dns_names = {"localhost", "line.example.org"},
                                   .ip_addresses = {"127.0.0.1", "::1"}},
                                  kNow);
  ASSERT_TRUE(credential.has_value()) << credential.error().message;
  const Certificate certificate = Certificate::from_pem(credential->certificate_pem).value();
  EXPECT_EQ(certificate.server()->line, "river-line");
  EXPECT_FALSE(certificate.post().has_value());
}

TEST(Authority, GivesEveryCertificateItsOwnKeyAndSerial) {
  const Authority root = make_root();
  const Credential first = root.issue_agent(bridge(), kNow).value();
  const Credential second = root.issue_agent(bridge(), kNow).value();
  EXPECT_NE(first.private_key_pem, second.private_key_pem);
  EXPECT_NE(Certificate::from_pem(first.certificate_pem)->serial,
            Certificate::from_pem(second.certificate_pem)->serial);
}

TEST(Authority, VouchesOnlyForItsOwn) {
  const Authority a = make_root("A");
  const Authority b = make_root("B");
  const Authority impostor = make_root("A");  // the same name, another key
  const Certificate certificate = agent_certificate(a);
  EXPECT_TRUE(is_issued_by(certificate, a.certificate()));
  EXPECT_FALSE(is_issued_by(certificate, b.certificate()));
  EXPECT_FALSE(is_issued_by(certificate, impostor.certificate()));
  EXPECT_FALSE(is_issued_by(certificate, certificate));
}

TEST(Authority, GoesOnFromItsFiles) {
  const Authority root = make_root();
  const Result<Authority> loaded = Authority::load(root.certificate().to_pem(), root.private_key_pem());
  ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
  EXPECT_TRUE(is_issued_by(agent_certificate(*loaded), root.certificate()));
}

TEST(Authority, RefusesAKeyOrCertificateThatIsNotItsOwn) {
  const Authority root = make_root();
  const std::string pem = root.certificate().to_pem();
  EXPECT_EQ(Authority::load(pem, make_root().private_key_pem()).error().code, ErrorCode::kConflict);
  EXPECT_EQ(Authority::load(pem, "").error().code, ErrorCode::kMalformed);
  EXPECT_EQ(Authority::load("", root.private_key_pem()).error().code, ErrorCode::kMalformed);
  const Credential agent = root.issue_agent(bridge(), kNow).value();
  EXPECT_EQ(Authority::load(agent.certificate_pem, agent.private_key_pem).error().code, ErrorCode::kConflict);
}

TEST(Authority, RefusesNamesThatAreNone) {
  const auto code = [](const auto& result) { return result.error().code; };
  EXPECT_EQ(code(Authority::create("River Line", "A", kNow)), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(Authority::create("river-line", "C", kNow)), ErrorCode::kInvalidArgument);
  const Authority root = make_root();
  PostName post = bridge();
  post.side = "C";
  EXPECT_EQ(code(root.issue_agent(post, kNow)), ErrorCode::kInvalidArgument);
  for (const std::string_view dns :
       {"", "*.example.org", "a,URI:crossline://x", "A.example.org", ".a", "a..b", "-a", "a b"}) {
    EXPECT_EQ(code(root.issue_server({{"river-line"}, {std::string(dns)}, {}}, kNow)),
              ErrorCode::kInvalidArgument)
        << dns;
  }
  for (const std::string_view ip : {"", "localhost", "1.2.3", "1.2.3.4/8", "::g"}) {
    EXPECT_EQ(code(root.issue_server({{"river-line"}, {}, {std::string(ip)}}, kNow)),
              ErrorCode::kInvalidArgument)
        << ip;
  }
  EXPECT_EQ(code(root.issue_server({{"River"}, {}, {}}, kNow)), ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace crossline::crypto
