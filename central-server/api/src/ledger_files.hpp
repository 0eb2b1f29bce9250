// The ledger over HTTPS as C2SP tlog-tiles has it: heads and hash tiles for everybody, entries and editions
// for auditors.
#pragma once

#include "crossline/api/http_api.hpp"

#include <list>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace crossline::api {

inline constexpr std::string_view kLogPrefix = "/tlog/";

// Thread-safe.
class LedgerFiles {
 public:
  // What parts names outlives it.
  explicit LedgerFiles(const HttpApiParts& parts) : parts_(parts) {}

  // Answers what does not touch a disk: heads, and full tiles that were asked for before. Nothing: ask
  // respond(). Requires the path to begin with kLogPrefix.
  [[nodiscard]] std::optional<runtime::HttpResponse> respond_at_once(const runtime::HttpRequest& request);
  // Everything else. Blocks.
  [[nodiscard]] runtime::HttpResponse respond(const runtime::HttpRequest& request);

 private:
  using Body = std::shared_ptr<const std::string>;
  [[nodiscard]] Body cached(const std::string& path);
  void keep(std::string path, Body body);
  template <class Read>
  [[nodiscard]] runtime::HttpResponse of_edition(const runtime::HttpRequest& request, std::string_view prefix,
                                                 const Read& read);
  [[nodiscard]] Answer<void> admit_auditor(const runtime::HttpRequest& request);

  const HttpApiParts& parts_;
  std::mutex mutex_;  // of the cache: full hash tiles, the one used last in front
  std::list<std::pair<std::string, Body>> newest_first_;
  std::map<std::string, decltype(newest_first_)::iterator, std::less<>> by_path_;
};

}  // namespace crossline::api
