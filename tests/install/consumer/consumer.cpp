// A program as a user of the installed library writes it.
#include <easel/error.h>
#include <easel/picture.h>

#include <cstdio>

int main() {
  const easel::Picture picture{.width_px = 2, .height_px = 1, .channels = 3, .pixels = {255, 0, 0, 0, 0, 255}};
  try {
    throw easel::Error(easel::ErrorCode::NotFound, "[consumer] nothing to see");
  } catch (const easel::Error& error) {
    std::printf("%zu %s %s\n", picture.pixels.size(), easel::error_code_name(error.code()), error.what());
  }
}
