#include "datasets/storybook_dataset.h"

#include <gtest/gtest.h>

#include "easel/error.h"

namespace easel {
namespace {

DatasetOptions options_with(const std::vector<std::string>& emphasis) {
  return {.world = "first", .emphasis = emphasis, .num_examples = 60, .resolution = 16};
}

// How many captions name a cat, which Storybook also calls a kitten or kitty.
int count_cats(const Dataset& dataset) {
  int count = 0;
  for (int64_t index = 0; index < dataset.size(); ++index) {
    const std::string caption = dataset.caption(index, 0);
    if (caption.find("cat") != std::string::npos || caption.find("kit") != std::string::npos) ++count;
  }
  return count;
}

TEST(StorybookDataset, AnExampleIsTheSameWheneverItIsOpened) {
  const auto first = open_storybook_dataset(options_with({})), second = open_storybook_dataset(options_with({}));
  EXPECT_EQ(first->size(), 60);
  EXPECT_EQ(first->picture(7).pixels, second->picture(7).pixels);
  EXPECT_EQ(first->caption(7, 1), second->caption(7, 1));
  EXPECT_EQ(first->identity(), second->identity());
}

TEST(StorybookDataset, EmphasisedKindsComeMoreOftenAndMakeItAnotherDataset) {
  const auto plain = open_storybook_dataset(options_with({})), cats = open_storybook_dataset(options_with({"cat"}));
  EXPECT_GT(count_cats(*cats), count_cats(*plain));
  EXPECT_NE(plain->identity(), cats->identity());
}

TEST(StorybookDataset, UnknownAndForeignKindsAreRefused) {
  EXPECT_THROW(open_storybook_dataset(options_with({"unicorn"})), Error);
  EXPECT_THROW(open_storybook_dataset(options_with({"fox"})), Error);  // not in this world
}

}  // namespace
}  // namespace easel
