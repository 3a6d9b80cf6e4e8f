// trained_world.h — which part of Storybook's world a model knows.
#pragma once

#include <filesystem>

#include "storybook/world.h"

namespace easel {

// The key of model_index.json that a training on Storybook writes: "first".
inline constexpr const char* kStorybookWorldKey = "storybook_world";

// The world that the model's model_index.json names; the whole one where it names none, and where there is no such
// file. Throws CorruptFile for a name that is no world's.
storybook::World trained_world(const std::filesystem::path& model);

}  // namespace easel
