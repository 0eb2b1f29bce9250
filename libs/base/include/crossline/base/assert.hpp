// Assertions for our own bugs: always on, never on data from outside.
#pragma once

#include <cstdio>
#include <cstdlib>

#define CROSSLINE_ASSERT(condition)                                                          \
  do {                                                                                       \
    if (!(condition)) [[unlikely]] {                                                         \
      std::fprintf(stderr, "%s:%d: assertion failed: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                          \
    }                                                                                        \
  } while (false)
