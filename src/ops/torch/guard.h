// guard.h — LibTorch's errors as Easel's, so that none of its types leaves the plug-in.
#pragma once

#include <c10/util/Exception.h>

#include <string>

#include "easel/error.h"
#include "ops/torch/torch_storage.h"

namespace easel {

// The first line of a message of LibTorch: what follows is its stack.
inline std::string first_line(const std::string& message) { return message.substr(0, message.find('\n')); }

// wrap(body()). A GPU's exhausted memory is thrown as ResourceExhausted, all else that LibTorch refuses as Internal.
template <typename Body>
Tensor guarded(const char* op, const Body& body) {
  try {
    return wrap(body());
  } catch (const c10::OutOfMemoryError& error) {
    throw Error(ErrorCode::ResourceExhausted, std::string("[") + op + "] torch: " + first_line(error.msg()));
  } catch (const c10::Error& error) {
    throw Error(ErrorCode::Internal, std::string("[") + op + "] torch: " + first_line(error.msg()));
  }
}

}  // namespace easel
