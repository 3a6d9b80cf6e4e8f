// Any bytes as a config.json of each component: a config, or an Error.
#include <nlohmann/json.hpp>
#include <string_view>

#include "diffusion/scheduler_config.h"
#include "easel/error.h"
#include "files/json_reader.h"
#include "models/clip/clip_text_model.h"
#include "models/clip/clip_vision_model.h"
#include "models/unet/unet_config.h"
#include "models/vae/autoencoder_kl.h"

namespace {

template <typename Reader>
void read(const Reader& reader) {
  try {
    reader();
  } catch (const easel::Error&) {
    return;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  nlohmann::json config;
  read([&] { config = easel::parse_json({reinterpret_cast<const char*>(bytes), size}, "fuzz"); });
  read([&] { easel::UNetConfig::from_json(config); });
  read([&] { easel::AutoencoderConfig::from_json(config); });
  read([&] { easel::ClipTextConfig::from_json(config); });
  read([&] { easel::ClipVisionConfig::from_json(config); });
  read([&] { easel::read_noise_schedule(config, easel::ZeroTerminalSnr::exact); });
  read([&] { easel::read_prediction_type(config); });
  return 0;
}
