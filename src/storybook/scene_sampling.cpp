// sample_scene: a scene is composed choice by choice, each weighted by what suits the choices before it.
#include <algorithm>
#include <optional>
#include <set>

#include "easel/error.h"
#include "storybook/held_out.h"
#include "storybook/kind_row.h"
#include "storybook/random_numbers.h"
#include "storybook/stickers/look.h"
#include "storybook/world.h"

namespace easel::storybook {
namespace {

constexpr int kMaxAttempts = 1000;  // a try is in the split with a probability above 1/2 in every world

template <typename T>
bool contains(const std::vector<T>& items, T item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

// What a held-out pair settles before the rest is sampled.
struct Settled {
  std::optional<Kind> kind;
  std::optional<Colour> colour;
  std::optional<Setting> setting;
  std::optional<Style> style;
};

class SceneComposer {
 public:
  SceneComposer(const World& world, RandomNumbers& random) : world_(world), random_(random) {}

  Scene compose(const Settled& settled) {
    Subject subject;
    subject.kind = settled.kind ? *settled.kind : pick(world_.kinds);
    subject.colour = settled.colour ? *settled.colour : pick_colour(subject.kind);
    scene_.style = settled.style ? *settled.style : pick_style(subject.kind);
    scene_.setting = settled.setting ? *settled.setting : pick_setting(subject.kind);
    if (scene_.style == Style::ink && scene_.setting == Setting::coloured) scene_.setting = Setting::plain;
    if (scene_.setting == Setting::coloured) scene_.ground = pick_ground(subject.colour);
    settle_colour(subject);
    if (has_time(scene_.setting)) scene_.time = pick_time();
    if (has_weather(scene_.setting)) scene_.weather = pick_weather();
    scene_.subjects = {subject};
    add_company();
    scene_.seed = random_.next();
    return scene_;
  }

 private:
  template <typename T>
  T pick(const std::vector<T>& items) {
    return random_.pick(std::span<const T>(items));
  }

  // Each item with the weight that `weight` gives it.
  template <typename T, typename Weight>
  T pick_by(const std::vector<T>& items, const Weight& weight) {
    std::vector<int> weights;
    for (const T item : items) weights.push_back(weight(item));
    return items[random_.pick_weighted(weights)];
  }

  Colour pick_colour(Kind kind) {
    if (const KindRow& row = row_of(kind); row.picture)
      return row.picture->recolourable && random_.chance(40) ? pick(world_.colours) : natural_of(row);
    std::vector<Colour> natural;
    for (const Colour colour : row_of(kind).natural)
      if (contains(world_.colours, colour)) natural.push_back(colour);
    return !natural.empty() && random_.chance(30) ? pick(natural) : pick(world_.colours);
  }

  Style pick_style(Kind kind) {
    return pick_by(world_.styles, [&](Style style) {
      return !has_look(kind, style) ? 0 : style == world_.usual_style ? world_.usual_weight : 2;
    });
  }

  static bool has_look(Kind kind, Style style) {
    const KindRow& row = row_of(kind);
    return !row.picture || !look_of(*row.picture, style).empty();
  }

  // The colour by which a picture is known; of many-coloured things any, which nobody says.
  static Colour natural_of(const KindRow& row) { return row.natural.empty() ? Colour::white : row.natural.front(); }

  // What cannot be recoloured has the colour of the look in which it is shown.
  void settle_colour(Subject& subject) const {
    const KindRow& row = row_of(subject.kind);
    if (!row.picture || row.picture->recolourable) return;
    const std::vector<Colour>& own = row.picture->colours_in(look_of(*row.picture, scene_.style), row.natural);
    subject.colour = own.empty() ? Colour::white : own.front();
  }

  // Not the colour of what stands before it.
  Colour pick_ground(Colour of_subject) {
    Colour colour = of_subject;
    while (colour == of_subject || colour == Colour::white) colour = pick(world_.colours);
    return colour;
  }

  Setting pick_setting(Kind kind) {
    const KindRow& row = row_of(kind);
    return pick_by(world_.settings, [&](Setting setting) {
      if (row.picture) return setting_weight(row, setting);
      return setting == Setting::plain || contains(row.at_home, setting) ? 5 : 2;
    });
  }

  // Of a picture: a third of all scenes have nothing behind the things, most others are where the kind is at home.
  static int setting_weight(const KindRow& row, Setting setting) {
    if (setting == Setting::plain) return 12;
    if (setting == Setting::coloured) return 10;
    if (contains(row.at_home, setting)) return 10;
    if (setting == Setting::table) return 0;
    return setting == Setting::sky && row.place != Place::air ? 0 : 2;
  }

  TimeOfDay pick_time() {
    return pick_by(world_.times, [](TimeOfDay time) { return time == TimeOfDay::day ? 5 : 2; });
  }

  Weather pick_weather() {
    return pick_by(world_.weathers, [](Weather weather) { return weather == Weather::clear ? 12 : 1; });
  }

  // One subject in 11 of 20 scenes (alone, in a group, or with something on), two in a relation in 7, two or three
  // without one in 2.
  void add_company() {
    const int kind_of_scene = random_.below(20);
    if (kind_of_scene < 11 || world_.max_subjects < 2) {
      add_accessory_or_count();
    } else if (kind_of_scene < 18) {
      if (!add_relation()) add_accessory_or_count();
    } else {
      add_others(world_.max_subjects < 3 ? 1 : 1 + random_.below(2));
    }
  }

  void add_accessory_or_count() {
    Subject& subject = scene_.subjects[0];
    const std::vector<Accessory> wearable = accessories_for(subject.kind);
    const bool person = row_of(subject.kind).has(has_hair);
    if (!wearable.empty() && world_.colours.size() > 1 && random_.chance(person ? 45 : 30)) {
      // only people can have red hair, so it is preferred there
      subject.accessory = pick_by(wearable, [](Accessory a) { return a == Accessory::red_hair ? 2 : 1; });
      do subject.accessory_colour = pick(world_.colours);
      while (subject.accessory_colour == subject.colour);
      if (subject.accessory != Accessory::red_hair) scene_.relation = Relation::wearing;
    } else if (!row_of(subject.kind).has(is_pair) && random_.chance(75)) {
      subject.count = 1 + random_.below(world_.max_count);
    }
  }

  std::vector<Accessory> accessories_for(Kind kind) const {
    const KindRow& row = row_of(kind);
    std::vector<Accessory> wearable;
    for (const Accessory accessory : world_.accessories) {
      if (accessory == Accessory::none || (accessory == Accessory::bunny_ears && row.has(has_long_ears))) continue;
      if (accessory == Accessory::red_hair) {
        if (row.has(has_hair)) wearable.push_back(accessory);
      } else if (row.has(can_wear) && contains(world_.relations, Relation::wearing)) {
        wearable.push_back(accessory);
      }
    }
    return wearable;
  }

  // Whether `kind` can stand in the relation to `other`.
  bool suits(Relation relation, Kind kind, Kind other) const {
    const KindRow& first = row_of(kind);
    const KindRow& second = row_of(other);
    if (kind == other) return false;
    switch (relation) {
      case Relation::on: return first.has(can_be_on_top) && second.has(can_carry);
      case Relation::holding: return first.has(can_hold) && second.has(can_be_held);
      case Relation::above: return may_be_above(first);
      case Relation::below: return may_be_above(second);
      case Relation::left_of:
      case Relation::right_of: return true;
      case Relation::none:
      case Relation::wearing: return false;
    }
    return false;
  }

  // A picture stands on the ground where there is one, unless it flies.
  bool may_be_above(const KindRow& row) const {
    const Setting setting = scene_.setting;
    return !row.picture || row.place == Place::air || is_bare(setting) || setting == Setting::space ||
           setting == Setting::sky;
  }

  // Of a picture: whether it has the scene's look, and may be where the scene is.
  bool suits_scene(Kind kind) const {
    const KindRow& row = row_of(kind);
    return !row.picture || (has_look(kind, scene_.style) && setting_weight(row, scene_.setting) > 0);
  }

  // What is above is more often something that flies.
  static int partner_weight(Relation relation, Kind other) {
    const bool flies = row_of(other).place == Place::air;
    if (relation == Relation::below) return flies ? 5 : 1;
    return relation == Relation::above && flies ? 1 : 2;
  }

  bool add_relation() {
    const Kind kind = scene_.subjects[0].kind;
    std::vector<Relation> possible;
    for (const Relation relation : world_.relations)
      if (!partners(relation, kind).empty()) possible.push_back(relation);
    if (possible.empty()) return false;
    // on and holding are possible for few kinds only, so they are preferred there
    scene_.relation = pick_by(
        possible, [](Relation relation) { return relation == Relation::on || relation == Relation::holding ? 3 : 1; });
    Subject other;
    other.kind = pick_by(partners(scene_.relation, kind),
                         [&](Kind candidate) { return partner_weight(scene_.relation, candidate); });
    other.colour = other_colour(other.kind);
    settle_colour(other);
    scene_.subjects.push_back(other);
    return true;
  }

  std::vector<Kind> partners(Relation relation, Kind kind) const {
    std::vector<Kind> kinds;
    for (const Kind other : world_.kinds)
      if (suits(relation, kind, other) && suits_scene(other)) kinds.push_back(other);
    return kinds;
  }

  void add_others(int number) {
    const auto is_there = [&](Kind kind) {
      return std::any_of(scene_.subjects.begin(), scene_.subjects.end(),
                         [&](const Subject& subject) { return subject.kind == kind; });
    };
    const auto unfit = [&](Kind kind) { return is_there(kind) || !suits_scene(kind); };
    for (int i = 0; i < number && !std::all_of(world_.kinds.begin(), world_.kinds.end(), unfit); ++i) {
      Subject other;
      do other.kind = pick(world_.kinds);
      while (unfit(other.kind));
      other.colour = other_colour(other.kind);
      settle_colour(other);
      if (number == 1 && row_of(other.kind).has(grows) && random_.chance(60))
        other.count = 2;  // "a couple with palm trees"
      scene_.subjects.push_back(other);
    }
  }

  // Rarely the colour of the first subject, so that words and things must be matched.
  Colour other_colour(Kind kind) {
    Colour colour = pick_colour(kind);
    if (colour == scene_.subjects[0].colour && !random_.chance(20)) colour = pick_colour(kind);
    return colour;
  }

  const World& world_;
  RandomNumbers& random_;
  Scene scene_;
};

// One of the held-out pairs that the world can show. Throws InvalidArgument where it has none.
Settled settle_held_out_pair(const World& world, RandomNumbers& random) {
  std::vector<Settled> pairs;
  for (const Kind kind : std::set<Kind>(world.kinds.begin(), world.kinds.end())) {
    const HeldOut& pair = row_of(kind).held_out;
    const std::optional<PictureArt>& art = row_of(kind).picture;
    if ((!art || art->recolourable) && contains(world.colours, pair.colour))
      pairs.push_back({kind, pair.colour, {}, {}});
    if (contains(world.settings, pair.setting)) pairs.push_back({kind, {}, pair.setting, {}});
    if ((!art || !look_of(*art, pair.style).empty()) && contains(world.styles, pair.style))
      pairs.push_back({kind, {}, {}, pair.style});
  }
  if (pairs.empty())
    throw Error(ErrorCode::InvalidArgument, "[storybook] world " + world.name + " has no held-out combination");
  return random.pick(std::span<const Settled>(pairs));
}

}  // namespace

Scene sample_scene(const World& world, Split split, uint64_t seed) {
  for (uint64_t attempt = 0; attempt < kMaxAttempts; ++attempt) {
    RandomNumbers random(seed, attempt);
    const Settled settled = split == Split::held_out ? settle_held_out_pair(world, random) : Settled{};
    const Scene scene = SceneComposer(world, random).compose(settled);
    if (split == Split::train && is_held_out(scene)) continue;
    return scene;
  }
  throw Error(ErrorCode::InvalidArgument, "[storybook] world " + world.name + " has only held-out combinations");
}

}  // namespace easel::storybook
