// Image to image and inpainting, as a program calls them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "easel/error.h"
#include "easel/pipeline.h"
#include "pictures/hole_filling.h"
#include "pictures/patch_filling.h"
#include "pipelines/tiny_edits.h"

namespace easel {
namespace {

using test::edit;
using test::error_of;
using test::gradient;
using test::made;
using test::tiny_pipeline;
using testing::HasSubstr;

// White in a box of a black picture.
Picture box_mask(int width, int height, int left, int top, int right, int bottom, uint8_t white = 255) {
  Picture mask{.width_px = width, .height_px = height, .channels = 1, .pixels = {}};
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) mask.pixels.push_back(x >= left && x < right && y >= top && y < bottom ? white : 0);
  return mask;
}

std::vector<uint8_t> pixel(const Picture& picture, int x, int y) {
  const auto begin = picture.pixels.begin() + (y * picture.width_px + x) * picture.channels;
  return {begin, begin + picture.channels};
}

TEST(ImageToImage, HasTheSizeOfTheImageWhateverItIs) {
  for (const auto& [width, height] : {std::pair{32, 24}, {37, 51}, {1, 1}}) {
    const Picture picture = made(edit("image_to_image", gradient(width, height)));
    EXPECT_EQ(picture.width_px, width);
    EXPECT_EQ(picture.height_px, height);
  }
}

TEST(ImageToImage, StrengthZeroLeavesThePictureAndMoreChangesIt) {
  const Picture image = gradient(32, 32);
  GenerationParameters parameters = edit("image_to_image", image);
  parameters.strength = 0;
  EXPECT_EQ(made(parameters).pixels, image.pixels);
  parameters.strength = 0.5;
  const Picture half = made(parameters);
  EXPECT_NE(half.pixels, image.pixels);
  parameters.strength = 1;
  EXPECT_NE(made(parameters).pixels, half.pixels);
}

TEST(ImageToImage, APictureOfABatchEqualsTheOneMadeAlone) {
  GenerationParameters parameters = edit("image_to_image", gradient(32, 24));
  parameters.num_images = 2;
  const auto both = tiny_pipeline().generate(parameters);
  parameters.num_images = 1;
  parameters.seed = 4;
  EXPECT_EQ(made(parameters).pixels, both.at(1).picture.pixels);
}

TEST(Inpaint, OutsideTheMaskEveryByteStays) {
  for (const int channels : {3, 4}) {
    const Picture image = gradient(45, 37, channels);
    GenerationParameters parameters = edit("inpaint", image);
    parameters.mask.picture = box_mask(45, 37, 9, 8, 30, 25);
    parameters.strength = 1;
    for (const int64_t blur : {0, 4, 40}) {
      parameters.mask_blur = blur;
      const Picture result = made(parameters);
      ASSERT_EQ(result.channels, channels);
      int changed = 0;
      for (int y = 0; y < 37; ++y)
        for (int x = 0; x < 45; ++x) {
          const bool inside = x >= 9 && x < 30 && y >= 8 && y < 25;
          ASSERT_TRUE(inside || pixel(result, x, y) == pixel(image, x, y)) << x << " " << y;
          changed += pixel(result, x, y) != pixel(image, x, y);
        }
      EXPECT_GT(changed, blur > 30 ? 0 : 150) << blur;
    }
  }
}

TEST(Inpaint, TheMaskedAreaAloneIsEnlargedAndPutBack) {
  const Picture image = gradient(90, 70);
  GenerationParameters parameters = edit("inpaint", image);
  parameters.mask_box = "40,30,12,9";
  const Picture whole = made(parameters);
  parameters.inpaint_area = "masked";
  for (const int64_t padding : {0, 8, 500}) {
    parameters.mask_padding = padding;
    const Picture result = made(parameters);
    if (padding < 500) {
      EXPECT_NE(result.pixels, whole.pixels);
    }
    EXPECT_NE(pixel(result, 46, 34), pixel(image, 46, 34));
    for (int y = 0; y < 70; ++y)
      for (int x = 0; x < 90; ++x) {
        const bool inside = x >= 40 && x < 52 && y >= 30 && y < 39;
        ASSERT_TRUE(inside || pixel(result, x, y) == pixel(image, x, y)) << x << " " << y;
      }
  }
  parameters.mask_box = "";
  parameters.mask.picture = box_mask(90, 70, 0, 0, 0, 0);
  EXPECT_THAT(error_of(parameters), HasSubstr("the mask is black"));
}

TEST(Inpaint, ABoxAMaskAndItsInverseAreTheSame) {
  GenerationParameters parameters = edit("inpaint", gradient(32, 32));
  parameters.mask_box = "8,4,16,12";
  const Picture by_box = made(parameters);
  parameters.mask_box.clear();
  parameters.mask.picture = box_mask(32, 32, 8, 4, 24, 16);
  EXPECT_EQ(made(parameters).pixels, by_box.pixels);
  for (uint8_t& value : parameters.mask.picture.pixels) value = static_cast<uint8_t>(255 - value);
  parameters.invert_mask = true;
  EXPECT_EQ(made(parameters).pixels, by_box.pixels);
}

TEST(Inpaint, WhatIsTransparentChangesWithoutAMask) {
  Picture image = gradient(32, 32, 4);
  for (int y = 8; y < 16; ++y)
    for (int x = 8; x < 24; ++x) image.pixels[static_cast<size_t>((y * 32 + x) * 4 + 3)] = 0;
  GenerationParameters parameters = edit("inpaint", image);
  parameters.mask_blur = 0;
  const Picture result = made(parameters);
  EXPECT_EQ(pixel(result, 12, 12)[3], 255);
  EXPECT_EQ(pixel(result, 2, 2), pixel(image, 2, 2));
}

TEST(Inpaint, AMaskOfAnotherSizeButTheSameShapeIsScaled) {
  const Picture image = gradient(32, 32);
  GenerationParameters parameters = edit("inpaint", image);
  parameters.mask.picture = box_mask(64, 64, 0, 0, 32, 64);
  const Picture result = made(parameters);
  EXPECT_EQ(pixel(result, 20, 5), pixel(image, 20, 5));
  EXPECT_NE(pixel(result, 3, 5), pixel(image, 3, 5));
}

TEST(Inpaint, GreyChangesLessThanWhite) {
  GenerationParameters parameters = edit("inpaint", gradient(32, 32));
  parameters.num_inference_steps = 8;
  parameters.strength = 1;
  const auto difference = [&](uint8_t white) {
    parameters.mask.picture = box_mask(32, 32, 0, 0, 32, 32, white);
    const Picture result = made(parameters);
    double sum = 0;
    for (size_t i = 0; i < result.pixels.size(); ++i)
      sum += std::abs(int{result.pixels[i]} - int{parameters.image.picture.pixels[i]});
    return sum;
  };
  EXPECT_EQ(difference(0), 0);
  EXPECT_NE(difference(128), difference(255));
}

TEST(Inpaint, TheMaskedContentMatters) {
  GenerationParameters parameters = edit("inpaint", gradient(32, 32));
  parameters.mask_box = "8,8,16,16";
  std::set<std::vector<uint8_t>> results;
  for (const char* content : {"original", "fill", "patches", "noise", "nothing"}) {
    parameters.masked_content = content;
    results.insert(made(parameters).pixels);
  }
  EXPECT_EQ(results.size(), 5u);
}

TEST(Outpaint, AddsWhatIsAskedForAndKeepsTheInside) {
  const Picture image = gradient(32, 24);
  GenerationParameters parameters = edit("outpaint", image);
  parameters.left = 13;
  parameters.bottom = 10;
  parameters.overlap = 6;
  const Picture result = made(parameters);
  EXPECT_EQ(result.width_px, 45);
  EXPECT_EQ(result.height_px, 34);
  for (int y = 0; y < 24 - 6; ++y)
    for (int x = 6; x < 32; ++x) ASSERT_EQ(pixel(result, x + 13, y), pixel(image, x, y)) << x << " " << y;
}

// The greatest step between neighbours across the old border is not above the greatest inside what was made.
TEST(Outpaint, ShowsNoSeam) {
  GenerationParameters parameters = edit("outpaint", gradient(48, 48));
  parameters.right = 48;
  const Picture result = made(parameters);
  const auto step = [&](int x) {
    double sum = 0;
    for (int y = 0; y < 48; ++y)
      for (size_t c = 0; c < 3; ++c) sum += std::abs(int{pixel(result, x, y)[c]} - int{pixel(result, x + 1, y)[c]});
    return sum;
  };
  double most = 0;
  for (int x = 50; x < 94; ++x) most = std::max(most, step(x));
  EXPECT_LE(step(47), most);
}

TEST(Outpaint, NothingToAddAndTooMuchAreNamed) {
  GenerationParameters parameters = edit("outpaint", gradient(16, 16));
  EXPECT_THAT(error_of(parameters), HasSubstr("one of them must be more"));
  parameters.left = parameters.right = 8192;
  EXPECT_THAT(error_of(parameters), HasSubstr("at most 16384"));
}

TEST(Edits, WhatIsMissingOrDoesNotFitIsNamed) {
  EXPECT_THAT(error_of(edit("image_to_image", {})), HasSubstr("no image"));
  EXPECT_THAT(error_of(edit("repaint", gradient(8, 8))), HasSubstr("did you mean inpaint?"));
  EXPECT_THAT(error_of(edit("inpaint", gradient(32, 32))), HasSubstr("what is to change?"));
  GenerationParameters parameters = edit("inpaint", gradient(32, 32));
  parameters.mask.picture = box_mask(64, 32, 0, 0, 8, 8);
  EXPECT_THAT(error_of(parameters), HasSubstr("64x32"));
  parameters.mask_box = "1,1,4,4";
  EXPECT_THAT(error_of(parameters), HasSubstr("must be one of them"));
  parameters.mask = {};
  for (const char* box : {"1,1,4", "1,1,4,4,4", "a,b,c,d", "", "1;1;4;4"}) {
    parameters.mask_box = box;
    EXPECT_THAT(error_of(parameters), testing::AnyOf(HasSubstr("x,y,width,height"), HasSubstr("what is to change?")))
        << box;
  }
  for (const char* box : {"40,0,5,5", "3,3,0,5", "3,3,-2,5"}) {
    parameters.mask_box = box;
    EXPECT_THAT(error_of(parameters), HasSubstr("outside the image")) << box;
  }
}

TEST(Edits, AParameterOfAnotherTaskIsRefusedInJson) {
  EXPECT_THROW(parameters_from_json(R"({"prompt": "a cat", "mask_blur": 5})"), Error);
  EXPECT_EQ(parameters_from_json(R"({"task": "image_to_image", "strength": 0.5})").strength, 0.5);
  GenerationParameters parameters = edit("inpaint", {});
  EXPECT_THAT(parameters_to_json(parameters), HasSubstr("mask_blur"));
  parameters.task = "text_to_image";
  EXPECT_THAT(parameters_to_json(parameters), testing::Not(HasSubstr("mask_blur")));
}

// Stripes with a disc on them.
Picture stripes_with_disc(bool disc) {
  Picture picture{.width_px = 64, .height_px = 48, .channels = 3, .pixels = {}};
  for (int y = 0; y < 48; ++y)
    for (int x = 0; x < 64; ++x)
      for (int c = 0; c < 3; ++c) {
        const bool inside = disc && (x - 32) * (x - 32) + (y - 24) * (y - 24) < 81;
        picture.pixels.push_back(static_cast<uint8_t>(inside ? 250 : y % 8 < 4 ? 40 + 20 * c : 160 - 20 * c));
      }
  return picture;
}

TEST(Inpaint, WithoutAPromptWhatWasThereIsGone) {
  GenerationParameters parameters = edit("inpaint", stripes_with_disc(true));
  parameters.prompt = "";
  parameters.mask.picture = box_mask(64, 48, 20, 12, 44, 36);
  parameters.mask_blur = 0;
  const Picture removed = made(parameters), empty = stripes_with_disc(false);
  double error = 0;
  for (size_t i = 0; i < empty.pixels.size(); ++i) error += std::abs(removed.pixels[i] - empty.pixels[i]);
  EXPECT_LT(error / (24 * 24 * 3), 6);  // of 255, in the mask: the stripes go on
  EXPECT_EQ(made(parameters).pixels, removed.pixels);
  parameters.num_images = 2;
  EXPECT_EQ(tiny_pipeline().generate(parameters).size(), 2u);
  parameters.num_images = 1;
  parameters.prompt = "a cat";
  EXPECT_NE(made(parameters).pixels, removed.pixels);
  parameters.prompt = "";
  parameters.negative_prompt = "a cat";
  EXPECT_NE(made(parameters).pixels, removed.pixels);
}

TEST(PatchFilling, AHoleThatLeavesNoPatchIsFilledSmoothly) {
  const Picture varied = gradient(12, 9);
  std::vector<float> hole(12 * 9, 1.0f);
  hole[0] = 0;
  EXPECT_EQ(with_patches_filled(varied, hole).pixels, with_holes_filled(varied, hole).pixels);
  EXPECT_EQ(with_patches_filled(varied, std::vector<float>(12 * 9)).pixels, varied.pixels);
}

TEST(HoleFilling, FillsFromTheSurroundingsAndLeavesTheRest) {
  const Picture flat{.width_px = 20, .height_px = 13, .channels = 3, .pixels = std::vector<uint8_t>(20 * 13 * 3, 90)};
  std::vector<float> hole(20 * 13);
  for (size_t i = 40; i < 160; ++i) hole[i] = 1;
  EXPECT_EQ(with_holes_filled(flat, hole).pixels, flat.pixels);
  const Picture varied = gradient(20, 13);
  const Picture filled = with_holes_filled(varied, hole);
  for (size_t i = 0; i < hole.size(); ++i)
    for (size_t c = 0; c < 3; ++c) EXPECT_TRUE(hole[i] == 1 || filled.pixels[3 * i + c] == varied.pixels[3 * i + c]);
  const Picture nothing_known = with_holes_filled(varied, std::vector<float>(20 * 13, 1.0f));
  EXPECT_EQ(nothing_known.pixels, std::vector<uint8_t>(20 * 13 * 3, 128));
}

}  // namespace
}  // namespace easel
