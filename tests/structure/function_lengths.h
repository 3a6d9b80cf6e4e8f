// function_lengths.h — how long the functions of a file are, by counting lines and reading no C++: clang-format sets a
// function's first line and its closing brace to one indentation, and everything between them deeper.
#pragma once

#include <string>
#include <vector>

namespace easel::test {

struct FunctionLength {
  std::string name;  // "ClassName::function", "function"
  int first_line;    // of its signature; from 1 on
  int num_lines;     // from the signature to the closing brace
  bool is_table;     // two thirds of its body are rows of values: lines that open with { . " or } or end in a comma
};

// The functions of a formatted file that have more than one line: free ones, members inside their class, TEST bodies.
// A lambda counts with the function around it; initialisers outside of functions are data and not among them.
std::vector<FunctionLength> function_lengths(const std::vector<std::string>& lines);

}  // namespace easel::test
