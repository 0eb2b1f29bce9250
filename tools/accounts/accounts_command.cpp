#include "tools/accounts/accounts_command.hpp"

#include "crossline/accounts/sqlite_accounts.hpp"
#include "crossline/base/time.hpp"
#include "crossline/crypto/random.hpp"
#include "crossline/runtime/system_clock.hpp"
#include "tools/accounts/password_source.hpp"
#include "tools/accounts/people.hpp"
#include "tools/support/input_file.hpp"
#include "tools/support/output.hpp"

#include <filesystem>
#include <memory>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace crossline::tools {
namespace {

using accounts::Account;
using Json = nlohmann::ordered_json;

// What the options of the subcommands fill in; lives as long as the parser.
struct AccountsOptions {
  std::string store = "accounts.db";
  std::string password_file;
  NewPerson person;
  bool json = false;
};
using Options = std::shared_ptr<AccountsOptions>;

enum class Opens { kExisting, kNewToo };
std::unique_ptr<accounts::SqliteAccounts> open_store(const AccountsOptions& options, Opens opens) {
  if (opens == Opens::kExisting) {
    if (std::string wrong = why_no_file(options.store); !wrong.empty())
      fail_with({ErrorCode::kInvalidArgument, std::move(wrong)});
  }
  return value_or_exit(accounts::SqliteAccounts::open(options.store));
}

std::string read_password(const AccountsOptions& options) {
  return value_or_exit(options.password_file.empty() ? password_from_stdin()
                                                     : password_from_file(options.password_file));
}

Json to_json(const Account& account) {
  return {{"name", account.name},
          {"party", accounts::name_of(account.party)},
          {"role", accounts::name_of(account.role)},
          {"language", account.language},
          {"disabled", account.disabled},
          {"created", format_utc(account.created_at)},
          {"password_set", format_utc(account.password_set_at)}};
}

void print_account(const AccountsOptions& options, const Account& account, std::string_view done) {
  if (options.json) return print(to_json(account).dump(2) + "\n");
  print(fmt::format("{} {} ({} of party {})\n", done, account.name, accounts::name_of(account.role),
                    accounts::name_of(account.party)));
}

void run_add(const AccountsOptions& options) {
  // A store that is not there yet is made, but not before there is something to put into it.
  const bool is_new = !std::filesystem::exists(options.store);
  auto store = is_new ? nullptr : open_store(options, Opens::kExisting);
  const std::string password = read_password(options);
  if (is_new) {
    store = open_store(options, Opens::kNewToo);
    note(fmt::format("{} is new; a server reads accounts.db in its data folder", options.store));
  }
  crypto::SystemRandom random;
  print_account(
      options,
      value_or_exit(add_person(*store, options.person, password, runtime::SystemClock().now(), random)),
      "Added");
}

void run_list(const AccountsOptions& options) {
  const auto all = value_or_exit(open_store(options, Opens::kExisting)->list());
  if (options.json) {
    Json json = Json::array();
    for (const Account& account : all) json.push_back(to_json(account));
    return print(json.dump(2) + "\n");
  }
  print(fmt::format("{:<32}  {:<5}  {:<13}  {:<8}  {:<20}  {}\n", "NAME", "PARTY", "ROLE", "LANGUAGE",
                    "CREATED", "STATE"));
  for (const Account& account : all) {
    print(fmt::format("{:<32}  {:<5}  {:<13}  {:<8}  {:<20}  {}\n", account.name,
                      accounts::name_of(account.party), accounts::name_of(account.role), account.language,
                      format_utc(account.created_at), account.disabled ? "disabled" : "active"));
  }
}

void run_disable(const AccountsOptions& options) {
  const auto store = open_store(options, Opens::kExisting);
  print_account(options, value_or_exit(disable_person(*store, options.person.name)), "Disabled");
}

void run_set_password(const AccountsOptions& options) {
  const auto store = open_store(options, Opens::kExisting);
  crypto::SystemRandom random;
  print_account(options,
                value_or_exit(set_password(*store, options.person.name, read_password(options),
                                           runtime::SystemClock().now(), random)),
                "Changed the password of");
}

CLI::App* add_subcommand(CLI::App& accounts, const Options& options, const std::string& name,
                         const std::string& description, void (*run)(const AccountsOptions&)) {
  CLI::App* command = accounts.add_subcommand(name, description);
  command->add_option("--store", options->store, "The server's accounts.db")->capture_default_str();
  command->add_flag("--json", options->json, "Print JSON");
  command->footer("Exit codes: 0 done; 1 not done, stderr says why; 2 wrong input or usage.");
  command->callback([options, run] { run(*options); });
  return command;
}

void add_name(CLI::App& command, const Options& options) {
  command.add_option("name", options->person.name, "Name of the account, such as a.supervisor1")->required();
}

void add_password_file(CLI::App& command, const Options& options) {
  command.add_option("--password-file", options->password_file,
                     "Take the password from the first line of this file, which its owner alone may read; "
                     "without it, from standard input");
}

}  // namespace

void add_accounts_command(CLI::App& app) {
  CLI::App* accounts = app.add_subcommand("accounts", "Open, list and close the accounts of a server");
  accounts->require_subcommand(1);
  const auto options = std::make_shared<AccountsOptions>();

  CLI::App* add = add_subcommand(*accounts, options, "add", "Open an account", run_add);
  add_name(*add, options);
  add_password_file(*add, options);
  add->add_option("--party", options->person.party, "Party of the person")
      ->required()
      ->check(CLI::IsMember({"A", "B", "G"}));
  add->add_option("--role", options->person.role, "What the person may see and do")
      ->required()
      ->check(CLI::IsMember({"staff", "shift_lead", "supervisor", "negotiator", "auditor", "administrator"}));
  add->add_option("--language", options->person.language, "Language of the pages")->capture_default_str();

  add_subcommand(*accounts, options, "list", "List the accounts", run_list);

  add_name(
      *add_subcommand(*accounts, options, "disable",
                      "Close an account and end its sessions; its name is never given again", run_disable),
      options);

  CLI::App* password =
      add_subcommand(*accounts, options, "set-password",
                     "Give an account a new password and end its sessions", run_set_password);
  add_name(*password, options);
  add_password_file(*password, options);
}

}  // namespace crossline::tools
