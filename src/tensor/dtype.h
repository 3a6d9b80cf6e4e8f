// dtype.h — element types, and the conversions between the floating ones.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "easel/export.h"

namespace easel {

// Networks hold weights as f32, f16 or bf16 and compute in f32; ids are i32, pictures u8. What follows u8 exists only
// where files hold it (token ids, schedules, masks, 8-bit checkpoints): it can be copied, printed and converted to f32.
enum class DType { f32, f16, bf16, i32, u8, i64, f64, boolean, i8, i16, u16, u32, u64, f8_e4m3, f8_e5m2 };

EASEL_API size_t dtype_size_bytes(DType dtype);
EASEL_API const char* dtype_name(DType dtype);  // "f32", …

// IEEE half and bfloat16 as stored bits.
EASEL_API float f16_to_f32(uint16_t bits);
EASEL_API uint16_t f32_to_f16(float value);  // round to nearest even; overflow gives infinity
inline float bf16_to_f32(uint16_t bits) { return std::bit_cast<float>(static_cast<uint32_t>(bits) << 16); }
EASEL_API uint16_t f32_to_bf16(float value);  // round to nearest even

// The 8-bit floats of checkpoints. E4M3 is the "fn" kind: no infinities, all ones is NaN. Micikevicius et al. 2022,
// https://arxiv.org/abs/2209.05433, table 1. E5M2 is the upper byte of an IEEE half.
EASEL_API float f8_e4m3_to_f32(uint8_t bits);
inline float f8_e5m2_to_f32(uint8_t bits) { return f16_to_f32(static_cast<uint16_t>(bits << 8)); }

}  // namespace easel
