# Precompiled headers, so that a build from nothing stays within minutes on two cores: parsing CLI11, nlohmann-json, Asio and
# GoogleTest takes most of the time of a source that uses them. Only the folders that need these parts anyway share one set;
# a source must still include what it uses (the dev preset builds without: CROSSLINE_PRECOMPILED=OFF).
option(CROSSLINE_PRECOMPILED "Share precompiled headers between targets" ON)

# crossline_precompiled(<set> HEADERS <"header">... LINK <target>... [DEFINE <definition>...] [OPTIONS <flag>...])
# Makes the set; targets that reuse it must be compiled with the same flags: DEFINE is handed on to them, OPTIONS they have.
function(crossline_precompiled set)
  cmake_parse_arguments(arg "" "" "HEADERS;LINK;DEFINE;OPTIONS" ${ARGN})
  if(NOT CROSSLINE_PRECOMPILED)
    return()
  endif()
  set(source "${CMAKE_BINARY_DIR}/precompiled/${set}.cpp")
  file(CONFIGURE OUTPUT "${source}" CONTENT "// Compiled only to carry the precompiled headers of the set '${set}'.\n")
  add_library(crossline_precompiled_${set} OBJECT "${source}")
  target_link_libraries(crossline_precompiled_${set} PRIVATE ${arg_LINK} crossline_warnings)
  target_compile_definitions(crossline_precompiled_${set} PUBLIC ${arg_DEFINE})
  target_compile_options(crossline_precompiled_${set} PRIVATE ${arg_OPTIONS})
  target_precompile_headers(crossline_precompiled_${set} PRIVATE ${arg_HEADERS})
endfunction()

# crossline_use_precompiled(<set> <target>...)
function(crossline_use_precompiled set)
  if(NOT CROSSLINE_PRECOMPILED OR NOT TARGET crossline_precompiled_${set})
    return()
  endif()
  foreach(target ${ARGN})
    target_precompile_headers(${target} REUSE_FROM crossline_precompiled_${set})
    target_compile_definitions(${target} PRIVATE $<TARGET_PROPERTY:crossline_precompiled_${set},INTERFACE_COMPILE_DEFINITIONS>)
  endforeach()
endfunction()
