#include "storybook/drawing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "easel/error.h"
#include "storybook/palette.h"
#include "storybook/world.h"

namespace easel::storybook {
namespace {

constexpr int kSize = 64;        // small, so that thousands are drawn in seconds
constexpr int kColourSize = 96;  // where contours are thin enough for colours to be judged

Scene scene_of(Kind kind, Colour colour, Setting setting, Style style, uint64_t seed) {
  Scene scene;
  scene.setting = setting;
  scene.style = style;
  scene.subjects = {{.kind = kind, .colour = colour}};
  scene.seed = seed;
  return scene;
}

std::string name_of(const Scene& scene) {
  const Subject& subject = scene.subjects[0];
  return std::string(colour_name(subject.colour)) + " " + kind_name(subject.kind) + ", " + setting_name(scene.setting) +
         ", " + time_name(scene.time) + ", " + style_name(scene.style) + ", seed " + std::to_string(scene.seed);
}

Rgb pixel(const Picture& picture, size_t i) {
  const uint8_t* p = &picture.pixels[3 * i];
  return {p[0] / 255.0, p[1] / 255.0, p[2] / 255.0};
}

// The scene in each of the colours.
std::vector<Picture> in_every_colour(Scene scene) {
  std::vector<Picture> pictures;
  for (const Colour colour : all_colours()) {
    scene.subjects[0].colour = colour;
    pictures.push_back(draw(scene, kColourSize));
  }
  return pictures;
}

// Pixels that have another colour when the subject has: where its named colour is.
std::vector<size_t> coloured_pixels(const std::vector<Picture>& pictures, size_t colour) {
  std::vector<size_t> pixels;
  for (const size_t step : {4u, 8u}) {
    const Picture& changed = pictures[(colour + step) % pictures.size()];
    for (size_t i = 0; i < changed.pixels.size() / 3; ++i)
      if (distance(pixel(pictures[colour], i), pixel(changed, i)) > 0.12) pixels.push_back(i);
  }
  return pixels;
}

// Per channel, so that highlights, contours and eyes do not count.
Rgb median_colour(const Picture& picture, const std::vector<size_t>& pixels) {
  std::array<std::vector<double>, 3> channels;
  for (const size_t i : pixels) {
    const Rgb colour = pixel(picture, i);
    channels[0].push_back(colour.r), channels[1].push_back(colour.g), channels[2].push_back(colour.b);
  }
  for (auto& channel : channels)
    std::nth_element(channel.begin(), channel.begin() + static_cast<ptrdiff_t>(channel.size() / 2), channel.end());
  const size_t middle = pixels.size() / 2;
  return {channels[0][middle], channels[1][middle], channels[2][middle]};
}

// Names follow hue more than lightness: a red in the shade is still red.
double name_distance(Rgb a, Rgb b) {
  const double light = luma(a) - luma(b), red = (a.r - b.r) - light, blue = (a.b - b.b) - light;
  return 0.5 * light * light + red * red + blue * blue;
}

Colour nearest_colour(Rgb value) {
  return *std::min_element(all_colours().begin(), all_colours().end(), [&](Colour a, Colour b) {
    return name_distance(colour_value(a), value) < name_distance(colour_value(b), value);
  });
}

void expect_named_colours(const Scene& scene) {
  const std::vector<Picture> pictures = in_every_colour(scene);
  for (size_t i = 0; i < pictures.size(); ++i) {
    const Rgb seen = median_colour(pictures[i], coloured_pixels(pictures, i));
    EXPECT_EQ(std::string(colour_name(nearest_colour(seen))), colour_name(all_colours()[i]))
        << name_of(scene) << ": " << seen.r << " " << seen.g << " " << seen.b;
  }
}

TEST(Draw, SameSceneGivesTheSamePixels) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    const Scene scene = sample_scene(World::whole(), Split::any, seed);
    EXPECT_EQ(draw(scene, kSize).pixels, draw(scene, kSize).pixels) << name_of(scene);
  }
}

TEST(Draw, SeedChangesPoseAndPlace) {
  for (const Kind kind : drawn_kinds()) {
    const Scene scene = scene_of(kind, Colour::red, Setting::plain, Style::flat, 1);
    Scene other = scene;
    other.seed = 2;
    EXPECT_NE(draw(scene, kSize).pixels, draw(other, kSize).pixels) << name_of(scene);
  }
}

// Guards that subjects are large enough to be learned, in every style and place.
TEST(Draw, EveryKindFillsItsShareInEverySettingAndStyle) {
  for (const Kind kind : drawn_kinds())
    for (const Setting setting : World::whole().settings)
      for (const Style style : World::whole().styles) {
        const Scene scene = scene_of(kind, Colour::blue, setting, style, static_cast<uint64_t>(kind));
        Scene other = scene;
        other.subjects[0].colour = Colour::yellow;
        const Picture picture = draw(scene, kSize), changed = draw(other, kSize);
        int differing = 0;
        for (size_t i = 0; i < picture.pixels.size() / 3; ++i)
          differing += distance(pixel(picture, i), pixel(changed, i)) > 0.12;
        EXPECT_GE(differing, kSize * kSize * 25 / 1000) << name_of(scene);
      }
}

// Guards that colours can be learned: what a caption calls red looks red, whatever the style.
TEST(Draw, SubjectHasItsNamedColourInEveryStyle) {
  for (const Style style : World::whole().styles)
    for (const Kind kind : drawn_kinds()) expect_named_colours(scene_of(kind, Colour::red, Setting::plain, style, 3));
}

TEST(Draw, SubjectKeepsItsColourInEveryLight) {
  for (const Setting setting : World::whole().settings)
    for (const TimeOfDay time : all_times()) {
      Scene scene = scene_of(find_kind("ball"), Colour::red, setting, Style::flat, 5);
      if (has_time(setting)) scene.time = time;
      expect_named_colours(scene);
    }
}

// Connected areas of red on white, each of at least 1 % of the picture.
int count_red_areas(const Picture& picture) {
  const int width = picture.width_px, total = width * picture.height_px;
  std::vector<bool> red(static_cast<size_t>(total));
  for (int i = 0; i < total; ++i) {
    const Rgb colour = pixel(picture, static_cast<size_t>(i));
    red[static_cast<size_t>(i)] = colour.r - std::max(colour.g, colour.b) > 0.2;
  }
  int areas = 0;
  for (int start = 0; start < total; ++start) {
    std::vector<int> open{start};
    int size = 0;
    while (!open.empty()) {
      const int i = open.back();
      open.pop_back();
      if (i < 0 || i >= total || !red[static_cast<size_t>(i)]) continue;
      red[static_cast<size_t>(i)] = false;
      ++size;
      open.insert(open.end(), {i - width, i + width});
      if (i % width > 0) open.push_back(i - 1);
      if (i % width < width - 1) open.push_back(i + 1);
    }
    areas += size >= total / 100;
  }
  return areas;
}

TEST(Draw, AsManyThingsAreSeenAsTheSceneCounts) {
  for (const Kind kind : {find_kind("lemon"), find_kind("apple"), find_kind("orange"), find_kind("pear"),
                          find_kind("heart"), find_kind("star"), find_kind("balloon"), find_kind("fish")})
    for (int count = 1; count <= 4; ++count)
      for (uint64_t seed = 0; seed < 5; ++seed) {
        Scene scene = scene_of(kind, Colour::red, Setting::plain, Style::flat, seed);
        scene.subjects[0].count = count;
        EXPECT_EQ(count_red_areas(draw(scene, 128)), count) << name_of(scene) << ", count " << count;
      }
}

// Mean place of red and of blue pixels.
std::array<double, 4> red_and_blue_places(const Picture& picture) {
  std::array<double, 4> sums{};
  double reds = 0, blues = 0;
  for (size_t i = 0; i < picture.pixels.size() / 3; ++i) {
    const Rgb colour = pixel(picture, i);
    const double x = static_cast<double>(i % static_cast<size_t>(picture.width_px));
    const double y = static_cast<double>(i / static_cast<size_t>(picture.width_px));
    if (colour.r - colour.b > 0.35 && colour.g < 0.35) sums[0] += x, sums[1] += y, ++reds;
    if (colour.b - colour.r > 0.35) sums[2] += x, sums[3] += y, ++blues;
  }
  return {sums[0] / reds, sums[1] / reds, sums[2] / blues, sums[3] / blues};
}

TEST(Draw, RelationsAreAsSaid) {
  for (uint64_t seed = 0; seed < 12; ++seed) {
    Scene scene = scene_of(find_kind("apple"), Colour::red, Setting::plain, Style::flat, seed);
    scene.subjects.push_back({.kind = find_kind("ball"), .colour = Colour::blue});
    const auto places = [&](Relation relation) {
      scene.relation = relation;
      return red_and_blue_places(draw(scene, 128));
    };
    const auto left = places(Relation::left_of), right = places(Relation::right_of);
    EXPECT_LT(left[0] + 25, left[2]);
    EXPECT_GT(right[0], right[2] + 25);
    const auto above = places(Relation::above), below = places(Relation::below), on = places(Relation::on);
    EXPECT_LT(above[1] + 25, above[3]);
    EXPECT_GT(below[1], below[3] + 25);
    EXPECT_LT(on[1] + 20, on[3]);
    EXPECT_NEAR(on[0], on[2], 12);
  }
}

TEST(Draw, AnyShapeOfPictureIsFilled) {
  const Scene scene = scene_of(find_kind("cat"), Colour::red, Setting::beach, Style::flat, 1);
  for (const auto& [width, height] : {std::pair{96, 64}, {64, 96}, {16, 16}}) {
    const Picture picture = draw(scene, width, height);
    EXPECT_EQ(picture.width_px, width);
    EXPECT_EQ(picture.height_px, height);
    ASSERT_EQ(picture.pixels.size(), static_cast<size_t>(3 * width * height));
    for (const size_t corner : {size_t{0}, picture.pixels.size() / 3 - 1})
      EXPECT_GT(pixel(picture, corner).r + pixel(picture, corner).g + pixel(picture, corner).b, 0.5);  // not left black
  }
}

TEST(Draw, WrongSizesAndEmptyScenesAreRefused) {
  const Scene scene = scene_of(find_kind("cat"), Colour::red, Setting::beach, Style::flat, 1);
  EXPECT_THROW(draw(scene, 15), Error);
  EXPECT_THROW(draw(scene, 64, 4097), Error);
  EXPECT_THROW(draw(Scene{}, 64), Error);
}

}  // namespace
}  // namespace easel::storybook
