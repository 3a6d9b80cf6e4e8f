#include "datasets/dataset.h"

#include "datasets/folder_dataset.h"
#include "datasets/storybook_dataset.h"
#include "datasets/tar_dataset.h"
#include "easel/error.h"

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
