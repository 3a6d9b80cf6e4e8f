#include "training/data/dataset.h"

#include "easel/error.h"
#include "training/data/folder_dataset.h"
#include "training/data/storybook_dataset.h"
#include "training/data/tar_dataset.h"

namespace easel {

std::unique_ptr<Dataset> open_dataset(const DatasetOptions& options, DatasetReport& report) {
  switch (options.kind) {
    case DatasetKind::folder: return open_folder_dataset(options, report);
    case DatasetKind::tar: return open_tar_dataset(options, report);
    case DatasetKind::storybook: return open_storybook_dataset(options);
  }
  throw Error(ErrorCode::Internal, "[dataset] unknown kind");
}

}  // namespace easel
