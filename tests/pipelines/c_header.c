/* easel.h is C: this file only has to compile. */
#include "easel/easel.h"

size_t easel_header_compiles_as_c(const easel_pictures* pictures);
size_t easel_header_compiles_as_c(const easel_pictures* pictures) { return easel_pictures_count(pictures); }
