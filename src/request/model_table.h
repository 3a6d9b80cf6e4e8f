// model_table.h — which model makes the pictures, and where it runs: a table of parameters.
#pragma once

#include <string>

#include "easel/parameters.h"
#include "request/parameter_row.h"

namespace easel {

struct ModelRequest : LoadOptions {
  std::string model;  // empty: find_default_model()
};

const ParameterTable<ModelRequest>& model_table();

}  // namespace easel
