#include "storybook/held_out.h"

#include <algorithm>
#include <array>

namespace easel::storybook {
namespace {

using enum Colour;
using enum Setting;
using enum Style;

// Chosen by hand: never a kind's natural colour nor where it is at home, spread over all colours, settings and styles.
// World::small() has each of its kinds' colour and setting, and the style of eight of them, so it has held-out pairs
// too.
constexpr std::array kHeldOut = {
    HeldOut{Kind::lemon, blue, snow, cubist},
    HeldOut{Kind::apple, purple, space, pencil},
    HeldOut{Kind::orange, teal, beach, outline},
    HeldOut{Kind::pear, pink, sea, pixel_art},
    HeldOut{Kind::cat, green, space, outline},
    HeldOut{Kind::dog, pink, snow, watercolour},
    HeldOut{Kind::rabbit, yellow, beach, pixel_art},
    HeldOut{Kind::fox, purple, sea, impressionist},
    HeldOut{Kind::lion, blue, city, pencil},
    HeldOut{Kind::bear, red, room, cubist},
    HeldOut{Kind::fish, brown, park, pixel_art},
    HeldOut{Kind::bird, grey, room, watercolour},
    HeldOut{Kind::butterfly, white, snow, outline},
    HeldOut{Kind::woman, teal, space, pixel_art},
    HeldOut{Kind::man, Colour::orange, forest, outline},
    HeldOut{Kind::couple, purple, mountains, cubist},
    HeldOut{Kind::child, brown, sea, pencil},
    HeldOut{Kind::robot, pink, forest, impressionist},
    HeldOut{Kind::house, black, space, cubist},
    HeldOut{Kind::castle, Colour::orange, room, watercolour},
    HeldOut{Kind::lighthouse, green, city, pencil},
    HeldOut{Kind::car, purple, beach, pixel_art},
    HeldOut{Kind::boat, pink, park, impressionist},
    HeldOut{Kind::rocket, brown, snow, outline},
    HeldOut{Kind::tree, white, room, pencil},
    HeldOut{Kind::palm, black, city, cubist},
    HeldOut{Kind::flower, green, snow, outline},
    HeldOut{Kind::mushroom, black, beach, cubist},
    HeldOut{Kind::sun, teal, forest, pencil},
    HeldOut{Kind::moon, green, city, pixel_art},
    HeldOut{Kind::star, brown, park, watercolour},
    HeldOut{Kind::cloud, black, mountains, outline},
    HeldOut{Kind::umbrella, Colour::orange, space, pixel_art},
    HeldOut{Kind::ball, white, room, impressionist},
    HeldOut{Kind::table, blue, sea, watercolour},
    HeldOut{Kind::vase, yellow, space, cubist},
    HeldOut{Kind::cup, black, forest, impressionist},
    HeldOut{Kind::balloon, grey, sea, outline},
    HeldOut{Kind::heart, teal, city, watercolour},
    HeldOut{Kind::sofa, white, beach, pencil},
};

}  // namespace

std::span<const HeldOut> held_out_combinations() { return kHeldOut; }
const HeldOut& held_out_of(Kind kind) { return kHeldOut[static_cast<size_t>(kind)]; }

bool is_held_out(const Scene& scene) {
  return std::any_of(scene.subjects.begin(), scene.subjects.end(), [&](const Subject& subject) {
    const HeldOut& pair = held_out_of(subject.kind);
    return subject.colour == pair.colour || scene.setting == pair.setting || scene.style == pair.style;
  });
}

}  // namespace easel::storybook
