// Procedures in files, as every command under `procedure` reads them.
#pragma once

#include "crossline/procedure/authoring.hpp"
#include "crossline/procedure/edition.hpp"

#include <string>
#include <vector>

namespace crossline::tools {

struct LoadedProcedure {
  Bytes bytes;  // sealed
  procedure::Edition edition;
  procedure::Positions positions;  // empty of a sealed file
};

// The whole file, of at most 16 MiB; ends the command (kExitInvalid) when it cannot be read, is no
// regular file or is larger.
[[nodiscard]] std::string read_whole(const std::string& path);

// A sealed file as it is, an authored one sealed, the edition in an envelope with a note on stderr that no
// signature is verified. Ends the command (kExitInvalid) after listing every problem, as JSON on stdout or
// one a line on stderr.
[[nodiscard]] LoadedProcedure load_procedure(const std::string& path, bool json);

// The same of the authored `text`, which is to be or was in `path`.
[[nodiscard]] LoadedProcedure seal_procedure(const std::string& path, const std::string& text, bool json);

// Lists problems of `path` as load_procedure does and ends the command.
[[noreturn]] void refuse_procedure(const std::string& path, const std::vector<procedure::Problem>& problems,
                                   bool json);

// Ends the command as refuse_procedure does when sealing would not have made this edition, which somebody
// else sealed: agreed cases that fail, nobody's way home, hours that are not those written beside them.
void refuse_unsound(const std::string& path, const procedure::Edition& edition, bool json);

}  // namespace crossline::tools
