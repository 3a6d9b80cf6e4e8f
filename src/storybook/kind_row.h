// kind_row.h — a row for each kind of thing that scenes may show: what it is called, what it can do, where it is at
// home and how it is drawn. The rows stand with their painters in kinds/; the order of all of them counts the class
// labels.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storybook/brush.h"
#include "storybook/random_numbers.h"
#include "storybook/scene.h"

namespace easel::storybook {

enum class Place { ground, air, water };  // what it stands on, hangs in or swims in

enum Ability : unsigned {
  can_wear = 1,         // a hat, bunny ears, a scarf
  has_hair = 2,         // red hair
  can_hold = 4,         // something in the hand
  can_be_held = 8,      // in a hand
  can_carry = 16,       // something on top
  can_be_on_top = 32,   // of something that carries
  swims = 64,           // in the water, not on it
  grows = 128,          // in the background, in twos
  is_pair = 256,        // already two: it is not counted
  has_long_ears = 512,  // no other ears suit it
  held_by_foot = 1024,  // in a hand: by its lower end, not by its middle
  held_behind = 2048    // in a hand: behind who holds it
};
constexpr unsigned small_thing = can_be_held | can_be_on_top;

struct Noun {
  std::string_view singular;
  std::string_view plural;
  bool bare = false;  // takes no article and is not counted: "grapes", "cheese", "jeans"
};

struct StickerView;  // kinds/draw_sticker.h

// What is left open where a kind is drawn: the pose comes from random numbers.
struct Look {
  Rgb colour;
  Accessory accessory = Accessory::none;
  Rgb accessory_colour;
  bool holding = false;                  // a hand is held out
  const StickerView* sticker = nullptr;  // of a kind that is a picture
};

// Draws into a frame that is 1 high: the foot at y = 0, the top at y = 1, x = 0 in the middle, as wide as the row's
// aspect says.
using Painter = void (*)(Brush& brush, const Look& look, RandomNumbers& random);

// What training pictures never show the kind with: what is right on these pairs was composed, not remembered.
struct HeldOut {
  Colour colour;
  Setting setting;
  Style style;
};

// Where the top of a head is, and how wide the head is there: in units of the picture's side, y up.
struct Head {
  Point top;
  double width = 0;
};

// Of a kind that is shown as a picture with transparency (stickers/), not drawn by code.
struct PictureArt {
  std::vector<std::string> looks;  // "3d", "flat", "ink", "sticker": those that there are
  bool core = false;               // one of the commonest, which a small model learns
  bool recolourable = false;       // may have any colour; otherwise it has its natural one
  // By look, where they are not the row's natural ones.
  std::map<std::string, std::vector<Colour>> colours;
  std::map<std::string, Head> heads;  // by look; of what can wear something

  bool has(std::string_view look) const;
  const std::vector<Colour>& colours_in(const std::string& look, const std::vector<Colour>& natural) const;
  const Head& head(const std::string& look) const;  // of another look where this one has none; REQUIRES: heads
};

struct KindRow {
  std::string_view name;
  std::vector<Noun> nouns;                     // the plainest first
  std::vector<std::string_view> clothes = {};  // "dress": "in a red dress"; empty for what wears none
  Place place = Place::ground;
  unsigned abilities = 0;             // Ability bits
  double aspect = 1;                  // width / height of its drawing; pictures tell it themselves
  double height = 1;                  // relative to others when they stand together: a castle is taller than a cup
  std::vector<Colour> natural = {};   // colours that it usually has; none: no colour of ours describes it
  std::vector<Setting> at_home = {};  // settings where it is expected
  // Chosen by hand: never a natural colour, rarely where it is at home, spread over all colours, settings and styles.
  // The world `small` has each of its kinds' colour and setting, and the style of eight of them.
  HeldOut held_out;
  Painter draw = nullptr;
  std::optional<PictureArt> picture = {};
  double surface = 1;  // where something that stands on it has its foot; matters where it can carry
  Point hand = {};     // where something that it holds is; matters where it can hold

  bool has(Ability ability) const { return (abilities & ability) != 0; }
};

const KindRow& row_of(Kind kind);

}  // namespace easel::storybook
