#include "pipelines/editing/edited_picture.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>

#include "easel/error.h"
#include "pictures/picture_tensor.h"

namespace easel {
namespace {

constexpr double kSameShape = 0.02;  // by which proportions may differ

[[noreturn]] void fail(const std::string& what) { throw Error(ErrorCode::InvalidArgument, "[edit] " + what); }

std::string size_text(const Picture& picture) {
  return std::to_string(picture.width_px) + "x" + std::to_string(picture.height_px);
}

// Luma of what is opaque, 0..1: white changes.
float mask_value(const Picture& mask, int x, int y) {
  const uint8_t* pixel =
      &mask.pixels[(static_cast<size_t>(y) * static_cast<size_t>(mask.width_px) + static_cast<size_t>(x)) *
                   static_cast<size_t>(mask.channels)];
  const float luma = mask.channels < 3 ? pixel[0] : 0.299f * pixel[0] + 0.587f * pixel[1] + 0.114f * pixel[2];
  const float alpha = mask.channels == 4 ? pixel[3] / 255.0f : 1.0f;
  return std::min(1.0f, luma * alpha / 255.0f);
}

// A mask of other size but the same shape is scaled to the image.
std::vector<float> changes_of_mask(const Picture& mask, const Picture& image) {
  require_shape_of_image("mask", mask, image);
  const double across = static_cast<double>(mask.width_px) / image.width_px,
               down = static_cast<double>(mask.height_px) / image.height_px;
  std::vector<float> change;
  for (int y = 0; y < image.height_px; ++y)
    for (int x = 0; x < image.width_px; ++x)
      change.push_back(mask_value(mask, std::min(mask.width_px - 1, static_cast<int>((x + 0.5) * across)),
                                  std::min(mask.height_px - 1, static_cast<int>((y + 0.5) * down))));
  return change;
}

std::vector<float> changes_of_box(const std::string& text, const Picture& image) {
  std::array<int, 4> box{};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (size_t i = 0; i < box.size(); ++i) {
    const auto [next, error] = std::from_chars(at, end, box[i]);
    const bool separated = i + 1 == box.size() ? next == end : next != end && *next == ',';
    if (error != std::errc() || !separated) fail("mask_box = " + text + "; must be x,y,width,height in pixels");
    at = next + 1;
  }
  const auto [x, y, width, height] = box;
  std::vector<float> change(static_cast<size_t>(image.width_px) * static_cast<size_t>(image.height_px));
  bool any = false;
  for (int row = std::max(0, y); row < std::min<int64_t>(image.height_px, int64_t{y} + height); ++row)
    for (int column = std::max(0, x); column < std::min<int64_t>(image.width_px, int64_t{x} + width); ++column) {
      change[static_cast<size_t>(row) * static_cast<size_t>(image.width_px) + static_cast<size_t>(column)] = 1;
      any = true;
    }
  if (!any) fail("mask_box = " + text + " lies outside the image of " + size_text(image));
  return change;
}

// What is transparent changes.
std::vector<float> changes_of_transparency(const Picture& image) {
  std::vector<float> change;
  if (image.channels == 4)
    for (size_t i = 3; i < image.pixels.size(); i += 4) change.push_back(1 - image.pixels[i] / 255.0f);
  if (std::all_of(change.begin(), change.end(), [](float c) { return c == 0; }))
    fail("what is to change? give mask or mask_box, or an image with transparent parts");
  return change;
}

std::vector<float> changes_of(const GenerationParameters& parameters) {
  const Picture& image = parameters.image.picture;
  if (parameters.mask.given() && !parameters.mask_box.empty()) fail("mask and mask_box; must be one of them");
  std::vector<float> change = parameters.mask.given()        ? changes_of_mask(parameters.mask.picture, image)
                              : !parameters.mask_box.empty() ? changes_of_box(parameters.mask_box, image)
                                                             : changes_of_transparency(image);
  if (parameters.invert_mask)
    for (float& c : change) c = 1 - c;
  return change;
}

// Means over squares of side 2 * radius + 1 where the border goes on outside; three times is nearly a Gaussian.
std::vector<float> blurred(std::vector<float> values, int width, int height, int radius) {
  std::vector<float> sums(values.size());
  const auto pass = [&](int count, int length, int stride, int line_stride) {
    for (int line = 0; line < count; ++line) {
      float* row = &values[static_cast<size_t>(line) * static_cast<size_t>(line_stride)];
      float* out = &sums[static_cast<size_t>(line) * static_cast<size_t>(line_stride)];
      const auto at = [&](int i) { return row[static_cast<ptrdiff_t>(std::clamp(i, 0, length - 1)) * stride]; };
      double sum = 0;
      for (int i = -radius; i <= radius; ++i) sum += at(i);
      for (int i = 0; i < length; ++i) {
        out[static_cast<ptrdiff_t>(i) * stride] = static_cast<float>(sum / (2 * radius + 1));
        sum += at(i + radius + 1) - at(i - radius);
      }
    }
    std::swap(values, sums);
  };
  for (int i = 0; i < 3; ++i) {
    pass(height, width, 1, width);
    pass(width, height, width, 1);
  }
  return values;
}

uint8_t mixed(uint8_t from, uint8_t to, float share) {
  return static_cast<uint8_t>(std::lround(from + (static_cast<float>(to) - static_cast<float>(from)) * share));
}

}  // namespace

void require_shape_of_image(const char* name, const Picture& picture, const Picture& image) {
  const double across = static_cast<double>(picture.width_px) / image.width_px,
               down = static_cast<double>(picture.height_px) / image.height_px;
  if (std::abs(across / down - 1) > kSameShape)
    fail(std::string(name) + " of " + size_text(picture) + " pixels; must have the shape of the image, " +
         size_text(image));
}

EditedPicture::EditedPicture(const GenerationParameters& parameters, bool masked, int64_t cell_px)
    : original_(parameters.image.picture), cell_px_(cell_px) {
  if (!parameters.image.given()) fail("no image; an edit starts from one");
  const auto whole_cells = [&](int64_t length) { return (length + cell_px - 1) / cell_px * cell_px; };
  canvas_width_px_ = whole_cells(original_.width_px);
  canvas_height_px_ = whole_cells(original_.height_px);
  const auto pixels = static_cast<size_t>(original_.width_px) * static_cast<size_t>(original_.height_px);
  change_ = masked ? changes_of(parameters) : std::vector<float>(pixels, 1.0f);
}

Tensor EditedPicture::canvas_of(const Picture& picture) const {
  const Tensor image = image_from_picture(picture);
  Tensor canvas = Tensor::empty({1, canvas_height_px_, canvas_width_px_, 3});
  for (int64_t y = 0; y < canvas_height_px_; ++y) {
    const float* row = image.f32() + std::min<int64_t>(y, picture.height_px - 1) * picture.width_px * 3;
    float* out = canvas.f32() + y * canvas_width_px_ * 3;
    for (int64_t x = 0; x < canvas_width_px_; ++x)
      std::copy_n(row + std::min<int64_t>(x, picture.width_px - 1) * 3, 3, out + x * 3);
  }
  return canvas;
}

Tensor EditedPicture::cell_changes() const {
  const int64_t columns = canvas_width_px_ / cell_px_, rows = canvas_height_px_ / cell_px_;
  Tensor cells = Tensor::zeros({1, rows, columns, 1});
  for (int64_t y = 0; y < canvas_height_px_; ++y)
    for (int64_t x = 0; x < canvas_width_px_; ++x) {
      const auto at = std::min<int64_t>(y, original_.height_px - 1) * original_.width_px +
                      std::min<int64_t>(x, original_.width_px - 1);
      float& cell = cells.f32()[y / cell_px_ * columns + x / cell_px_];
      cell = std::max(cell, change_[static_cast<size_t>(at)]);
    }
  return cells;
}

Picture EditedPicture::composited(const Picture& generated, int64_t mask_blur) const {
  Picture result = original_;
  std::vector<float> depth(change_.size());  // how far inside what changes
  std::transform(change_.begin(), change_.end(), depth.begin(), [](float c) { return std::min(1.0f, 2 * c); });
  const int radius = static_cast<int>((mask_blur + 1) / 2);
  const std::vector<float> soft = radius == 0 ? depth : blurred(depth, original_.width_px, original_.height_px, radius);
  // A mask that is narrower than the blur still changes in its middle.
  const float most = soft.empty() ? 1.0f : *std::max_element(soft.begin(), soft.end()),
              least = std::min(0.5f, most / 2);
  for (int y = 0; y < original_.height_px; ++y)
    for (int x = 0; x < original_.width_px; ++x) {
      const size_t i = static_cast<size_t>(y) * static_cast<size_t>(original_.width_px) + static_cast<size_t>(x);
      if (change_[i] == 0) continue;
      const float share = depth[i] * (radius == 0 ? 1.0f : std::clamp((soft[i] - least) / (most - least), 0.0f, 1.0f));
      const uint8_t* from =
          &generated
               .pixels[(static_cast<size_t>(y) * static_cast<size_t>(generated.width_px) + static_cast<size_t>(x)) * 3];
      uint8_t* to = &result.pixels[i * static_cast<size_t>(result.channels)];
      for (int c = 0; c < std::min(result.channels, 3); ++c) to[c] = mixed(to[c], from[c], share);
      if (result.channels == 4) to[3] = mixed(to[3], 255, share);
    }
  return result;
}

GenerationRequest on_canvas(GenerationRequest request, const EditedPicture& edited) {
  request.parameters.width = edited.canvas_width_px();
  request.parameters.height = edited.canvas_height_px();
  return request;
}

MadePictures unchanged(const GenerationRequest& request, const EditedPicture& edited) {
  return {.parameters = request.parameters,
          .pictures = std::vector<Picture>(static_cast<size_t>(request.num_images()), edited.original())};
}

}  // namespace easel
