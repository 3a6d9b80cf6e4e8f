#include "files/message_text.h"

#include <gtest/gtest.h>

namespace easel {
namespace {

TEST(MessageText, NumbersAreAsShortAsTheyCanBe) {
  EXPECT_EQ(format_number(7.0), "7");
  EXPECT_EQ(format_number(7.5), "7.5");
  EXPECT_EQ(format_number(0.1), "0.1");
  EXPECT_EQ(format_number(0.1f), "0.1");
  EXPECT_EQ(format_number(-3.0f), "-3");
  EXPECT_EQ(format_number(100000.0), "100000");
  EXPECT_EQ(format_number(1e300), "1e+300");
}

TEST(MessageText, SuggestsWhatIsNearAndGuessesNothingElse) {
  const std::vector<std::string> known = {"euler", "heun", "dpmpp_2m"};
  EXPECT_EQ(nearest_name("eulr", known), "euler");
  EXPECT_EQ(nearest_name("dpmp2m", known), "dpmpp_2m");
  EXPECT_EQ(nearest_name("watercolour", known), "");
  EXPECT_EQ(suggestion("haun", known), "; did you mean heun?");
  EXPECT_EQ(suggestion("x", known), "");
  EXPECT_EQ(suggestion("x", {}), "");
}

}  // namespace
}  // namespace easel
