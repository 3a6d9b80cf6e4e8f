// folder_dataset.h — a folder of pictures with their captions.
#pragma once

#include "datasets/dataset.h"

namespace easel {

// See DatasetKind::folder. Where metadata.jsonl is there it alone says which pictures belong to the set, in its order;
// otherwise they are taken in the order of their names.
std::unique_ptr<Dataset> open_folder_dataset(const DatasetOptions& options, DatasetReport& report);

}  // namespace easel
