// The names that certificates carry: a post, the server of a line, or an auditor (docs/formats/registry.md).
#pragma once

#include "crossline/base/result.hpp"

#include <string>
#include <string_view>

namespace crossline::crypto {

// The name of a line, checkpoint or agent: 1 to limits::kMaxNameBytes of a-z, 0-9 and '-', not '-' first.
[[nodiscard]] bool is_plain_name(std::string_view name);

// The post that an agent serves, as its certificate's URI names it:
//   crossline://<line>/post/<checkpoint>/<A|B|joint>/<agent>
struct PostName {
  std::string line;
  std::string checkpoint;
  std::string side;  // "A", "B" or "joint"
  std::string agent;

  // One spelling only: no escapes, no other case, nothing more. kMalformed names the part that is wrong.
  static Result<PostName> parse(std::string_view uri);
  // kInvalidArgument names the part that is wrong; for names that a person typed.
  [[nodiscard]] Result<void> check() const;
  [[nodiscard]] std::string uri() const;

  friend bool operator==(const PostName&, const PostName&) = default;
};

// The server of a line: crossline://<line>/server
struct ServerName {
  std::string line;

  static Result<ServerName> parse(std::string_view uri);
  [[nodiscard]] std::string uri() const;

  friend bool operator==(const ServerName&, const ServerName&) = default;
};

// Who of a party reads the ledger's entries: crossline://<line>/auditor/<name>
struct AuditorName {
  std::string line;
  std::string name;

  static Result<AuditorName> parse(std::string_view uri);
  // kInvalidArgument names the part that is wrong.
  [[nodiscard]] Result<void> check() const;
  [[nodiscard]] std::string uri() const;

  friend bool operator==(const AuditorName&, const AuditorName&) = default;
};

}  // namespace crossline::crypto
