// stored_dataset.h — examples that lie in files: a folder's pictures, the members of tars.
#pragma once

#include <vector>

#include "datasets/dataset.h"

namespace easel {

// Where one example lies, as the listing of a folder or an archive finds it.
struct StoredExample {
  std::string name;     // for messages, and part of the data's identity
  std::string caption;  // empty where there is none
  std::filesystem::path file;
  uint64_t offset_bytes = 0;
  uint64_t size_bytes = 0;
  PictureSize size;  // filled where pictures are checked
};

// Leaves out examples without a caption (where captions are required) and with a broken picture (where they are
// checked), notes them in the report, and keeps the first num_examples of the others. `where` names the data in
// messages. Throws CorruptFile where none is left.
std::unique_ptr<Dataset> make_stored_dataset(std::vector<StoredExample> examples, const std::string& where,
                                             const DatasetOptions& options, DatasetReport& report);

}  // namespace easel
