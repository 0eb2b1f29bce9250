// From the TOML that people write to the sealed bytes that are hashed, signed and enforced.
#pragma once

#include "crossline/base/bytes.hpp"
#include "crossline/base/result.hpp"
#include "crossline/crypto/sha256.hpp"
#include "crossline/procedure/model.hpp"

#include <cstdint>
#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace crossline::procedure {

class Edition;

// Where something was written; from 1.
struct Position {
  int line = 0;
  int column = 0;
};
// By JSON pointer of the authored tree: "/article/3/require/age_under".
using Positions = std::map<std::string, Position>;

// One thing that is wrong with an authored procedure, and where.
struct Problem {
  int line = 0;         // from 1; 0 when it concerns the whole file
  int column = 0;       // from 1, in code points
  std::string article;  // the id, when it lies in one
  std::string message;  // what, and what to write instead

  // "demo.toml:12:3: article 4(3): unknown predicate 'age_undr'; did you mean 'age_under'?"
  [[nodiscard]] std::string to_string(std::string_view file_name) const;
};

template <class T>
using Checked = std::expected<T, std::vector<Problem>>;

// Local wall-clock time, seconds since 1970-01-01T00:00:00 on the procedure's clock.
struct LocalTime {
  std::int64_t seconds = 0;
};

// A procedure as written and checked, its times still local: `procedure` has neither instants nor
// timelines until it is sealed.
struct Authored {
  Procedure procedure;
  LocalTime from;
  LocalTime until;
  Positions positions;
};

// Reads TOML. On failure every problem found, in the order of the file, at least one.
Checked<Authored> parse_toml(std::string_view text);

struct SealedProcedure {
  Bytes bytes;  // canonical JSON: what Edition::load takes
  crypto::Hash hash;
};

// Expands local time over [from, until), writes the canonical form, loads it back and checks what only the
// whole can show. Problems, each at its place: an agreed case that is decided otherwise; a category that
// could not return; conditions that contradict each other or lie outside the time in force; an article that
// another covers, so that it could never decide anything.
Checked<SealedProcedure> seal(const Authored& authored, const ZoneRules& zones);

// What sealing would refuse of an edition, whoever sealed it: what seal() checks of the whole, and instants
// that are not those of its local times. Before anybody signs a file that others made. Empty when nothing
// speaks against it; a clock that `zones` does not know does.
[[nodiscard]] std::vector<Problem> check_edition(const Edition& edition, const ZoneRules& zones);

// What sealing writes of a procedure whose instants and timelines are set, as an Edition has it: canonical
// JSON.
[[nodiscard]] std::string sealed_form(const Procedure& procedure);

// Why `next` cannot follow `before`: another procedure, a number that is not the next one, another
// predecessor's hash, or times that overlap or leave a gap. Empty when it can. `positions` may be empty.
[[nodiscard]] std::vector<Problem> check_succession(const Edition& before, const Edition& next,
                                                    const Positions& positions);

// `edition` as it would decide over the time that `during` is in force: its own hours and seasons, expanded
// over that time. For comparing two editions at the same instants; nobody signed it and its hash is its own.
// kUnsupported when their clocks differ.
Result<Edition> as_if_in_force(const Edition& edition, const Edition& during);

}  // namespace crossline::procedure
