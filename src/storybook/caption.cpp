// The grammar of captions:
//   caption   = sentence | tags | short form
//   sentence  = [style-work "of"] body ["," style] | place "," body
//   body      = things place              things = thing | thing relation thing | thing "," thing "and" thing
//   thing     = count colour noun worn    place  = setting time weather
#include "storybook/caption.h"

#include <algorithm>
#include <vector>

#include "storybook/kind_row.h"
#include "storybook/random_numbers.h"
#include "storybook/words.h"
#include "tensor/splitmix64.h"

namespace easel::storybook {
namespace {

constexpr int kMaxWords = 24;
constexpr uint64_t kCaptionStream = 4;  // of the scene's seed

enum class Detail {
  loose,    // leaves things out as people do
  full,     // leaves out nothing
  compact,  // as full, in the fewest words
};

int count_of_words(const std::string& text) {
  return text.empty() ? 0 : 1 + static_cast<int>(std::count(text.begin(), text.end(), ' '));
}

void append(std::string& text, std::string_view more, std::string_view between = " ") {
  if (more.empty()) return;
  if (!text.empty()) text += between;
  text += more;
}

Relation inverse(Relation relation) {
  switch (relation) {
    case Relation::left_of: return Relation::right_of;
    case Relation::right_of: return Relation::left_of;
    case Relation::above: return Relation::below;
    case Relation::below: return Relation::above;
    default: return relation;
  }
}

class Wording {
 public:
  Wording(const Scene& scene, uint64_t variation, Detail detail)
      : scene_(scene), random_(variation * kGoldenGamma + scene.seed, kCaptionStream), detail_(detail) {}

  std::string caption() {
    if (detail_ == Detail::loose) {
      const int form = random_.below(100);
      const bool short_enough = !pictures() || scene_.subjects.size() == 1;
      if (short_enough && form < (pictures() ? 15 : 6)) return short_form();
      if (form < (pictures() ? 18 : 14)) return tags();
    }
    return sentence();
  }

 private:
  bool pictures() const { return row_of(scene_.subjects[0].kind).picture.has_value(); }

  // The style that pictures have where captions do not say it.
  bool usual_style() const { return scene_.style == (pictures() ? Style::render_3d : Style::flat); }

  // Whether to leave out a detail that `percent` of loose captions do without.
  bool leave_out(int percent) { return detail_ == Detail::loose && random_.chance(percent); }

  // The plainest word in about two of three cases.
  std::string_view word(std::span<const std::string_view> words) {
    if (words.empty()) return {};
    if (detail_ == Detail::compact || random_.chance(55)) return words[0];
    return random_.pick(words);
  }

  // Of several, one that can be counted where there is one.
  const Noun& noun(const Subject& subject) {
    const std::span<const Noun> nouns = row_of(subject.kind).nouns;
    const Noun& chosen = detail_ == Detail::compact || random_.chance(60) ? nouns[0] : random_.pick(nouns);
    if (subject.count == 1 || !chosen.bare) return chosen;
    const auto counted = std::find_if(nouns.begin(), nouns.end(), [](const Noun& noun) { return !noun.bare; });
    return counted == nouns.end() ? chosen : *counted;
  }

  // What has its natural colour is often named without it: a lemon is yellow.
  bool says_colour(const Subject& subject) {
    if (const KindRow& row = row_of(subject.kind); row.picture) {
      if (scene_.style == Style::ink) return false;
      const bool own = !row.picture->recolourable || (!row.natural.empty() && subject.colour == row.natural.front());
      return own ? row.picture->recolourable && detail_ == Detail::loose && random_.chance(20) : !leave_out(3);
    }
    const std::vector<Colour>& natural = row_of(subject.kind).natural;
    const bool expected = std::find(natural.begin(), natural.end(), subject.colour) != natural.end();
    return !leave_out(expected ? 25 : 7);
  }

  // "three red cats", "an apple": with its number or article.
  std::string counted(const Subject& subject, const std::string& description, bool bare) {
    if (bare) return description;  // "grapes"
    if (subject.count > 1) {
      if (leave_out(5)) return description;  // "red cats"
      return std::string(word(count_words(subject.count))) + " " + description;
    }
    if (!row_of(subject.kind).has(is_pair) && detail_ != Detail::compact && random_.chance(6))
      return std::string(word(count_words(1))) + " " + description;
    return std::string(article_for(description)) + " " + description;
  }

  std::string worn(const Subject& subject) {
    if (subject.accessory == Accessory::none || leave_out(4)) return {};
    const std::string thing(word(accessory_phrases(subject.accessory)));
    if (subject.accessory == Accessory::red_hair) return "with " + thing;
    std::string described = thing;
    if (subject.accessory != Accessory::bunny_ears) {
      if (detail_ != Detail::compact && random_.chance(50))
        described = std::string(word(colour_words(subject.accessory_colour))) + " " + thing;
      described = std::string(article_for(described)) + " " + described;
    }
    static constexpr std::string_view kVerbs[] = {"wearing", "with", "wearing", "in"};
    const bool ears = subject.accessory == Accessory::bunny_ears;
    return std::string(kVerbs[random_.below(ears ? 2 : 4)]) + " " + described;
  }

  // "in red", "in a red dress", "dressed in red".
  std::string dressed(const Subject& subject) {
    const std::string colour(word(colour_words(subject.colour)));
    const int form = detail_ == Detail::compact ? 0 : random_.below(4);
    if (form == 0) return "in " + colour;
    if (form == 1) return "dressed in " + colour;
    const std::string clothes = colour + " " + std::string(word(row_of(subject.kind).clothes));
    const bool many = subject.count > 1 || row_of(subject.kind).has(is_pair);
    if (many && !row_of(subject.kind).has(is_pair)) return "in " + colour;
    return many ? "in " + clothes : "in " + std::string(article_for(clothes)) + " " + clothes;
  }

  std::string thing(const Subject& subject) {
    const bool person = !row_of(subject.kind).clothes.empty();
    const bool coloured = says_colour(subject);
    std::string description;
    if (coloured && !person) description = std::string(word(colour_words(subject.colour))) + " ";
    const Noun& called = noun(subject);
    description += subject.count == 1 ? called.singular : called.plural;
    std::string text = counted(subject, description, called.bare);
    const std::string on = worn(subject);
    // hair belongs to the person, so it comes before the clothes
    const bool worn_first = subject.accessory == Accessory::red_hair;
    if (worn_first) append(text, on);
    if (coloured && person) append(text, dressed(subject));
    if (!worn_first) append(text, on, coloured && person ? " and " : " ");
    return text;
  }

  std::string related(Relation relation, const Subject& first, const Subject& second) {
    const std::string one = thing(first), other = thing(second);
    if (detail_ != Detail::compact && relation == Relation::left_of && random_.chance(15))
      return one + " on the left and " + other + " on the right";
    return one + " " + std::string(word(relation_phrases(relation))) + " " + other;
  }

  std::string things() {
    const std::vector<Subject>& subjects = scene_.subjects;
    if (subjects.size() == 1) return thing(subjects[0]);
    // Words are drawn for the last thing first, as in the captions that models were trained on.
    if (subjects.size() == 3) {
      const std::string last = thing(subjects[2]), middle = thing(subjects[1]);
      return thing(subjects[0]) + ", " + middle + " and " + last;
    }
    const Subject &first = subjects[0], &second = subjects[1];
    if (scene_.relation == Relation::none || leave_out(3)) {
      static constexpr std::string_view kBetween[] = {"and", "next to", "beside", "with"};
      const bool apart = scene_.relation == Relation::none && second.count == 1;
      const std::string_view between = apart              ? kBetween[random_.below(3)]
                                       : second.count > 1 ? kBetween[3 * random_.below(2)]
                                                          : kBetween[0];
      const std::string other = thing(second);
      return thing(first) + " " + std::string(between) + " " + other;
    }
    const bool turned = inverse(scene_.relation) != scene_.relation && random_.chance(30);
    return turned ? related(inverse(scene_.relation), second, first) : related(scene_.relation, first, second);
  }

  // "on a red background"
  std::string on_colour() {
    const std::string colour(word(colour_words(scene_.ground)));
    return "on " + std::string(article_for(colour)) + " " + colour + " background";
  }

  std::string place() {
    std::string text;
    const bool plain = scene_.setting == Setting::plain;
    if (scene_.setting == Setting::coloured) {
      if (!leave_out(7)) append(text, on_colour());
    } else if (!leave_out(plain ? 45 : 7)) {
      append(text, word(setting_phrases(scene_.setting)));
    }
    if (has_time(scene_.setting)) {
      const bool day = scene_.time == TimeOfDay::day;
      if (day ? detail_ == Detail::loose && random_.chance(6) : !leave_out(10))
        append(text, word(time_phrases(scene_.time)));
    }
    if (!leave_out(10)) append(text, word(weather_phrases(scene_.weather)));
    return text;
  }

  // "…, watercolour", "… in watercolour" or "a watercolour painting of …".
  std::string with_style(const std::string& text, bool starts_with_things) {
    if (leave_out(usual_style() ? (pictures() ? 80 : 50) : 6)) return text;
    const int form = detail_ == Detail::compact ? 0 : random_.below(starts_with_things ? 10 : 6);
    if (form < 2) return text + ", " + std::string(word(style_names(scene_.style)));
    if (form < 4) return text + ", " + std::string(word(style_works(scene_.style)));
    if (form < 6) return text + " in " + std::string(word(style_names(scene_.style)));
    const std::string work(word(style_works(scene_.style)));
    return (form < 8 ? std::string(article_for(work)) + " " : std::string()) + work + " of " + text;
  }

  std::string sentence() {
    const std::string body = things(), where = place();
    if (where.empty()) return with_style(body, true);
    if (detail_ != Detail::compact && !is_bare(scene_.setting) && random_.chance(8))
      return with_style(where + ", " + body, false);
    return with_style(body + " " + where, true);
  }

  // "lemon", "red cats", "a blue boat".
  std::string short_form() {
    const Subject& subject = scene_.subjects[0];
    const bool person = !row_of(subject.kind).clothes.empty();
    std::string text;
    if (!person && says_colour(subject)) text = std::string(word(colour_words(subject.colour))) + " ";
    const Noun& called = noun(subject);
    text += subject.count == 1 ? called.singular : called.plural;
    return random_.chance(40) ? counted(subject, text, called.bare) : text;
  }

  // "red cat, beach, sunset, watercolour".
  std::string tags() {
    std::string text = things();
    if (text.rfind("a ", 0) == 0) text.erase(0, 2);
    if (scene_.setting == Setting::coloured)
      append(text, std::string(word(colour_words(scene_.ground))) + " background", ", ");
    else if (scene_.setting != Setting::plain)
      append(text, word(setting_tags(scene_.setting)), ", ");
    if (has_time(scene_.setting) && scene_.time != TimeOfDay::day) append(text, time_name(scene_.time), ", ");
    append(text, word(weather_phrases(scene_.weather)), ", ");
    if (!leave_out(usual_style() ? (pictures() ? 80 : 50) : 6)) append(text, word(style_names(scene_.style)), ", ");
    return text;
  }

  const Scene& scene_;
  RandomNumbers random_;
  Detail detail_;
};

std::string worded(const Scene& scene, uint64_t variation, Detail detail) {
  const std::string text = Wording(scene, variation, detail).caption();
  return count_of_words(text) <= kMaxWords ? text : Wording(scene, variation, Detail::compact).caption();
}

}  // namespace

std::string caption(const Scene& scene, uint64_t variation) { return worded(scene, variation, Detail::loose); }
std::string caption_full(const Scene& scene, uint64_t variation) { return worded(scene, variation, Detail::full); }

}  // namespace easel::storybook
