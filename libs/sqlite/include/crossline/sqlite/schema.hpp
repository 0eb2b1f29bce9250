// What a file is for, and how its tables came to be.
#pragma once

#include "crossline/sqlite/database.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace crossline::sqlite {

struct Schema {
  std::string_view name;               // of the store, for people: "ledger"
  std::uint32_t application_id = 0;    // stands in the file's header, so that no store opens another's file
  std::span<const char* const> steps;  // step n brings a file of version n to version n + 1
};

// Brings a new or older file up to the last step, each step in a transaction of its own. kCorruptData when
// the file belongs to another store, kUnsupported when a newer version of this program wrote it.
Result<void> migrate(Database& database, const Schema& schema);
// The same check for a file that may not be written: kUnsupported unless it is of exactly the last version.
Result<void> check_version(Database& database, const Schema& schema);

// Opens and migrates a file of what can be made again from elsewhere: one that is damaged, of another store
// or of a newer version is removed and begun anew, and `why_anew`, unless null, says why. Errors of the
// second try stay.
Result<Database> open_derived(const std::filesystem::path& path, const OpenOptions& options,
                              const Schema& schema, std::string* why_anew = nullptr);

}  // namespace crossline::sqlite
