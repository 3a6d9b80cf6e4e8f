// export.h — marks the names that are visible outside the library (everything else is hidden).
#pragma once

#define EASEL_API __attribute__((visibility("default")))
