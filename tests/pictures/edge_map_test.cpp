#include "pictures/edge_map.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <vector>

namespace easel {
namespace {

Picture grey_picture(int side, const std::function<uint8_t(int, int)>& value) {
  Picture picture{.width_px = side, .height_px = side, .channels = 3, .pixels = {}};
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x) picture.pixels.insert(picture.pixels.end(), 3, value(x, y));
  return picture;
}

bool is_edge(const Picture& edges, int x, int y) {
  return edges.pixels[static_cast<size_t>(3 * (y * edges.width_px + x))] == 255;
}

TEST(EdgeMap, AnUprightStepIsOneLineOfOnePixel) {
  const Picture edges = edge_map(grey_picture(32, [](int x, int) { return uint8_t(x < 16 ? 20 : 220); }));
  for (int y = 0; y < 32; ++y) {
    int count = 0;
    for (int x = 0; x < 32; ++x) {
      count += is_edge(edges, x, y);
      EXPECT_TRUE(!is_edge(edges, x, y) || x == 15 || x == 16) << x;
    }
    EXPECT_EQ(count, 1) << y;
  }
}

TEST(EdgeMap, NothingInWhatIsEvenOrShadesSlowly) {
  for (const auto& picture : {grey_picture(32, [](int, int) { return uint8_t{90}; }),
                              grey_picture(32, [](int x, int y) { return uint8_t(2 * (x + y)); })}) {
    const Picture edges = edge_map(picture);
    EXPECT_EQ(std::count(edges.pixels.begin(), edges.pixels.end(), 255), 0);
  }
}

TEST(EdgeMap, AWeakEdgeCountsOnlyWhereItGoesOnFromAStrongOne) {
  const auto step = [](int height) { return [height](int x, int) { return uint8_t(x < 16 ? 100 : 100 + height); }; };
  const Picture weak = edge_map(grey_picture(32, step(50)), {.low = 60, .high = 300});
  EXPECT_EQ(std::count(weak.pixels.begin(), weak.pixels.end(), 255), 0);
  const Picture both =
      edge_map(grey_picture(32, [&](int x, int y) { return step(150 - 3 * y)(x, y); }), {.low = 60, .high = 300});
  for (const int y : {4, 28}) EXPECT_TRUE(is_edge(both, 15, y) || is_edge(both, 16, y)) << y;
}

TEST(EdgeMap, OnePixelAndOneRowAreFine) {
  EXPECT_EQ(edge_map(grey_picture(1, [](int, int) { return uint8_t{9}; })).pixels, std::vector<uint8_t>(3, 0));
}

}  // namespace
}  // namespace easel
