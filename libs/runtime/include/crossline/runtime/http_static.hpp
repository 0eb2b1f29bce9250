// The built pages, served from memory.
#pragma once

#include "crossline/runtime/http_message.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace crossline::runtime {

// Every regular file under a folder, read once at start: afterwards no request touches the disk, so none can
// leave the folder. Hidden files and links are left out. Immutable after loading; any thread.
class StaticFiles {
 public:
  // kNotFound when there is no such folder or no index.html in it; kInvalidArgument above `max_total_bytes`.
  static Result<std::shared_ptr<const StaticFiles>> load(const std::filesystem::path& folder,
                                                         std::size_t max_total_bytes = 64u << 20);

  // GET and HEAD only. The root is index.html; a path with no file is 404, for the pages keep their own
  // routes behind the #. If-None-Match gives 304. Files under assets/ carry a content hash in their name and
  // are cached for ever, the rest is revalidated.
  [[nodiscard]] HttpResponse respond(const HttpRequest& request) const;

 private:
  struct File {
    std::string body;
    std::string content_type;
    std::string etag;
    bool immutable = false;
  };
  std::map<std::string, File, std::less<>> files_;  // by decoded path without the leading slash
};

}  // namespace crossline::runtime
