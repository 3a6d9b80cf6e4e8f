// Variations of a picture, and the frames between two.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipelines/tiny_edits.h"

namespace easel {
namespace {

using test::edit;
using test::error_of;
using test::gradient;
using test::made;
using test::tiny_pipeline;
using testing::HasSubstr;

double mean_difference(const Picture& a, const Picture& b) {
  double sum = 0;
  for (size_t i = 0; i < a.pixels.size(); ++i) sum += std::abs(a.pixels[i] - b.pixels[i]);
  return sum / static_cast<double>(a.pixels.size());
}

TEST(Vary, GoesFromThePictureToThatOfTheSeed) {
  GenerationParameters words;
  words.prompt = "a cat";
  words.sampler = "ddim";
  words.num_inference_steps = 4;
  words.seed = 3;
  const Picture of_seed = made(words);
  GenerationParameters variation = edit("vary", gradient(of_seed.width_px, of_seed.height_px));
  const auto at = [&](double amount) {
    variation.amount = amount;
    return made(variation);
  };
  const Picture same = at(0);
  EXPECT_EQ(at(1).pixels, of_seed.pixels);
  EXPECT_LT(mean_difference(same, at(0.1)), mean_difference(same, of_seed));
}

TEST(Vary, APictureOfABatchEqualsTheOneMadeAlone) {
  GenerationParameters variation = edit("vary", gradient(33, 30));
  variation.num_images = 2;
  const auto both = tiny_pipeline().generate(variation);
  ASSERT_EQ(both.size(), 2u);
  EXPECT_EQ(both[0].picture.width_px, 33);
  EXPECT_NE(both[0].picture.pixels, both[1].picture.pixels);
  variation.num_images = 1;
  variation.seed += 1;
  EXPECT_EQ(made(variation).pixels, both[1].picture.pixels);
}

GenerationParameters morph_of_words() {
  GenerationParameters morph;
  morph.task = "morph";
  morph.prompt = "a cat";
  morph.to_prompt = "a red dog";
  morph.num_inference_steps = 3;
  morph.seed = 3;
  morph.to_seed = 4;
  morph.frames = 3;
  return morph;
}

TEST(Morph, BeginsAndEndsWithThePicturesOfItsEnds) {
  const auto frames = tiny_pipeline().generate(morph_of_words());
  ASSERT_EQ(frames.size(), 3u);
  GenerationParameters end;
  end.prompt = "a cat";
  end.num_inference_steps = 3;
  end.seed = 3;
  EXPECT_LT(mean_difference(frames.front().picture, made(end)), 0.01);
  end.prompt = "a red dog";
  end.seed = 4;
  EXPECT_LT(mean_difference(frames.back().picture, made(end)), 0.01);
  EXPECT_NE(frames[1].picture.pixels, frames[0].picture.pixels);
  EXPECT_NE(frames[1].picture.pixels, frames[2].picture.pixels);
}

TEST(Morph, AFramesRecordMakesItAgain) {
  const auto frames = tiny_pipeline().generate(morph_of_words());
  const GenerationParameters middle = parameters_from_json(frames[1].json);
  EXPECT_EQ(middle.position, 0.5);
  EXPECT_EQ(middle.frames, 1);
  EXPECT_EQ(made(middle).pixels, frames[1].picture.pixels);
}

TEST(Morph, GoesFromPictureToPictureInTheSizeOfTheFirst) {
  GenerationParameters morph = morph_of_words();
  morph.image.picture = gradient(30, 33);
  morph.to_image.picture = gradient(60, 66);
  morph.sampler = "ddim";
  const auto frames = tiny_pipeline().generate(morph);
  EXPECT_EQ(frames[1].picture.width_px, 30);
  EXPECT_EQ(frames[1].picture.height_px, 33);
  morph.sampler = "dpmpp_2m";
  EXPECT_THAT(error_of(morph), HasSubstr("take ddim or euler"));
  morph.sampler = "default";
  morph.to_image.picture = gradient(66, 33);
  EXPECT_THAT(error_of(morph), HasSubstr("must have the shape of the image, 30x33"));
  morph.to_image = {};
  morph.position = 0.5;
  EXPECT_THAT(error_of(morph), HasSubstr("frames = 3 at one position; must be 1"));
}

}  // namespace
}  // namespace easel
