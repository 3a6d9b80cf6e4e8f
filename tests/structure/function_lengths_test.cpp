// The counter itself, on texts whose lengths are plain to see.
#include "structure/function_lengths.h"

#include <gtest/gtest.h>

#include <sstream>

namespace easel::test {
namespace {

std::vector<FunctionLength> lengths_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return function_lengths(lines);
}

std::string summary(const std::string& text) {
  std::string all;
  for (const FunctionLength& function : lengths_of(text))
    all += (all.empty() ? "" : " ") + function.name + "@" + std::to_string(function.first_line) + ":" +
           std::to_string(function.num_lines) + (function.is_table ? "t" : "");
  return all;
}

TEST(FunctionLengths, FreeFunctionsInNamespaces) {
  EXPECT_EQ(summary("namespace easel {\n"
                    "namespace {\n"
                    "\n"
                    "int one() { return 1; }  // of a single line\n"
                    "\n"
                    "// A comment with a \"quote\" in it\n"
                    "int two(int a) {\n"
                    "  if (a) {\n"
                    "    return 1;\n"
                    "  }\n"
                    "  return 2;\n"
                    "}\n"
                    "\n"
                    "}  // namespace\n"
                    "}  // namespace easel\n"),
            "two@7:6");
}

TEST(FunctionLengths, ASignatureOverSeveralLinesCounts) {
  EXPECT_EQ(summary("std::vector<Tensor> Network::run(const Tensor& x,\n"
                    "                                 const Options& options = {}) const {\n"
                    "  return {x};\n"
                    "}\n"
                    "Network::Network(int a)\n"
                    "    : a_(a),\n"
                    "      b_{a} {\n"
                    "  start();\n"
                    "}\n"),
            "Network::run@1:4 Network::Network@5:5");
}

TEST(FunctionLengths, MembersInsideTheirClass) {
  EXPECT_EQ(summary("class Network : public Base {\n"
                    " public:\n"
                    "  explicit Network(int a) : a_(a) {}\n"
                    "  int run() override {\n"
                    "    return 1;\n"
                    "  }\n"
                    "\n"
                    " private:\n"
                    "  int a_ = 0;  // its \"size\"\n"
                    "};\n"),
            "run@4:3");
}

TEST(FunctionLengths, LambdasAndBlocksBelongToTheirFunction) {
  EXPECT_EQ(summary("void walk() {\n"
                    "  const auto step = [&](int i) {\n"
                    "    take(i);\n"
                    "  };\n"
                    "  for (int i = 0; i < 3; ++i) {\n"
                    "    step(i);\n"
                    "  }\n"
                    "}\n"),
            "walk@1:8");
}

TEST(FunctionLengths, DirectivesAndRawStringsAreNoCode) {
  EXPECT_EQ(summary("#define START(x) \\\n"
                    "  begin(x) {\n"
                    "const char* page() {\n"
                    "#ifdef A\n"
                    "  return R\"(\n"
                    "}\n"
                    ")\";\n"
                    "#endif\n"
                    "}\n"),
            "page@3:7");
}

TEST(FunctionLengths, DataOutsideOfFunctionsIsNone) {
  EXPECT_EQ(summary("constexpr Row kRows[] = {\n"
                    "    {1, 2},\n"
                    "};\n"
                    "const std::map<std::string, int (*)(int)> kCalls = {\n"
                    "    {\"a\", a},\n"
                    "};\n"
                    "enum class Kind {\n"
                    "  a,\n"
                    "};\n"),
            "");
}

TEST(FunctionLengths, ATableIsMostlyRows) {
  EXPECT_EQ(summary("const std::vector<Row>& table() {\n"
                    "  static const std::vector<Row> rows = {\n"
                    "      {\"a\", 1},\n"
                    "      {\"b\",\n"
                    "       2},\n"
                    "      {.name = \"c\"},\n"
                    "  };\n"
                    "  return rows;\n"
                    "}\n"
                    "void work() {\n"
                    "  first();\n"
                    "\n"
                    "  // twice\n"
                    "  second(a,\n"
                    "         b);\n"
                    "}\n"),
            "table@1:9t work@10:7");
  EXPECT_EQ(summary("void add(std::vector<Row>& rows) {\n"
                    "  rows.insert(rows.end(), {{\"a\", 1},\n"
                    "                           {\"b\", 2},\n"
                    "                           {\"c\", 3}});\n"
                    "}\n"),
            "add@1:5t");
}

}  // namespace
}  // namespace easel::test
