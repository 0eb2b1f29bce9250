#include "tools/accounts/people.hpp"

#include "crossline/accounts/password.hpp"

#include <utility>

namespace crossline::tools {
namespace {

Result<accounts::Account> existing(accounts::AccountStore& store, std::string_view name) {
  CROSSLINE_TRY(auto account, store.find(name));
  if (!account) return fail(ErrorCode::kNotFound, "there is no account {}", name);
  return *std::move(account);
}

Result<accounts::Account> account_of(const NewPerson& person, UtcMillis now) {
  CROSSLINE_CHECK_OK(accounts::check_name(person.name));
  CROSSLINE_CHECK_OK(accounts::check_language(person.language));
  const auto party = accounts::party_from(person.party);
  if (!party) return fail(ErrorCode::kInvalidArgument, "there is no party {}; A, B and G are", person.party);
  const auto role = accounts::role_from(person.role);
  if (!role) return fail(ErrorCode::kInvalidArgument, "there is no role {}", person.role);
  return accounts::Account{.name = person.name,
                           .party = *party,
                           .role = *role,
                           .language = person.language,
                           .password_hash = {},
                           .disabled = false,
                           .created_at = now,
                           .password_set_at = now};
}

}  // namespace

Result<accounts::Account> add_person(accounts::AccountStore& store, const NewPerson& person,
                                     std::string_view password, UtcMillis now, Random& random) {
  CROSSLINE_TRY(accounts::Account account, account_of(person, now));
  CROSSLINE_CHECK_OK(accounts::check_password(password, account.name));
  CROSSLINE_TRY(account.password_hash, accounts::hash_password(password, random));
  CROSSLINE_CHECK_OK(store.add(account));
  return account;
}

Result<accounts::Account> disable_person(accounts::AccountStore& store, std::string_view name) {
  CROSSLINE_TRY(accounts::Account account, existing(store, name));
  account.disabled = true;
  CROSSLINE_CHECK_OK(store.update(account));
  return account;
}

Result<accounts::Account> set_password(accounts::AccountStore& store, std::string_view name,
                                       std::string_view password, UtcMillis now, Random& random) {
  CROSSLINE_TRY(accounts::Account account, existing(store, name));
  CROSSLINE_CHECK_OK(accounts::check_password(password, account.name));
  CROSSLINE_TRY(account.password_hash, accounts::hash_password(password, random));
  account.password_set_at = now;
  CROSSLINE_CHECK_OK(store.update(account));
  return account;
}

}  // namespace crossline::tools
