#include "tests/integration/pki/pki_files.hpp"

#include "crossline/crypto/random.hpp"
#include "tests/support/vectors.hpp"

#include <algorithm>

namespace crossline::tools {

Result<void> PkiFiles::init(const std::string& line) {
  crypto::SystemRandom random;
  const PkiInit request{
      .line = line, .server_party = "G", .dns_names = {"localhost"}, .ip_addresses = {"127.0.0.1"}};
  return init_pki(pki(), request, kToday, random);
}

Result<enrolment::AgentRecord> PkiFiles::enrol(const std::string& agent, const std::string& side,
                                               const std::string& party) {
  crypto::SystemRandom random;
  return enrol_agent(pki(), {.agent = agent, .checkpoint = "bridge", .side = side, .party = party}, kToday,
                     random);
}

std::string PkiFiles::text(const std::filesystem::path& path) const {
  return test::read_file(pki() / path);
}

std::vector<std::string> PkiFiles::files() const {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(pki())) {
    if (entry.is_regular_file()) paths.push_back(entry.path().lexically_relative(pki()).string());
  }
  std::ranges::sort(paths);
  return paths;
}

}  // namespace crossline::tools
