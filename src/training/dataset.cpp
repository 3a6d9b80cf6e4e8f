#include "training/dataset.h"

#include "easel/error.h"
#include "training/folder_dataset.h"
#include "training/tar_dataset.h"

namespace easel {

std::unique_ptr<Dataset> open_dataset(const DatasetOptions& options, DatasetReport& report) {
  switch (options.kind) {
    case DatasetKind::folder: return open_folder_dataset(options, report);
    case DatasetKind::tar: return open_tar_dataset(options, report);
    case DatasetKind::storybook: break;
  }
  throw Error(ErrorCode::Unsupported, "[dataset] this kind of data cannot be read by this build");
}

}  // namespace easel
