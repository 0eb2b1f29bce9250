#include "crossline/sqlite/schema.hpp"

namespace crossline::sqlite {
namespace {

// The version of the file; 0 for a new one.
Result<std::size_t> version_of(Database& database, const Schema& schema) {
  CROSSLINE_TRY(const std::int64_t id, database.query_number("PRAGMA application_id"));
  CROSSLINE_TRY(const std::int64_t version, database.query_number("PRAGMA user_version"));
  CROSSLINE_TRY(const std::int64_t tables, database.query_number("SELECT count(*) FROM sqlite_schema"));
  const bool is_new = id == 0 && version == 0 && tables == 0;
  if (!is_new && id != schema.application_id) {
    return fail(ErrorCode::kCorruptData, "this file is not a {} store (application id {})", schema.name, id);
  }
  if (version < 0 || static_cast<std::size_t>(version) > schema.steps.size()) {
    return fail(ErrorCode::kUnsupported, "the {} store has version {}, this program knows up to {}",
                schema.name, version, schema.steps.size());
  }
  return static_cast<std::size_t>(version);
}

}  // namespace

Result<void> migrate(Database& database, const Schema& schema) {
  CROSSLINE_TRY(std::size_t version, version_of(database, schema));
  for (; version < schema.steps.size(); ++version) {
    CROSSLINE_TRY(Transaction transaction, Transaction::begin(database));
    CROSSLINE_CHECK_OK(database.execute(schema.steps[version]));
    const std::string mark = fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}",
                                         schema.application_id, version + 1);
    CROSSLINE_CHECK_OK(database.execute(mark.c_str()));
    CROSSLINE_CHECK_OK(transaction.commit());
  }
  return {};
}

Result<void> check_version(Database& database, const Schema& schema) {
  CROSSLINE_TRY(const std::size_t version, version_of(database, schema));
  if (version == schema.steps.size()) return {};
  return fail(ErrorCode::kUnsupported, "the {} store has version {}, this program reads {}", schema.name,
              version, schema.steps.size());
}

Result<Database> open_derived(const std::filesystem::path& path, const OpenOptions& options,
                              const Schema& schema, std::string* why_anew) {
  const auto open = [&]() -> Result<Database> {
    CROSSLINE_TRY(auto database, Database::open(path, options));
    CROSSLINE_CHECK_OK(migrate(database, schema));
    return database;
  };
  auto opened = open();
  if (opened) return opened;
  if (opened.error().code != ErrorCode::kCorruptData && opened.error().code != ErrorCode::kUnsupported)
    return opened;
  if (why_anew != nullptr) *why_anew = opened.error().message;
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::error_code ignored;  // what matters is whether it can be opened now
    std::filesystem::remove(path.string() + suffix, ignored);
  }
  return open();
}

}  // namespace crossline::sqlite
