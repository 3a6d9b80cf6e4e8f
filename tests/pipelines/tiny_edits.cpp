#include "pipelines/tiny_edits.h"

#include <gtest/gtest.h>

#include "easel/error.h"
#include "model_tools/random_model.h"
#include "temporary_folder.h"

namespace easel::test {

Pipeline& tiny_pipeline() {
  static const test::TemporaryFolder folder;
  static Pipeline pipeline = [] {
    write_random_model(folder / "model", {});
    return Pipeline::load(folder / "model");
  }();
  return pipeline;
}

Picture gradient(int width, int height, int channels) {
  Picture picture{.width_px = width, .height_px = height, .channels = channels, .pixels = {}};
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < channels; ++c)
        picture.pixels.push_back(c == 3 ? 255
                                        : static_cast<uint8_t>((c == 0   ? 5 * x
                                                                : c == 1 ? 7 * y
                                                                         : 3 * (x + y)) %
                                                               256));
  return picture;
}

GenerationParameters edit(const char* task, Picture image) {
  GenerationParameters parameters;
  parameters.task = task;
  parameters.prompt = "a cat";
  parameters.image.picture = std::move(image);
  parameters.num_inference_steps = 4;
  parameters.seed = 3;
  return parameters;
}

Picture made(const GenerationParameters& parameters) { return tiny_pipeline().generate(parameters).at(0).picture; }

std::string error_of(const GenerationParameters& parameters) {
  try {
    made(parameters);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidArgument);
    return error.what();
  }
  return "no error";
}

}  // namespace easel::test
