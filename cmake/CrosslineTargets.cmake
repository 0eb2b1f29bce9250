# One way to declare a library or a test, so that every folder reads the same.

# crossline_library(<name> SOURCES <src>... [PUBLIC <target>...] [PRIVATE <target>...] [PRECOMPILED <set or header>])
# Makes crossline_<name> with alias crossline::<name>; headers live in include/. PRECOMPILED: another shared set than the plain
# one, a header of its own, or none.
function(crossline_library name)
  cmake_parse_arguments(arg "" "PRECOMPILED" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(crossline_${name} STATIC ${arg_SOURCES})
  add_library(crossline::${name} ALIAS crossline_${name})
  target_include_directories(crossline_${name} PUBLIC "${CMAKE_CURRENT_SOURCE_DIR}/include" PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}/src")
  target_link_libraries(crossline_${name} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE} crossline_warnings)
  if(NOT arg_PRECOMPILED)
    set(arg_PRECOMPILED plain)
  endif()
  if(arg_PRECOMPILED MATCHES "[.]hpp$")
    target_precompile_headers(crossline_${name} PRIVATE ${arg_PRECOMPILED})
  else()
    crossline_use_precompiled(${arg_PRECOMPILED} crossline_${name})
  endif()
endfunction()

# Tests are compiled faster than what they test: the libraries keep the release's flags.
set(CROSSLINE_TEST_OPTIONS $<$<CONFIG:Release>:-O1>)

# The tests with the label "threaded": what ThreadSanitizer has to look at.
add_custom_target(threaded_tests)

# crossline_test(<name> SOURCES <src>... LINK <target>... [LABELS <label>...] [TIMEOUT <seconds>] [SEPARATE])
# Makes the GoogleTest program test_<name>, registered as one CTest entry of the same name. SEPARATE: the sources use the same names
# for different things, so they are not compiled as one.
function(crossline_test name)
  cmake_parse_arguments(arg "SEPARATE" "TIMEOUT" "SOURCES;LINK;LABELS" ${ARGN})
  add_executable(test_${name} ${arg_SOURCES})
  if(arg_SEPARATE)
    set_target_properties(test_${name} PROPERTIES UNITY_BUILD OFF)
  endif()
  target_link_libraries(test_${name} PRIVATE ${arg_LINK} GTest::gtest GTest::gtest_main crossline_warnings)
  target_include_directories(test_${name} PRIVATE "${CMAKE_SOURCE_DIR}")
  target_compile_options(test_${name} PRIVATE ${CROSSLINE_TEST_OPTIONS})
  crossline_use_precompiled(tests test_${name})
  add_test(NAME ${name} COMMAND test_${name} WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
  if(arg_LABELS)
    set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}")
  endif()
  if("threaded" IN_LIST arg_LABELS)
    add_dependencies(threaded_tests test_${name})
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT})
endfunction()
