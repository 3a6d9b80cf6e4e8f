#include "checkpoints/config_reader.h"

#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

namespace easel {
namespace {

using nlohmann::json;

std::string error_of(const json& config, const std::function<void(const ConfigReader&)>& read) {
  try {
    read(ConfigReader(config, "unet"));
  } catch (const Error& error) {
    return error_code_name(error.code()) + std::string(" ") + error.what();
  }
  return "no error";
}

TEST(ConfigReader, AbsentAndNullGiveTheFallback) {
  const json config = {{"null", nullptr}};
  const ConfigReader reader(config, "unet");
  for (const char* key : {"null", "absent"}) {
    EXPECT_FALSE(reader.is_set(key));
    EXPECT_EQ(reader.integer(key, 7, 1, 9), 7);
    EXPECT_EQ(reader.number(key, 0.5), 0.5);
    EXPECT_TRUE(reader.boolean(key, true));
    EXPECT_EQ(reader.text(key, "x"), "x");
    EXPECT_TRUE(reader.numbers(key).empty() && reader.integers(key).empty() && reader.texts(key).empty());
    EXPECT_EQ(reader.integers(key, 3, 2), (std::vector<int64_t>{3, 3}));
  }
}

TEST(ConfigReader, OneValueStandsForAList) {
  const json config = {{"one", 4}, {"list", {1, 2}}, {"flags", {true, false}}};
  const ConfigReader reader(config, "unet");
  EXPECT_EQ(reader.integers("one", 0, 3), (std::vector<int64_t>{4, 4, 4}));
  EXPECT_EQ(reader.integers("list", 0, 2), (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(reader.booleans("flags", false, 2), (std::vector<bool>{true, false}));
  EXPECT_EQ(reader.numbers("list"), (std::vector<double>{1.0, 2.0}));
}

TEST(ConfigReader, WrongValuesAreCorruptFilesNamingKeyValueAndRange) {
  const json config = {{"big", 3'000'000'000}, {"text", "a\nb\xff"}, {"list", {1, "x"}}, {"real", 1.5}};
  const auto wrong = [&](auto read) { return error_of(config, read); };
  EXPECT_EQ(wrong([](const auto& reader) { reader.integer("real", 0, 1, 9); }),
            "CorruptFile [unet] config real = 1.5; must be an integer of 1..9");
  EXPECT_EQ(wrong([](const auto& reader) { reader.integer("big", 0); }),
            "CorruptFile [unet] config big = 3000000000; must be an integer of -2147483648..2147483647");
  EXPECT_EQ(wrong([](const auto& reader) { reader.boolean("text", false); }),
            "CorruptFile [unet] config text = \"a\\nb\\ufffd\"; must be true or false");
  EXPECT_EQ(wrong([](const auto& reader) { reader.numbers("list"); }),
            "CorruptFile [unet] config list = [1,\"x\"]; must be a list of numbers");
  EXPECT_EQ(wrong([](const auto& reader) { reader.require("real", 1); }),
            "Unsupported [unet] config real = 1.5 is not supported");
  EXPECT_EQ(error_of(json::array(), [](const auto&) {}), "CorruptFile [unet] its config is not a JSON object");
}

TEST(ConfigReader, OnlyWrongArgumentsBecomeErrorsOfTheFile) {
  EXPECT_EQ(as_file_error({ErrorCode::InvalidArgument, "x"}).code(), ErrorCode::CorruptFile);
  EXPECT_EQ(as_file_error({ErrorCode::Unsupported, "x"}).code(), ErrorCode::Unsupported);
}

}  // namespace
}  // namespace easel
