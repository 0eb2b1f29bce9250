#include "crossline/accounts/account.hpp"

#include "crossline/base/text.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

namespace crossline::accounts {
namespace {

constexpr std::array<std::string_view, 3> kPartyNames{"A", "B", "G"};
constexpr std::array<std::string_view, 6> kRoleNames{"staff",      "shift_lead", "supervisor",
                                                     "negotiator", "auditor",    "administrator"};
constexpr std::size_t kMinDifferentCharacters = 5;

template <class Enum, std::size_t N>
std::optional<Enum> from_name(const std::array<std::string_view, N>& names, std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

bool is_name_character(char c) {
  return is_lower(c) || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  const auto equal = [](char a, char b) { return to_lower(a) == to_lower(b); };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), equal) != text.end();
}

// The characters of well-formed UTF-8 as the byte strings that encode them.
std::vector<std::string_view> characters_of(std::string_view text) {
  std::vector<std::string_view> characters;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = begin + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u) ++end;
    characters.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return characters;
}

}  // namespace

std::string_view name_of(Party party) {
  return kPartyNames[std::to_underlying(party)];
}
std::string_view name_of(Role role) {
  return kRoleNames[std::to_underlying(role)];
}
std::optional<Party> party_from(std::string_view name) {
  return from_name<Party>(kPartyNames, name);
}
std::optional<Role> role_from(std::string_view name) {
  return from_name<Role>(kRoleNames, name);
}

Result<void> check_name(std::string_view name) {
  if (name.size() < kMinNameBytes || name.size() > kMaxNameBytes) {
    return fail(ErrorCode::kInvalidArgument, "an account's name has {} to {} characters", kMinNameBytes,
                kMaxNameBytes);
  }
  if (!is_lower(name.front()) || !std::all_of(name.begin(), name.end(), is_name_character)) {
    return fail(ErrorCode::kInvalidArgument,
                "an account's name begins with a letter and has only a-z, 0-9, '.', '_' and '-'");
  }
  return {};
}

Result<void> check_language(std::string_view language) {
  if (language.size() < 2 || language.size() > 3 ||
      !std::all_of(language.begin(), language.end(), is_lower)) {
    return fail(ErrorCode::kInvalidArgument, "a language is two or three lower-case letters, for example en");
  }
  return {};
}

Result<void> check_password(std::string_view password, std::string_view account_name) {
  if (password.size() > kMaxPasswordBytes) {
    return fail(ErrorCode::kInvalidArgument, "the password is longer than {} bytes", kMaxPasswordBytes);
  }
  if (!is_utf8(password)) return fail(ErrorCode::kInvalidArgument, "the password is not UTF-8 text");
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (std::any_of(password.begin(), password.end(), is_control)) {
    return fail(ErrorCode::kInvalidArgument, "the password contains a control character");
  }
  const auto characters = characters_of(password);
  if (characters.size() < kMinPasswordCharacters) {
    return fail(ErrorCode::kInvalidArgument, "the password has fewer than {} characters",
                kMinPasswordCharacters);
  }
  if (std::set(characters.begin(), characters.end()).size() < kMinDifferentCharacters) {
    return fail(ErrorCode::kInvalidArgument, "the password has fewer than {} different characters",
                kMinDifferentCharacters);
  }
  if (contains_ignoring_case(password, account_name)) {
    return fail(ErrorCode::kInvalidArgument, "the password contains the account's name");
  }
  return {};
}

}  // namespace crossline::accounts
