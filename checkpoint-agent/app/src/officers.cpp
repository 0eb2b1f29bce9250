#include "officers.hpp"

#include "crossline/config/config.hpp"
#include "crossline/crypto/post_name.hpp"
#include "crossline/runtime/file.hpp"

#include <algorithm>
#include <array>

#include <argon2.h>

namespace crossline::agent {
namespace {

constexpr std::uint32_t kMemoryKib = 19 * 1'024;
constexpr std::uint32_t kPasses = 2;
constexpr std::uint32_t kLanes = 1;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;

constexpr std::size_t kMaxOfficersBytes = 64 * 1'024;  // of the file

constexpr std::uint64_t kFailuresAllowed = 5;
constexpr std::uint64_t kClosedMs = 30'000;

constexpr std::array<std::string_view, 2> kRoles{"staff", "shift_lead"};

bool is_language(std::string_view text) {
  return text.size() == 2 && std::ranges::all_of(text, [](char c) { return c >= 'a' && c <= 'z'; });
}

}  // namespace

Result<Officers> Officers::read(const std::filesystem::path& path) {
  CROSSLINE_TRY(const std::string text, runtime::read_secret_file(path, kMaxOfficersBytes));
  CROSSLINE_TRY(auto toml, config::Reader::parse(text, path.string(), path.parent_path()));
  Officers officers;
  const std::size_t count = toml.tables("officer");
  for (std::size_t i = 0; i < count; ++i) {
    const std::string key = fmt::format("officer.{}.", i);
    OfficerRecord record{.id = toml.text(key + "id"),
                         .pin_hash = toml.text(key + "pin"),
                         .language = toml.text(key + "language", "en"),
                         .roles = toml.texts(key + "roles", std::vector<std::string>{"staff"})};
    if (!record.pin_hash.empty() && !record.pin_hash.starts_with("$argon2id$"))
      toml.problem(key + "pin", "not an argon2id hash; crossline-agent officer add makes one");
    if (officers.find(record.id) != nullptr) toml.problem(key + "id", "this officer is there twice");
    if (const auto put = officers.put(std::move(record)); !put) toml.problem(key + "id", put.error().message);
  }
  CROSSLINE_CHECK_OK(toml.finish());
  return officers;
}

std::string Officers::to_toml() const {
  std::string text = "# Written by crossline-agent officer add.\n";
  for (const OfficerRecord& record : records_) {
    text +=
        fmt::format("\n[[officer]]\nid       = \"{}\"\npin      = \"{}\"\nlanguage = \"{}\"\nroles    = [",
                    record.id, record.pin_hash, record.language);
    for (std::size_t i = 0; i < record.roles.size(); ++i)
      text += fmt::format("{}\"{}\"", i == 0 ? "" : ", ", record.roles[i]);
    text += "]\n";
  }
  return text;
}

const OfficerRecord* Officers::find(std::string_view id) const {
  const auto found = std::ranges::find(records_, id, &OfficerRecord::id);
  return found == records_.end() ? nullptr : &*found;
}

Result<void> Officers::put(OfficerRecord record) {
  if (!crypto::is_plain_name(record.id))
    return fail(ErrorCode::kInvalidArgument, "'{}' is no officer's id: lower-case letters, digits and '-'",
                record.id);
  if (!is_language(record.language))
    return fail(ErrorCode::kInvalidArgument, "'{}' is no language, such as en or ru", record.language);
  for (const std::string& role : record.roles) {
    if (std::ranges::find(kRoles, role) == kRoles.end())
      return fail(ErrorCode::kInvalidArgument, "'{}' is no role: staff or shift_lead", role);
  }
  const auto place = std::ranges::find(records_, record.id, &OfficerRecord::id);
  if (place == records_.end()) {
    records_.push_back(std::move(record));
  } else {
    *place = std::move(record);
  }
  return {};
}

Result<std::string> hash_pin(std::string_view pin, Random& random) {
  if (pin.size() < kMinPinBytes || pin.size() > kMaxPinBytes)
    return fail(ErrorCode::kInvalidArgument, "a PIN has {} to {} characters", kMinPinBytes, kMaxPinBytes);
  std::array<std::uint8_t, kSaltBytes> salt{};
  random.fill(salt);
  std::string encoded(argon2_encodedlen(kPasses, kMemoryKib, kLanes, kSaltBytes, kHashBytes, Argon2_id),
                      '\0');
  const int done = argon2id_hash_encoded(kPasses, kMemoryKib, kLanes, pin.data(), pin.size(), salt.data(),
                                         salt.size(), kHashBytes, encoded.data(), encoded.size());
  if (done != ARGON2_OK)
    return fail(ErrorCode::kUnavailable, "the PIN cannot be hashed: {}", argon2_error_message(done));
  encoded.resize(encoded.find('\0'));
  return encoded;
}

bool verify_pin(std::string_view pin, const std::string& pin_hash) {
  return pin.size() <= kMaxPinBytes && argon2id_verify(pin_hash.c_str(), pin.data(), pin.size()) == ARGON2_OK;
}

std::uint64_t PinGate::wait_ms(std::uint64_t now_ms) const {
  return now_ms < closed_until_ms_ ? closed_until_ms_ - now_ms : 0;
}

void PinGate::failed(std::uint64_t now_ms) {
  if (++failures_ < kFailuresAllowed) return;
  failures_ = 0;
  closed_until_ms_ = now_ms + kClosedMs;
}

}  // namespace crossline::agent
