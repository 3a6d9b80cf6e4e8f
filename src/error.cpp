#include "easel/error.h"

namespace easel {
namespace {

struct CodeInfo {
  const char* name;
  int exit_code;
  int http_status;
};

// Indexed by ErrorCode.
constexpr CodeInfo kCodes[] = {
    {"InvalidArgument", 2, 400},   {"NotFound", 1, 404},    {"CorruptFile", 1, 422}, {"Unsupported", 1, 501},
    {"ResourceExhausted", 1, 507}, {"Cancelled", 130, 499}, {"Internal", 1, 500},
};

const CodeInfo& info(ErrorCode code) { return kCodes[static_cast<int>(code)]; }

}  // namespace

Error::Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
Error::~Error() = default;

const char* error_code_name(ErrorCode code) { return info(code).name; }
int error_exit_code(ErrorCode code) { return info(code).exit_code; }
int error_http_status(ErrorCode code) { return info(code).http_status; }

}  // namespace easel
