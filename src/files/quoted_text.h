// quoted_text.h — text of unknown origin, made fit for a one-line message.
#pragma once

#include <string>
#include <string_view>

namespace easel {

// 'text' with control characters, quotes, backslashes and bytes that are no UTF-8 as \n, \' or \xNN; long text is cut
// in the middle. The result is valid UTF-8 on one line.
std::string quoted_text(std::string_view text);

// The same escapes without the surrounding quotes and without cutting.
std::string escaped_text(std::string_view text);

bool is_utf8(std::string_view text);

// What the system says about an errno, e.g. "No space left on device".
std::string system_message(int error_number);

}  // namespace easel
