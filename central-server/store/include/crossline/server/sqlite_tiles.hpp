// Full tiles of leaf hashes in one SQLite file that may be deleted at any time.
#pragma once

#include "crossline/server/tile_store.hpp"

#include <filesystem>
#include <memory>

namespace crossline::server {

class SqliteTiles final : public TileStore {
 public:
  // A file that is damaged or of another version is replaced by an empty one.
  static Result<std::unique_ptr<SqliteTiles>> open(const std::filesystem::path& path);
  ~SqliteTiles() override;

  Result<std::vector<crypto::Hash>> roots() override;
  Result<Bytes> tile(std::uint64_t index) override;
  Result<void> append(std::uint64_t first, std::span<const LeafTile> tiles) override;
  Result<void> clear() override;

 private:
  struct State;
  explicit SqliteTiles(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace crossline::server
