#include "easel/upscaler.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "checkpoints/tensor_file.h"
#include "easel/error.h"
#include "files/message_text.h"
#include "models/upscalers/upscaler_network.h"
#include "ops/ops.h"
#include "pictures/picture_file.h"
#include "pictures/picture_tensor.h"
#include "pictures/resampling.h"
#include "pipelines/device.h"
#include "tensor/cancellation_scope.h"

namespace easel {
namespace {

namespace fs = std::filesystem;

constexpr double kMaxScale = 16;

[[noreturn]] void fail_upscaling(const std::string& what) {
  throw Error(ErrorCode::InvalidArgument, "[upscale] " + what);
}

// Beside the program: an installed tree, then the build folder.
fs::path installed_network(const std::string& name) {
  std::error_code ignored;
  const auto folder = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  for (const fs::path& candidate : {folder / "../share/easel/upscalers", folder / "../../share/easel/upscalers"})
    if (const fs::path file = candidate / (name + ".safetensors"); fs::is_regular_file(file, ignored)) return file;
  throw Error(ErrorCode::NotFound, "[upscale] no upscaler " + name +
                                       ": neither lanczos nor bicubic, no file, and none that is installed "
                                       "(scripts/fetch_upscaler.sh installs esrgan-thick and esrgan-slim)");
}

// Parts of a line: begins so that all have one length, neighbours overlap, and the last ends with the line.
std::vector<int64_t> part_begins(int64_t length, int64_t part, int64_t overlap) {
  std::vector<int64_t> begins{0};
  while (begins.back() + part < length) begins.push_back(std::min(begins.back() + part - overlap, length - part));
  return begins;
}

// How much a pixel at `i` of a part counts: rising over the overlap with the part before, falling to the one after.
float part_weight(int64_t i, int64_t length, int64_t ramp, bool first, bool last) {
  float weight = 1;
  if (!first) weight = std::min(weight, (static_cast<float>(i) + 0.5f) / static_cast<float>(ramp));
  if (!last) weight = std::min(weight, (static_cast<float>(length - i) - 0.5f) / static_cast<float>(ramp));
  return weight;
}

class TiledRun {
 public:
  TiledRun(const UpscalerNetwork& network, BackendKind backend, const UpscaleOptions& options)
      : network_(network), backend_(backend), options_(options) {}

  // image: [1, H, W, 3], 0..1. Returns [1, scale H, scale W, 3].
  Tensor operator()(const Tensor& image) {
    const int64_t height = image.dim(1), width = image.dim(2), s = network_.scale();
    const int64_t side = options_.tile_px == 0 ? std::max(height, width) : options_.tile_px;
    const int64_t overlap = std::min(options_.overlap_px, side / 2);
    const int64_t part_height = std::min(side, height), part_width = std::min(side, width);
    const std::vector<int64_t> rows = part_begins(height, part_height, overlap);
    const std::vector<int64_t> columns = part_begins(width, part_width, overlap);
    Tensor sum = Tensor::zeros({1, height * s, width * s, 3});
    std::vector<float> weights(static_cast<size_t>(height * s * width * s));
    const auto total = static_cast<int64_t>(rows.size() * columns.size());
    int64_t done = 0;
    for (size_t r = 0; r < rows.size(); ++r)
      for (size_t c = 0; c < columns.size(); ++c) {
        const Tensor part =
            slice(slice(image, 1, rows[r], rows[r] + part_height), 2, columns[c], columns[c] + part_width);
        const Borders borders{r == 0, r + 1 == rows.size(), c == 0, c + 1 == columns.size()};
        lay(to_host(network_(to_backend(part, backend_))), rows[r] * s, columns[c] * s,
            std::max<int64_t>(1, overlap * s), borders, sum, weights);
        if (options_.on_progress) options_.on_progress(++done, total);
      }
    for (size_t i = 0; i < weights.size(); ++i)
      for (size_t channel = 0; channel < 3; ++channel) sum.f32()[i * 3 + channel] /= weights[i];
    return sum;
  }

 private:
  struct Borders {
    bool top, bottom, left, right;  // of the picture
  };

  static void lay(const Tensor& part, int64_t top, int64_t left, int64_t ramp, const Borders& borders, Tensor& sum,
                  std::vector<float>& weights) {
    const int64_t height = part.dim(1), width = part.dim(2), line = sum.dim(2);
    for (int64_t y = 0; y < height; ++y) {
      const float down = part_weight(y, height, ramp, borders.top, borders.bottom);
      for (int64_t x = 0; x < width; ++x) {
        const float weight = down * part_weight(x, width, ramp, borders.left, borders.right);
        const int64_t at = (top + y) * line + left + x;
        weights[static_cast<size_t>(at)] += weight;
        for (int64_t c = 0; c < 3; ++c) sum.f32()[at * 3 + c] += weight * part.f32()[(y * width + x) * 3 + c];
      }
    }
  }

  const UpscalerNetwork& network_;
  BackendKind backend_;
  const UpscaleOptions& options_;
};

// The image's sides as whole multiples of 4, for networks that fold it; what is added repeats the border.
Tensor with_whole_folds(const Tensor& image) {
  const auto missing = [](int64_t length) { return (4 - length % 4) % 4; };
  Tensor result = image;
  for (const int axis : {1, 2}) {
    const int64_t length = result.dim(axis);
    std::vector<Tensor> parts{result};
    for (int64_t i = 0; i < missing(length); ++i) parts.push_back(slice(result, axis, length - 1, length));
    if (parts.size() > 1) result = concat(parts, axis);
  }
  return result;
}

void put_alpha(const Picture& from, Picture& to) {
  const Picture alpha = resampled(from, to.width_px, to.height_px, ResamplingFilter::lanczos);
  Picture both{.width_px = to.width_px, .height_px = to.height_px, .channels = 4, .pixels = {}};
  for (size_t i = 0; i < alpha.pixels.size(); i += 4) {
    both.pixels.insert(both.pixels.end(), to.pixels.begin() + static_cast<ptrdiff_t>(i / 4 * 3),
                       to.pixels.begin() + static_cast<ptrdiff_t>(i / 4 * 3 + 3));
    both.pixels.push_back(alpha.pixels[i + 3]);
  }
  to = std::move(both);
}

}  // namespace

struct Upscaler::State {
  std::string kind;
  ResamplingFilter filter = ResamplingFilter::lanczos;
  BackendKind backend = BackendKind::cpu;
  std::unique_ptr<UpscalerNetwork> network;  // null: the filter alone
};

Upscaler Upscaler::load(const std::string& name, const std::string& device) {
  auto state = std::make_unique<State>();
  state->kind = name;
  if (name == "lanczos" || name == "bicubic") {
    if (name == "bicubic") state->filter = ResamplingFilter::cubic;
    return Upscaler(std::move(state));
  }
  std::error_code ignored;
  const fs::path path = fs::exists(name, ignored) ? fs::path(name) : installed_network(name);
  state->backend = select_device(device).backend_kind();
  TensorFile file = read_tensor_file(path);
  state->network =
      make_upscaler_network(std::move(file.tensors), file.metadata, path.filename().string(), state->backend);
  state->kind = state->network->architecture();
  return Upscaler(std::move(state));
}

Picture Upscaler::upscale(const Picture& picture, double scale, const UpscaleOptions& options) const {
  const ScopedCancellation scope(options.cancel);
  if (!(scale >= 1 && scale <= kMaxScale)) fail_upscaling("scale = " + format_number(scale) + "; must be 1..16");
  if (options.tile_px != 0 && options.tile_px < 16)
    fail_upscaling("part size " + std::to_string(options.tile_px) + "; must be 0 or at least 16");
  const double wide = std::round(picture.width_px * scale), high = std::round(picture.height_px * scale);
  if (std::max(wide, high) > kMaxPictureSide)
    fail_upscaling("the result would have " + format_number(wide) + "x" + format_number(high) + " pixels; at most " +
                   std::to_string(kMaxPictureSide) + " a side");
  const int width = static_cast<int>(wide), height = static_cast<int>(high);
  if (!state_->network) return resampled(picture, width, height, state_->filter);

  TiledRun run(*state_->network, state_->backend, options);
  Tensor image = affine(image_from_picture(picture), 0.5, 0.5);
  int64_t reached = 1;
  do {
    const int64_t rows = image.dim(1) * own_scale(), columns = image.dim(2) * own_scale();
    image = slice(slice(run(with_whole_folds(image)), 1, 0, rows), 2, 0, columns);
    reached *= own_scale();
  } while (static_cast<double>(reached) < scale && own_scale() > 1);
  if (image.dim(1) != height || image.dim(2) != width)
    image = resampled(image, height, width, ResamplingFilter::lanczos);
  Picture result = pictures_from_image(affine(image, 2, -1)).front();
  if (picture.channels == 4) put_alpha(picture, result);
  return result;
}

const std::string& Upscaler::kind() const { return state_->kind; }
int64_t Upscaler::own_scale() const { return state_->network ? state_->network->scale() : 1; }

Upscaler::Upscaler(std::unique_ptr<State> state) : state_(std::move(state)) {}
Upscaler::Upscaler(Upscaler&&) noexcept = default;
Upscaler& Upscaler::operator=(Upscaler&&) noexcept = default;
Upscaler::~Upscaler() = default;

}  // namespace easel
