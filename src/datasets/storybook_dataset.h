// storybook_dataset.h — scenes of the storybook world, drawn when they are asked for.
#pragma once

#include "datasets/dataset.h"

namespace easel {

// See DatasetKind::storybook. Throws InvalidArgument for an unknown world, split or kind.
std::unique_ptr<Dataset> open_storybook_dataset(const DatasetOptions& options);

}  // namespace easel
