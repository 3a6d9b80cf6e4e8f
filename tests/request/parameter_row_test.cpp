// A table of every kind of parameter: what derives from its rows.
#include "request/parameter_row.h"

#include <gtest/gtest.h>

#include "pictures/picture_file.h"
#include "temporary_folder.h"

namespace easel {
namespace {

struct Owner {
  std::string title;
  std::string mode = "slow";
  int64_t count = 1;
  double share = 0.5;
  bool loud = false;
  std::vector<std::string> names;
  PictureInput image;
  JsonText network;
};

constexpr uint32_t kPaint = 1, kPrint = 2;

const ParameterTable<Owner>& table() {
  static const ParameterTable<Owner> rows(
      "test",
      {{.name = "title", .field = &Owner::title, .help = "A text."},
       {.name = "mode",
        .field = &Owner::mode,
        .choices = {.fixed = {"slow", "fast"}, .understands = [](const std::string& name) { return name == "quick"; }}},
       {.name = "count", .field = &Owner::count, .range = between(1, 9), .unit = "px", .aliases = {"-n"}},
       {.name = "share", .field = &Owner::share, .range = between(0, 1), .tasks = kPaint},
       {.name = "loud", .field = &Owner::loud, .tasks = kPrint},
       {.name = "names", .field = &Owner::names},
       {.name = "image", .field = &Owner::image},
       {.name = "network", .field = &Owner::network}},
      [](uint32_t task) { return task == kPaint ? "paint" : "print"; });
  return rows;
}

std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

std::string refused(const char* name, const std::string& value, uint32_t task = kEveryTask) {
  Owner owner;
  return message_of([&] { table().set(owner, name, value, task); });
}

TEST(ParameterRow, KindFollowsFromFieldAndChoices) {
  using enum ParameterKind;
  const std::vector<ParameterKind> expected = {text, choice, integer, number, flag, list, picture, json};
  const std::vector<ParameterInfo> infos = table().describe();
  ASSERT_EQ(infos.size(), expected.size());
  for (size_t i = 0; i < infos.size(); ++i) EXPECT_EQ(infos[i].kind, expected[i]) << infos[i].name;
}

TEST(ParameterRow, TextAndJsonReadBack) {
  const test::TemporaryFolder folder;
  const Picture pixel{.width_px = 1, .height_px = 1, .channels = 3, .pixels = {9, 8, 7}};
  write_picture(folder / "a.png", pixel);
  Owner owner;
  for (const auto& [name, value] : std::vector<std::pair<const char*, std::string>>{{"title", "a \"b\"\nc"},
                                                                                    {"mode", "quick"},
                                                                                    {"count", "7"},
                                                                                    {"share", "0.1"},
                                                                                    {"loud", "true"},
                                                                                    {"names", "a\nb c"},
                                                                                    {"image", folder / "a.png"},
                                                                                    {"network", "{\"a\":[1]}"}})
    table().set(owner, name, value);
  EXPECT_EQ(owner.image.picture.pixels, pixel.pixels);
  EXPECT_EQ(owner.names, (std::vector<std::string>{"a", "b c"}));
  const Owner again = table().from_json(nlohmann::json::parse(table().to_json(owner).dump()));
  for (const auto& row : table().rows())
    EXPECT_EQ(parameter_text(row.source(again)), parameter_text(row.source(owner))) << row.name;
  EXPECT_TRUE(again.image.given());
  EXPECT_FALSE(table().from_json({{"image", ""}}).image.given());
}

TEST(ParameterRow, WrongValuesAreRefusedInOneLine) {
  EXPECT_EQ(refused("mode", "fost"), "[test] mode = 'fost'; must be one of: slow, fast; did you mean fast?");
  EXPECT_EQ(refused("count", "10"), "[test] count = 10; must be 1..9");
  EXPECT_EQ(refused("count", "1.5"), "[test] count = '1.5'; must be an integer");
  EXPECT_EQ(refused("share", "nan"), "[test] share = nan; must be 0..1");
  EXPECT_EQ(refused("loud", "yes"), "[test] loud = 'yes'; must be true or false");
  EXPECT_EQ(refused("cont", "1"), "[test] unknown parameter 'cont'; did you mean count?");
  EXPECT_NE(refused("no_such_thing", "1").find("known are: title, mode"), std::string::npos);
  EXPECT_NE(refused("image", "none.png").find("none.png"), std::string::npos);
  EXPECT_NE(refused("network", "[1]"), "nothing was thrown");
}

TEST(ParameterRow, TasksReadTheirOwnRowsAlone) {
  EXPECT_EQ(refused("loud", "true", kPaint), "[test] loud is no parameter of paint");
  EXPECT_EQ(refused("loud", "true", kPrint), "nothing was thrown");
  EXPECT_FALSE(table().to_json(Owner{}, kPaint).contains("loud"));
  EXPECT_TRUE(table().to_json(Owner{}, kPaint).contains("share"));
  EXPECT_EQ(table().describe(kPrint).size(), table().rows().size() - 1);
}

}  // namespace
}  // namespace easel
