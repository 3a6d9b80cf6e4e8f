// consumer MODEL OUT.png — a picture from words, as a program that uses the installed library makes it.
#include <easel/error.h>
#include <easel/pipeline.h>

#include <cstdio>

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  try {
    easel::Pipeline pipeline = easel::Pipeline::load(argv[1]);
    easel::GenerationParameters parameters;
    parameters.prompt = "a red cat on the beach";
    parameters.width = parameters.height = 32;
    parameters.num_inference_steps = 3;
    parameters.seed = 5;
    const auto made = pipeline.generate(parameters);
    easel::save_picture(argv[2], made.at(0));
    std::printf("%dx%d seed %lld\n", made[0].picture.width_px, made[0].picture.height_px,
                static_cast<long long>(made[0].seed));
  } catch (const easel::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return easel::error_exit_code(error.code());
  }
}
