// What we issue, read by a program that we did not write: Debian's openssl.
#include "tests/integration/pki/pki_files.hpp"

#include <array>
#include <cstdio>

namespace crossline::tools {
namespace {

struct Outcome {
  std::string output;  // both streams
  int status = -1;
};

Outcome run(const std::string& command) {
  Outcome outcome;
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return outcome;
  std::array<char, 4'096> chunk{};
  while (const std::size_t count = std::fread(chunk.data(), 1, chunk.size(), pipe))
    outcome.output.append(chunk.data(), count);
  outcome.status = ::pclose(pipe);
  return outcome;
}

class PkiOpenssl : public PkiFiles {
 protected:
  void SetUp() override {
    ASSERT_TRUE(init().has_value());
    ASSERT_TRUE(enrol("bridge-a-1").has_value());
  }
  [[nodiscard]] std::string path(const std::string& name) const {
    return fmt::format("'{}'", (pki() / name).string());
  }
  // Verifies a certificate at the day of issue for a purpose against one root.
  [[nodiscard]] Outcome verify(const std::string& root, const std::string& purpose,
                               const std::string& certificate, const std::string& options = "") const {
    return run(fmt::format("openssl verify -x509_strict -attime {} -purpose {} {} -CAfile {} {}",
                           kToday.ms / 1'000, purpose, options, path(root), path(certificate)));
  }
  [[nodiscard]] std::string text_of(const std::string& certificate) const {
    return run("openssl x509 -noout -text -in " + path(certificate)).output;
  }
  static void expect_in(const std::string& text, std::initializer_list<std::string_view> parts) {
    for (const std::string_view part : parts)
      EXPECT_NE(text.find(part), std::string::npos) << part << "\nin\n" << text;
  }
};

TEST_F(PkiOpenssl, VerifiesTheServerForItsNamesAndNoOther) {
  const std::string server = "server/server.pem";
  EXPECT_EQ(verify("parties/G/root.pem", "sslserver", server).status, 0);
  EXPECT_EQ(verify("parties/G/root.pem", "sslserver", server, "-verify_hostname localhost").status, 0);
  EXPECT_EQ(verify("parties/G/root.pem", "sslserver", server, "-verify_ip 127.0.0.1").status, 0);
  EXPECT_NE(verify("parties/G/root.pem", "sslserver", server, "-verify_hostname example.org").status, 0);
  EXPECT_NE(verify("parties/G/root.pem", "sslclient", server).status, 0);
  EXPECT_NE(verify("parties/A/root.pem", "sslserver", server).status, 0);
}

TEST_F(PkiOpenssl, VerifiesTheAgentForItsPartyAndPurpose) {
  const std::string agent_pem = "agents/bridge-a-1/agent.pem";
  EXPECT_EQ(verify("parties/A/root.pem", "sslclient", agent_pem).status, 0);
  EXPECT_NE(verify("parties/A/root.pem", "sslserver", agent_pem).status, 0);
  EXPECT_NE(verify("parties/B/root.pem", "sslclient", agent_pem).status, 0);
}

TEST_F(PkiOpenssl, ShowsTheRootAsThePolicySays) {
  expect_in(text_of("parties/A/root.pem"),
            {"CA:TRUE, pathlen:0", "Certificate Sign, CRL Sign", "ecdsa-with-SHA256", "NIST CURVE: P-256",
             "O = river-line, OU = party A, CN = river-line root of party A",
             "Not Before: Oct  1 07:00:00 2026 GMT", "Not After : Sep 30 07:00:00 2036 GMT"});
}

TEST_F(PkiOpenssl, ShowsTheServerAsThePolicySays) {
  expect_in(text_of("server/server.pem"),
            {"CA:FALSE", "Digital Signature", "TLS Web Server Authentication",
             "Issuer: O = river-line, OU = party G",
             "URI:crossline://river-line/server, DNS:localhost, IP Address:127.0.0.1"});
}

TEST_F(PkiOpenssl, ShowsTheAgentAsThePolicySays) {
  const std::string text = text_of("agents/bridge-a-1/agent.pem");
  expect_in(text,
            {"CA:FALSE", "Digital Signature", "TLS Web Client Authentication",
             "Issuer: O = river-line, OU = party A", "URI:crossline://river-line/post/bridge/A/bridge-a-1",
             "Not After : Oct  1 07:00:00 2028 GMT"});
  EXPECT_EQ(text.find("TLS Web Server Authentication"), std::string::npos);
}

TEST_F(PkiOpenssl, AgreesOnTheFingerprintInTheRegistry) {
  const std::string output =
      run("openssl x509 -noout -fingerprint -sha256 -in " + path("agents/bridge-a-1/agent.pem")).output;
  std::string digits;
  for (const char c : output.substr(output.find('=') + 1)) {
    if (c != ':' && c != '\n') digits += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  EXPECT_EQ(read_registry(pki())->find("bridge-a-1")->certificate.hex(), digits);
}

TEST_F(PkiOpenssl, ReadsThePrivateKeys) {
  for (const std::string_view name : {"parties/A/root.key", "server/server.key", "server/ledger.key",
                                      "agents/bridge-a-1/agent.key", "agents/bridge-a-1/journal.key"}) {
    const Outcome outcome = run("openssl pkey -noout -check -in " + path(std::string(name)));
    EXPECT_EQ(outcome.status, 0) << name << ": " << outcome.output;
  }
}

}  // namespace
}  // namespace crossline::tools
