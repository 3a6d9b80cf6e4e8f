// storybook_dataset.h — scenes of the storybook world, drawn when they are asked for.
#pragma once

#include "storybook/scene.h"
#include "training/data/dataset.h"

namespace easel {

// See DatasetKind::storybook. Throws InvalidArgument for an unknown world or split.
std::unique_ptr<Dataset> open_storybook_dataset(const DatasetOptions& options);

// The scene behind an example: what a scorer learns from.
storybook::Scene storybook_scene(const DatasetOptions& options, int64_t index);

}  // namespace easel
