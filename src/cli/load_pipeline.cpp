#include "cli/load_pipeline.h"

namespace easel::cli {

Pipeline load_pipeline(const ModelRequest& request) {
  return Pipeline::load(request.model.empty() ? find_default_model() : std::filesystem::path(request.model), request);
}

}  // namespace easel::cli
