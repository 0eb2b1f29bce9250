// A ledger's store file with what a test put into it.
#pragma once

#include "crossline/server/sqlite_ledger.hpp"
#include "crossline/sqlite/database.hpp"
#include "tests/support/audit/planted_ledger.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace crossline::testing {

// Writes the ledger as commits of `per_commit` entries, each with its signed head.
inline void write_store(const std::filesystem::path& path, const PlantedLedger& ledger,
                        std::size_t per_commit = 3) {
  auto store = server::SqliteLedger::open(path);
  if (!store) throw std::runtime_error(store.error().to_string());
  for (const auto& [hash, sealed] : ledger.editions) {
    const auto envelope = ledger.envelopes.find(hash);
    if (!(*store)->put_edition(sealed, envelope == ledger.envelopes.end() ? "" : envelope->second))
      throw std::runtime_error("put_edition");
  }
  merkle::CompactRange range;
  for (std::size_t first = 0; first < ledger.entries.size(); first += per_commit) {
    server::Commit commit;
    commit.first = LedgerIndex(first);
    const std::size_t end = std::min(first + per_commit, ledger.entries.size());
    for (std::size_t i = first; i < end; ++i) {
      commit.entries.push_back(ledger.entries[i]);
      range.append(merkle::leaf_hash(as_bytes(ledger.entries[i])));
    }
    commit.range = range;
    commit.head_signature = ledger.head(end).signature;
    if (auto done = (*store)->append(commit); !done) throw std::runtime_error(done.error().to_string());
  }
}

// Changes the file behind the server's back.
inline void alter_store(const std::filesystem::path& path, const char* sql) {
  auto database = sqlite::Database::open(path, {});
  if (!database) throw std::runtime_error(database.error().to_string());
  if (auto done = database->execute(sql); !done) throw std::runtime_error(done.error().to_string());
}

inline void write_registry(const std::filesystem::path& path, const enrolment::Registry& registry) {
  std::ofstream(path) << registry.to_toml();
}

}  // namespace crossline::testing
