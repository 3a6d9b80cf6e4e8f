#include "model_tools/model_inspection.h"

#include "files/file_hash.h"
#include "model_tools/inspection/inspection.h"

namespace easel {

using nlohmann::ordered_json;

ordered_json inspect_model(const std::filesystem::path& path, const InspectionOptions& options) {
  ordered_json inspection = {{"path", path.string()}, {"kind", "diffusers folder"}};
  std::error_code unreadable;
  if (std::filesystem::is_directory(path, unreadable)) {
    inspect_checkpoint(inspection, path, options);
    return inspection;
  }
  if (path.extension() == ".json")
    inspect_json(inspection, path);
  else if (path.extension() == ".txt")
    inspect_merges(inspection, path);
  else
    inspect_tensor_file(inspection, path, options);
  if (options.hash) {
    const std::string digits = file_sha256(path);
    inspection["hashes"] = {{"sha256", digits}, {"model_hash", digits.substr(0, 10)}};
  }
  return inspection;
}

}  // namespace easel
