#include "crossline/server/sqlite_tiles.hpp"

#include "crossline/sqlite/database.hpp"
#include "crossline/sqlite/schema.hpp"

#include <array>
#include <mutex>
#include <utility>

namespace crossline::server {
namespace {

// The roots have a table of their own, so that a start reads them without touching the tiles.
constexpr std::array<const char*, 1> kTileSteps = {R"sql(
  CREATE TABLE tile(id INTEGER PRIMARY KEY, hashes BLOB NOT NULL);
  CREATE TABLE root(id INTEGER PRIMARY KEY, hash BLOB NOT NULL);
)sql"};
constexpr sqlite::Schema kTileSchema{
    .name = "tile", .application_id = 0x436c5469, .steps = kTileSteps};  // "ClTi"

}  // namespace

struct SqliteTiles::State {
  std::mutex mutex;
  sqlite::Database database;
  sqlite::Statement get_tile;
  sqlite::Statement put_tile;
  sqlite::Statement put_root;

  State(sqlite::Database opened, sqlite::Statement get, sqlite::Statement put, sqlite::Statement root)
      : database(std::move(opened)),
        get_tile(std::move(get)),
        put_tile(std::move(put)),
        put_root(std::move(root)) {}
};

SqliteTiles::SqliteTiles(std::unique_ptr<State> state) : state_(std::move(state)) {}
SqliteTiles::~SqliteTiles() = default;

Result<std::unique_ptr<SqliteTiles>> SqliteTiles::open(const std::filesystem::path& path) {
  const sqlite::OpenOptions options{.durability = sqlite::Durability::kLately};
  CROSSLINE_TRY(auto database, sqlite::open_derived(path, options, kTileSchema));
  CROSSLINE_TRY(auto get_tile, database.prepare("SELECT hashes FROM tile WHERE id = ?"));
  CROSSLINE_TRY(auto put_tile, database.prepare("INSERT INTO tile VALUES(?, ?)"));
  CROSSLINE_TRY(auto put_root, database.prepare("INSERT INTO root VALUES(?, ?)"));
  return std::unique_ptr<SqliteTiles>(new SqliteTiles(std::make_unique<State>(
      std::move(database), std::move(get_tile), std::move(put_tile), std::move(put_root))));
}

Result<std::vector<crypto::Hash>> SqliteTiles::roots() {
  const std::lock_guard lock(state_->mutex);
  CROSSLINE_TRY(auto statement, state_->database.prepare("SELECT id, hash FROM root ORDER BY id"));
  CROSSLINE_TRY(auto rows, statement.query());
  std::vector<crypto::Hash> roots;
  for (;;) {
    CROSSLINE_TRY(const bool found, rows.next());
    if (!found) return roots;
    if (rows.number(0) != roots.size())
      return fail(ErrorCode::kCorruptData, "tile {} is missing", roots.size());
    CROSSLINE_TRY(roots.emplace_back(), crypto::hash_from(rows.blob(1)));
  }
}

Result<Bytes> SqliteTiles::tile(std::uint64_t index) {
  const std::lock_guard lock(state_->mutex);
  CROSSLINE_TRY(auto rows, state_->get_tile.query(index));
  CROSSLINE_TRY(const bool found, rows.next());
  if (!found) return fail(ErrorCode::kNotFound, "there is no full tile {}", index);
  return to_bytes(rows.blob(0));
}

Result<void> SqliteTiles::append(std::uint64_t first, std::span<const LeafTile> tiles) {
  const std::lock_guard lock(state_->mutex);
  CROSSLINE_TRY(auto transaction, sqlite::Transaction::begin(state_->database));
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    CROSSLINE_CHECK_OK(state_->put_tile.run(first + i, ByteView(tiles[i].hashes)));
    CROSSLINE_CHECK_OK(state_->put_root.run(first + i, tiles[i].root.view()));
  }
  return transaction.commit();
}

Result<void> SqliteTiles::clear() {
  const std::lock_guard lock(state_->mutex);
  CROSSLINE_TRY(auto transaction, sqlite::Transaction::begin(state_->database));
  CROSSLINE_CHECK_OK(state_->database.execute("DELETE FROM tile; DELETE FROM root"));
  return transaction.commit();
}

}  // namespace crossline::server
