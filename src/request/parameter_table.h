// parameter_table.h — the table of generation parameters, as the rooms above see it.
#pragma once

#include "request/parameter_row.h"

namespace easel {

const ParameterTable<GenerationParameters>& generation_table();

}  // namespace easel
