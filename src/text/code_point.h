// code_point.h — single Unicode code points: their classes and their bytes.
#pragma once

#include <string>

namespace easel {

bool is_letter(char32_t code_point);  // \p{L}
bool is_number(char32_t code_point);  // \p{N}
void append_utf8(std::string& utf8, char32_t code_point);

}  // namespace easel
