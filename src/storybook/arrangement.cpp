#include "storybook/arrangement.h"

#include <algorithm>

#include "storybook/kind_row.h"
#include "storybook/stickers/look.h"
#include "storybook/stickers/sticker_set.h"

namespace easel::storybook {
namespace {

constexpr uint64_t kPlaceStream = 1;  // of the scene's seed

// A place for one thing: the middle of its lower edge, and how large it may be.
struct Cell {
  Point foot;
  double max_width;
  double max_height;
};

class Arranger {
 public:
  explicit Arranger(const Scene& scene) : scene_(scene), random_(scene.seed, kPlaceStream) {}

  std::vector<Placement> arrange() {
    switch (scene_.relation) {
      case Relation::on: return on_top();
      case Relation::holding: return in_hand();
      case Relation::above: return stacked(0, 1);
      case Relation::below: return stacked(1, 0);
      case Relation::left_of: return in_row({0, 1});
      case Relation::right_of: return in_row({1, 0});
      case Relation::none:
      case Relation::wearing: break;
    }
    return company();
  }

 private:
  const KindRow& row(size_t subject) const { return row_of(scene_.subjects[subject].kind); }

  double aspect(size_t subject) const {
    const KindRow& kind = row(subject);
    if (!kind.picture) return kind.aspect;
    return StickerSet::installed().get(kind.name, look_of(*kind.picture, scene_.style))->box().aspect();
  }

  bool floats(size_t subject) const {
    return scene_.setting == Setting::space || row(subject).place == Place::air || row(subject).has(swims);
  }

  bool has_headwear(size_t subject) const {
    const Accessory accessory = scene_.subjects[subject].accessory;
    return accessory == Accessory::hat || accessory == Accessory::bunny_ears;
  }

  Placement place(size_t subject, Point foot, double height) {
    Placement placement{.subject = subject, .foot = foot, .height = height, .aspect = aspect(subject)};
    placement.grounded = !floats(subject);
    const double lean = scene_.setting == Setting::space ? 0.22 : floats(subject) ? 0.06 : 0.035;
    placement.angle = random_.between(-lean, lean);
    placement.mirrored = random_.chance(50);
    placement.pose = random_.next();
    return placement;
  }

  // As large as the cell lets it be; what floats has its middle in the middle of the cell.
  Placement fit(size_t subject, const Cell& cell, double share = 1) {
    const double most = std::min(cell.max_height, cell.max_width / aspect(subject));
    const double height = most * share * random_.between(0.92, 1.0) * (has_headwear(subject) ? 0.84 : 1.0);
    Point foot{cell.foot.x + random_.between(-0.015, 0.015), cell.foot.y + random_.between(0, 0.03)};
    if (floats(subject) || is_bare(scene_.setting)) foot.y += (cell.max_height - height) * 0.5;
    return place(subject, foot, height);
  }

  // The lower edge of what stands in front: on the water line at sea.
  double ground() const {
    if (scene_.setting == Setting::table) return 0.2;
    return scene_.setting == Setting::sea ? 0.13 : 0.07;
  }

  // Things without a relation: one, a group of one kind, or several kinds.
  std::vector<Placement> company() {
    std::vector<size_t> things;
    for (size_t i = 0; i < scene_.subjects.size(); ++i)
      things.insert(things.end(), static_cast<size_t>(scene_.subjects[i].count), i);
    if (things.size() == 1) return alone();
    if (scene_.subjects.size() == 2 && things.size() == 3) return between_two();
    for (size_t i = things.size() - 1; i > 0; --i)
      std::swap(things[i], things[static_cast<size_t>(random_.below(static_cast<int>(i) + 1))]);
    if (things.size() == 2) return in_row(things);
    return row(0).picture && stands() ? side_by_side(things) : in_grid(things);
  }

  std::vector<Placement> alone() {
    const KindRow& own = row(0);
    const double most = own.picture ? 0.82 : 0.66;  // pictures have details that want room
    double height = random_.between(0.52, most) * std::clamp(own.height, 0.85, 1.1);
    height = std::min(height, 0.8 / aspect(0));
    if (has_headwear(0)) height *= 0.88;
    const double room = 0.5 - 0.46 * aspect(0) * height;  // how far from the middle it may stand
    const double x = 0.5 + random_.between(-1, 1) * std::min(0.13, std::max(0.0, room));
    double y = ground() + random_.between(0, 0.07);
    if (floats(0)) y = 0.5 - height / 2 + random_.between(-0.04, 0.08);
    if (own.has(swims) && scene_.setting == Setting::sea) y = random_.between(0.12, 0.2);
    if (is_bare(scene_.setting)) y = 0.5 - height / 2 + random_.between(-0.05, 0.03);
    if (has_headwear(0)) y = std::min(y, 0.93 - height * 1.25);
    return {place(0, {x, y}, height)};
  }

  std::vector<Placement> in_row(const std::vector<size_t>& things) {
    double tallest = 0;
    for (const size_t subject : things) tallest = std::max(tallest, row(subject).height);
    std::vector<Placement> placements;
    for (size_t i = 0; i < things.size(); ++i) {
      const Cell cell{{i == 0 ? 0.26 : 0.74, ground() + 0.04}, 0.44, 0.58};
      const bool same = things.front() == things.back();
      const double share = same ? 1 : std::max(0.72, row(things[i]).height / tallest);
      placements.push_back(fit(things[i], cell, share));
    }
    return placements;
  }

  // Whether the setting has a ground on which things stand.
  bool stands() const {
    const Setting setting = scene_.setting;
    return !is_bare(setting) && setting != Setting::space && setting != Setting::sky;
  }

  // Three or four from left to right, every second one a little farther away.
  std::vector<Placement> side_by_side(const std::vector<size_t>& things) {
    const auto count = static_cast<double>(things.size());
    std::vector<Placement> back, front;
    for (size_t i = 0; i < things.size(); ++i) {
      const bool far = i % 2 == 1;
      const Cell cell{
          {0.03 + 0.94 * (static_cast<double>(i) + 0.5) / count, ground() + (far ? 0.1 : 0.0)}, 1.06 / count, 0.44};
      (far ? back : front).push_back(fit(things[i], cell, far ? 0.92 : 1));
    }
    back.insert(back.end(), front.begin(), front.end());
    return back;
  }

  // Three or four: the narrow ones stand in a row, the others in two rows.
  std::vector<Placement> in_grid(const std::vector<size_t>& things) {
    double widest = 0;
    for (const size_t subject : things) widest = std::max(widest, aspect(subject));
    std::vector<Cell> cells;
    const double back = 0.51, front = 0.05, high = 0.41;
    if (things.size() == 3 && widest < 0.8) {
      for (const double x : {0.18, 0.5, 0.82}) cells.push_back({{x, ground() + 0.06}, 0.27, 0.5});
    } else if (things.size() == 3) {
      cells = {{{0.5, back}, 0.46, high}, {{0.255, front}, 0.45, high}, {{0.745, front}, 0.45, high}};
    } else {
      cells = {{{0.255, back}, 0.45, high},
               {{0.745, back}, 0.45, high},
               {{0.255, front}, 0.45, high},
               {{0.745, front}, 0.45, high}};
    }
    std::vector<Placement> placements;
    for (size_t i = 0; i < things.size(); ++i) placements.push_back(fit(things[i], cells[i]));
    return placements;
  }

  // The first subject in front of two plants.
  std::vector<Placement> between_two() {
    std::vector<Placement> placements;
    for (const double x : {0.18, 0.82}) placements.push_back(fit(1, {{x, ground() + 0.2}, 0.4, 0.6}));
    placements.push_back(fit(0, {{0.5, ground()}, 0.62, 0.54}));
    return placements;
  }

  std::vector<Placement> stacked(size_t upper, size_t lower) {
    const double x = 0.5 + random_.between(-0.08, 0.08);
    Placement high = fit(upper, {{x, 0.55}, 0.6, 0.4});
    high.grounded = false;
    return {high, fit(lower, {{x, 0.05}, 0.62, 0.42})};
  }

  std::vector<Placement> on_top() {
    const double surface = row(1).surface;
    const double x = 0.5 + random_.between(-0.05, 0.05);
    const Cell support_cell{{x, ground() - 0.02}, 0.78, surface < 0.5 ? 0.56 : 0.46};
    Placement support = fit(1, support_cell);
    support.angle = 0;
    const double foot = support.foot.y + support.height * surface;
    Placement rider = fit(0, {{x, foot}, 0.5, std::min(0.42, 0.97 - foot)});
    rider.foot = {x, foot};
    rider.grounded = false;
    return {support, rider};
  }

  std::vector<Placement> in_hand() {
    Placement holder = fit(0, {{0.42, ground()}, 0.62, 0.7});
    holder.mirrored = random_.chance(50);
    holder.holding = true;
    holder.angle = 0;
    if (holder.mirrored) holder.foot.x = 1 - holder.foot.x;
    const Point hand = row(0).hand;
    const double side = holder.mirrored ? -1 : 1;
    const Point at{holder.foot.x + side * hand.x * holder.height, holder.foot.y + hand.y * holder.height};

    const bool by_its_foot = row(1).has(held_by_foot);
    const double height = by_its_foot ? 0.44 : std::min(0.3, 0.32 / aspect(1));
    Placement held = place(1, {at.x, by_its_foot ? at.y - 0.05 : at.y - height / 2}, height);
    held.angle = by_its_foot ? -side * 0.12 : 0;
    held.grounded = false;
    if (row(1).has(held_behind)) return {held, holder};
    return {holder, held};
  }

  const Scene& scene_;
  RandomNumbers random_;
};

}  // namespace

std::vector<Placement> arrange(const Scene& scene) { return Arranger(scene).arrange(); }

std::vector<float> covered_cells(const Scene& scene, int columns, int rows) {
  std::vector<float> cells(static_cast<size_t>(columns) * static_cast<size_t>(rows));
  const auto shared = [](double low, double high, double from, double to) {
    return std::max(0.0, std::min(high, to) - std::max(low, from)) / (to - from);
  };
  for (const Placement& thing : arrange(scene)) {
    const double half = thing.height * thing.aspect / 2;
    for (int y = 0; y < rows; ++y)
      for (int x = 0; x < columns; ++x) {
        const double across = shared(thing.foot.x - half, thing.foot.x + half, 1.0 * x / columns, (x + 1.0) / columns);
        const double up = shared(thing.foot.y, thing.foot.y + thing.height, 1 - (y + 1.0) / rows, 1 - 1.0 * y / rows);
        float& cell = cells[static_cast<size_t>(y * columns + x)];
        cell = std::max(cell, static_cast<float>(across * up));
      }
  }
  return cells;
}

}  // namespace easel::storybook
