# Compiler settings shared by every target: language level, warnings, sanitizers.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

option(CROSSLINE_TESTS "Build the tests" ON)
option(CROSSLINE_BENCH "Build the benchmarks" ON)
option(CROSSLINE_FUZZ "Build the libFuzzer targets (clang 19)" OFF)
set(CROSSLINE_SANITIZE "" CACHE STRING "Sanitizers for the whole build, e.g. address,undefined or thread")

add_library(crossline_warnings INTERFACE)
target_compile_options(crossline_warnings INTERFACE
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>  # g++ 12 warns about its own std::string operator+ (GCC bug 105651)
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast)
if(CMAKE_UNITY_BUILD)
  target_compile_options(crossline_warnings INTERFACE -Wno-subobject-linkage)  # every source is "included" then, none is a header
endif()
option(CROSSLINE_WERROR "Treat warnings as errors" OFF)
if(CROSSLINE_WERROR)
  # What the optimiser guesses about values is not reliable enough in g++ 12 to stop a build; it is still shown.
  target_compile_options(crossline_warnings INTERFACE -Werror -Wno-error=maybe-uninitialized
    -Wno-error=stringop-overflow -Wno-error=stringop-overread -Wno-error=array-bounds)
endif()

add_compile_options(-fstack-protector-strong -fno-omit-frame-pointer)
if(CROSSLINE_SANITIZE)
  add_compile_options(-fsanitize=${CROSSLINE_SANITIZE} -fno-sanitize-recover=all -g1)
  add_link_options(-fsanitize=${CROSSLINE_SANITIZE})
endif()
if(CROSSLINE_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
