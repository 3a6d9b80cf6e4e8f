// tar_dataset.h — WebDataset shards: tars whose members "000017.png", "000017.txt" (or .json) are one example.
#pragma once

#include "datasets/dataset.h"

namespace easel {

// See DatasetKind::tar. Members belong together that agree up to the first dot of their file name. The caption is the
// .txt or .caption member, else "caption" or "text" of the .json member.
std::unique_ptr<Dataset> open_tar_dataset(const DatasetOptions& options, DatasetReport& report);

}  // namespace easel
