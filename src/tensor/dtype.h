// dtype.h — element types, and the conversions between the floating ones.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "easel/export.h"

namespace easel {

// i64 and f64 exist only where files hold them (token ids, schedules); networks compute in f32.
enum class DType { f32, f16, bf16, i32, u8, i64, f64 };

EASEL_API size_t dtype_size_bytes(DType dtype);
EASEL_API const char* dtype_name(DType dtype);  // "f32", …

// IEEE half and bfloat16 as stored bits.
EASEL_API float f16_to_f32(uint16_t bits);
EASEL_API uint16_t f32_to_f16(float value);  // round to nearest even; overflow gives infinity
inline float bf16_to_f32(uint16_t bits) { return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16); }
EASEL_API uint16_t f32_to_bf16(float value);  // round to nearest even

}  // namespace easel
