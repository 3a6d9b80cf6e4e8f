// Loads the torch plug-in as a program would that uses nothing else of the library: what the plug-in needs from a
// static library must be there all the same. Prints "loaded", or the code and message of the error.
#include <cstdio>

#include "easel/error.h"
#include "ops/torch_plugin.h"

int main(int argc, char** argv) {
  try {
    easel::load_torch_backend(easel::parse_device(argc > 1 ? argv[1] : "torch:cpu"));
  } catch (const easel::Error& error) {
    std::printf("%s: %s\n", easel::error_code_name(error.code()), error.what());
    return easel::error_exit_code(error.code());
  }
  std::puts("loaded");
}
