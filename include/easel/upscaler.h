// upscaler.h — pictures made larger: by a network as people have it in a file, or by Lanczos.
//
//   easel::Upscaler upscaler = easel::Upscaler::load("RealESRGAN_x4plus.pth");
//   easel::Picture large = upscaler.upscale(small, 4);
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "easel/cancellation.h"
#include "easel/export.h"
#include "easel/picture.h"

namespace easel {

struct UpscaleOptions {
  int64_t tile_px = 256;    // side of the parts that a network works on; 0: the whole picture at once
  int64_t overlap_px = 24;  // of neighbouring parts, over which they are mixed
  std::function<void(int64_t done, int64_t total)> on_progress = {};  // parts; from the calling thread
  CancellationToken cancel{};
};

// Thread safety: one upscale() at a time per Upscaler.
class EASEL_API Upscaler {
 public:
  // "lanczos", "bicubic", the name of a network that is installed (scripts/fetch_upscaler.sh), or a file: .safetensors
  // or .pth of RRDBNet (ESRGAN, Real-ESRGAN), SRVGG, RDN, RRDN. device: as in LoadOptions. Throws NotFound,
  // CorruptFile, Unsupported.
  static Upscaler load(const std::string& name, const std::string& device = "cpu");

  // scale: 1..16. A network runs as often as it takes to reach it; what it makes too large is reduced by Lanczos.
  // Transparency is enlarged by Lanczos. Throws InvalidArgument for a scale outside, or a result above 16,384 pixels a
  // side, Cancelled.
  Picture upscale(const Picture& picture, double scale, const UpscaleOptions& options = {}) const;

  // "lanczos", "bicubic" or the network's kind; its own factor, 1 for a filter.
  const std::string& kind() const;
  int64_t own_scale() const;

  Upscaler(Upscaler&&) noexcept;
  Upscaler& operator=(Upscaler&&) noexcept;
  ~Upscaler();

 private:
  struct State;
  explicit Upscaler(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace easel
