// libFuzzer's driver of the target that CROSSLINE_FUZZ_TARGET names. The seeds are written into the folder
// that FUZZ_SEEDS names, if it names one.
#include "tests/fuzz/targets.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace target = crossline::fuzz::CROSSLINE_FUZZ_TARGET;

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  const char* folder = std::getenv("FUZZ_SEEDS");
  if (folder == nullptr) return 0;
  int number = 0;
  for (const std::string& seed : target::seeds())
    std::ofstream(std::filesystem::path(folder) / ("seed-" + std::to_string(number++)), std::ios::binary)
        << seed;
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static_cast<void>(target::takes(crossline::as_text({data, size})));
  return 0;
}
