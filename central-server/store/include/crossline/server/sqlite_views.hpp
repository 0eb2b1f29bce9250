// Views in one SQLite file that may be deleted at any time.
#pragma once

#include "crossline/server/ports.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>

namespace crossline::server {

class SqliteViews final : public ViewStore {
 public:
  // A file that is damaged or of a newer version is replaced by an empty one; `say`, which may be empty, is
  // told why.
  static Result<std::unique_ptr<SqliteViews>> open(
      const std::filesystem::path& path, const std::function<void(std::string_view line)>& say = {});
  ~SqliteViews() override;

  Result<LedgerIndex> position() override;
  Result<void> load(const std::function<Result<void>(const ViewRow& row)>& take) override;
  Result<void> save(LedgerIndex position, std::span<const ViewRow> rows) override;
  Result<void> clear() override;

 private:
  struct State;
  explicit SqliteViews(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace crossline::server
