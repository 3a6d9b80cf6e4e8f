#include "storybook/contact_sheet.h"

#include <cairo.h>

#include <algorithm>
#include <sstream>

#include "pictures/picture_grid.h"
#include "storybook/surface.h"

namespace easel::storybook {
namespace {

constexpr int kGap = 8;  // pixels between the cells
constexpr int kMaxLines = 5;
constexpr int kLineHeight = 14, kFontSize = 11;  // pixels
constexpr int kTextHeight = kMaxLines * kLineHeight + 4;

std::vector<std::string> break_lines(cairo_t* context, const std::string& text, double width) {
  std::vector<std::string> lines{""};
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const std::string longer = lines.back().empty() ? word : lines.back() + " " + word;
    cairo_text_extents_t extents;
    cairo_text_extents(context, longer.c_str(), &extents);
    if (extents.x_advance <= width || lines.back().empty()) {
      lines.back() = longer;
    } else {
      lines.push_back(word);
    }
  }
  return lines;
}

// The picture with its caption below.
Picture cell(const CaptionedPicture& captioned) {
  const Picture& picture = captioned.picture;
  const Surface surface(picture.width_px, picture.height_px + kTextHeight);
  cairo_t* context = surface.context();
  cairo_set_source_rgb(context, 1, 1, 1);
  cairo_paint(context);
  cairo_set_source_rgb(context, 0.2, 0.2, 0.25);
  cairo_select_font_face(context, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(context, kFontSize);
  const std::vector<std::string> lines = break_lines(context, captioned.caption, picture.width_px);
  for (int line = 0; line < std::min(static_cast<int>(lines.size()), kMaxLines); ++line) {
    cairo_move_to(context, 0, picture.height_px + kLineHeight * (line + 1));
    cairo_show_text(context, lines[static_cast<size_t>(line)].c_str());
  }
  Picture result = surface.to_picture();
  std::copy(picture.pixels.begin(), picture.pixels.end(), result.pixels.begin());  // the upper rows, equally wide
  return result;
}

}  // namespace

Picture contact_sheet(const std::vector<CaptionedPicture>& pictures, int columns) {
  std::vector<Picture> cells;
  for (const CaptionedPicture& captioned : pictures) cells.push_back(cell(captioned));
  return picture_grid(cells, columns, kGap);
}

}  // namespace easel::storybook
