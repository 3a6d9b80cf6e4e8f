// load_pipeline.h — the model that the flags of a command name.
#pragma once

#include "easel/pipeline.h"
#include "request/model_table.h"

namespace easel::cli {

// The model asked for, or the default one. Throws as Pipeline::load and find_default_model do.
Pipeline load_pipeline(const ModelRequest& request);

}  // namespace easel::cli
