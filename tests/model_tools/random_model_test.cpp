#include "model_tools/random_model.h"

#include <gtest/gtest.h>

#include "easel/error.h"
#include "temporary_folder.h"

namespace easel {
namespace {

// The U-Net comes after the tokenizer and the text encoder.
TEST(RandomModel, AnUnfinishedOneLeavesNothing) {
  const test::TemporaryFolder folder;
  const RandomModelOptions broken{.unet_changes = {{"block_out_channels", {-1}}}};
  EXPECT_THROW(write_random_model(folder.path() / "model", broken), Error);
  EXPECT_TRUE(folder.file_names().empty());
  std::filesystem::create_directory(folder.path() / "there");
  EXPECT_THROW(write_random_model(folder.path() / "there", broken), Error);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path() / "there"));
}

}  // namespace
}  // namespace easel
