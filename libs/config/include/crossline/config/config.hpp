// Strict reading of a program's TOML configuration: what is missing, of the wrong type or unknown is an error
// with line, column and, where there is one, the nearest known name. Pure: text in, values out.
#pragma once

#include "crossline/base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::config {

// Collects every problem instead of stopping at the first. Ask for each key once, then call finish(): keys
// that were never asked for are unknown. Values asked for after a problem are defaults, so that reading goes
// on. One thread.
//
//   auto config = Reader::parse(text, "server.toml", folder);
//   settings.line = config->text("line");
//   settings.port = config->number("agents.port", {.min = 0, .max = 65535});
//   CROSSLINE_CHECK_OK(config->finish());
class Reader {
 public:
  // `folder` is what relative paths are relative to: that of the file. kMalformed with the place of a syntax
  // error.
  static Result<Reader> parse(std::string_view toml, std::string file_name, std::filesystem::path folder);
  ~Reader();
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;

  // Keys are dotted, "agents.listen". Without a `fallback` the key must be there.
  std::string text(std::string_view key, std::optional<std::string> fallback = std::nullopt);
  std::filesystem::path path(std::string_view key, std::optional<std::string> fallback = std::nullopt);
  struct Range {
    std::int64_t min = 0;
    std::int64_t max = INT64_MAX;
  };
  std::int64_t number(std::string_view key, Range range, std::optional<std::int64_t> fallback = std::nullopt);
  bool flag(std::string_view key, std::optional<bool> fallback = std::nullopt);
  std::vector<std::string> texts(std::string_view key,
                                 std::optional<std::vector<std::string>> fallback = std::nullopt);
  // "ADDRESS:PORT", the address an IP in digits ("[::1]:7443" for IPv6); port 0 lets the kernel choose.
  struct Endpoint {
    std::string address;
    std::uint16_t port = 0;
  };
  Endpoint endpoint(std::string_view key, std::optional<std::string> fallback = std::nullopt);
  // How many tables an array of tables has ("officer" for [[officer]]); its keys are then "officer.0.id".
  std::size_t tables(std::string_view key);
  // Whether the key or table is there, whatever it holds. Does not count as asking for it.
  [[nodiscard]] bool has(std::string_view key) const;
  // A problem that only the caller can see.
  void problem(std::string_view key, std::string what);

  // kMalformed with every problem, one a line: "server.toml:3:1: unknown key 'prot'; did you mean 'port'?".
  [[nodiscard]] Result<void> finish();

 private:
  struct State;
  explicit Reader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace crossline::config
