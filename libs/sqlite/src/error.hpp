#pragma once

#include "crossline/base/result.hpp"

#include <sqlite3.h>

namespace crossline::sqlite {

// The error that the last call on `handle` left, as the header of database.hpp maps it.
[[nodiscard]] Error last_error(sqlite3* handle);

}  // namespace crossline::sqlite
