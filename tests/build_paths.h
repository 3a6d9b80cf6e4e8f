// build_paths.h — where the checkout lies and what was built from it. The two folders come from one generated file: as
// compile definitions they would make every test another one in every checkout, and ccache would find none of them.
#pragma once

#include <filesystem>

namespace easel::test {

// "docs/parameters.md" -> its path in the checkout.
std::filesystem::path source_path(const std::filesystem::path& relative);

// "easel", "libeasel_torch.so" -> the path among the built programs and plug-ins.
std::filesystem::path built_path(const std::filesystem::path& name);

// Whether the plug-in was built: without LibTorch it is not, and tests of training are skipped.
bool torch_is_built();

}  // namespace easel::test
