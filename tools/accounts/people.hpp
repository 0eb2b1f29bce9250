// What `crossline accounts` does to a store of accounts.
#pragma once

#include "crossline/accounts/account_store.hpp"

#include <string>
#include <string_view>

namespace crossline::tools {

struct NewPerson {
  std::string name;
  std::string party;  // "A", "B", "G"
  std::string role;   // "supervisor", ...
  std::string language = "en";
};

// kInvalidArgument for a name, party, role, language or password that does not do; kConflict when the name is
// taken. Nothing has changed then.
Result<accounts::Account> add_person(accounts::AccountStore& store, const NewPerson& person,
                                     std::string_view password, UtcMillis now, Random& random);

// These end the person's sessions. kNotFound when there is no such account.
Result<accounts::Account> disable_person(accounts::AccountStore& store, std::string_view name);
Result<accounts::Account> set_password(accounts::AccountStore& store, std::string_view name,
                                       std::string_view password, UtcMillis now, Random& random);

}  // namespace crossline::tools
