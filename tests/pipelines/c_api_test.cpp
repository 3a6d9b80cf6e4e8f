#include <gtest/gtest.h>

#include <cstring>

#include "easel/easel.h"
#include "model_tools/random_model.h"
#include "pictures/picture_file.h"
#include "temporary_folder.h"

namespace easel {
namespace {

class CApi : public testing::Test {
 protected:
  void SetUp() override {
    write_random_model(folder_ / "model", {});
    ASSERT_EQ(easel_load((folder_ / "model").c_str(), nullptr, &pipeline_), EASEL_OK) << easel_last_error();
  }
  void TearDown() override { easel_free(pipeline_); }

  test::TemporaryFolder folder_;
  easel_pipeline* pipeline_ = nullptr;
};

constexpr const char* kParameters =
    R"({"prompt": "a cat", "width": 32, "height": 16, "num_inference_steps": 2, "num_images": 2, "seed": 9})";

TEST_F(CApi, GeneratesAndSaves) {
  easel_pictures* pictures = nullptr;
  int64_t last_step = -1;
  const auto count_steps = [](void* user, int64_t step, int64_t num_steps, double) {
    EXPECT_LE(step, num_steps);
    *static_cast<int64_t*>(user) = step;
    return 1;
  };
  ASSERT_EQ(easel_generate(pipeline_, kParameters, count_steps, &last_step, &pictures), EASEL_OK) << easel_last_error();
  EXPECT_EQ(last_step, 3);  // PNDM, the model's own, takes one step more than was asked for
  ASSERT_EQ(easel_pictures_count(pictures), 2u);
  const easel_picture second = easel_pictures_get(pictures, 1);
  EXPECT_EQ(second.width_px, 32);
  EXPECT_EQ(second.height_px, 16);
  EXPECT_EQ(second.seed, 10);
  EXPECT_NE(std::strstr(second.infotext, "Seed: 10"), nullptr) << second.infotext;
  const std::string path = folder_ / "cat.png";
  EXPECT_EQ(easel_pictures_save(pictures, 1, path.c_str()), EASEL_OK);
  EXPECT_EQ(std::memcmp(read_picture(path).pixels.data(), second.pixels, 32 * 16 * 3), 0);
  EXPECT_EQ(easel_pictures_save(pictures, 2, path.c_str()), EASEL_INVALID_ARGUMENT);
  easel_pictures_free(pictures);
}

TEST_F(CApi, ErrorsAreCodesWithOneLine) {
  easel_pictures* pictures = nullptr;
  EXPECT_EQ(easel_generate(pipeline_, R"({"num_inference_steps": 0})", nullptr, nullptr, &pictures),
            EASEL_INVALID_ARGUMENT);
  EXPECT_NE(std::strstr(easel_last_error(), "num_inference_steps = 0"), nullptr) << easel_last_error();
  EXPECT_EQ(easel_generate(pipeline_, R"({"stepz": 3})", nullptr, nullptr, &pictures), EASEL_INVALID_ARGUMENT);
  EXPECT_EQ(easel_generate(pipeline_, "not json", nullptr, nullptr, &pictures), EASEL_INVALID_ARGUMENT);
  const auto stop = [](void*, int64_t, int64_t, double) { return 0; };
  EXPECT_EQ(easel_generate(pipeline_, kParameters, stop, nullptr, &pictures), EASEL_CANCELLED);
  EXPECT_EQ(pictures, nullptr);
  easel_pipeline* none = nullptr;
  EXPECT_EQ(easel_load("no such model", nullptr, &none), EASEL_NOT_FOUND);
  EXPECT_EQ(easel_load(nullptr, nullptr, &none), EASEL_INVALID_ARGUMENT);
}

}  // namespace
}  // namespace easel
