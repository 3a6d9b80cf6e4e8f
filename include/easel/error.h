// error.h — the one exception type that Easel throws.
#pragma once

#include <stdexcept>
#include <string>

#include "easel/export.h"

namespace easel {

enum class ErrorCode {
  InvalidArgument,    // the caller asked for something that cannot be: a size, a range, an unknown name
  NotFound,           // a file, a component or a tensor is missing
  CorruptFile,        // a file's content breaks its format
  Unsupported,        // well-formed, but Easel has no way to do it
  ResourceExhausted,  // memory or disk
  Cancelled,          // stopped at the caller's wish
  Internal,           // a broken promise inside Easel: a bug
};

// The message is one line that says where, what was given and what is allowed:
// "[euler] num_inference_steps = 0; must be 1..1000".
class EASEL_API Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message);
  ~Error() override;
  ErrorCode code() const { return code_; }

 private:
  ErrorCode code_;
};

// Name of a code as it is written in JSON ("InvalidArgument", …).
EASEL_API const char* error_code_name(ErrorCode code);
// The process's exit status for a code: 1 for everything a user can mend, 2 for wrong usage, 130 for Cancelled.
EASEL_API int error_exit_code(ErrorCode code);
// The HTTP status for a code.
EASEL_API int error_http_status(ErrorCode code);

}  // namespace easel
