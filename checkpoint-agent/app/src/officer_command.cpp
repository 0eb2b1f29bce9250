#include "commands.hpp"
#include "crossline/base/bytes.hpp"
#include "crossline/crypto/random.hpp"
#include "crossline/runtime/file.hpp"
#include "officers.hpp"

#include <cstdio>
#include <iostream>
#include <string>

namespace crossline::agent {
namespace {

constexpr mode_t kOwnerOnly = 0600;

Result<void> put_officer(const OfficerOptions& options, std::string_view pin) {
  Officers officers;
  if (std::filesystem::exists(options.file)) {
    CROSSLINE_TRY(officers, Officers::read(options.file));
  }
  crypto::SystemRandom random;
  CROSSLINE_TRY(std::string hash, hash_pin(pin, random));
  CROSSLINE_CHECK_OK(officers.put({options.id, std::move(hash), options.language, options.roles}));
  return runtime::write_file_atomic(options.file, as_bytes(officers.to_toml()), kOwnerOnly);
}

}  // namespace

int add_officer(const OfficerOptions& options) {
  std::string pin;
  std::getline(std::cin, pin);
  if (!pin.empty() && pin.back() == '\r') pin.pop_back();
  if (const auto put = put_officer(options, pin); !put) {
    std::fprintf(stderr, "crossline-agent: %s\n", put.error().message.c_str());
    return put.error().kind() == ErrorKind::kFatal ? kExitFailed : kExitInvalid;
  }
  return kExitOk;
}

}  // namespace crossline::agent
