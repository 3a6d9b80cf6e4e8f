// clip_vocabulary_fixture.h — vocabularies for tests: CLIP's own, which is not part of the repository, and a small one.
#pragma once

#include <filesystem>
#include <optional>

#include "text/clip_tokenizer.h"

namespace easel::test {

// Folder of CLIP's vocabulary in the golden data; nothing where it is not there.
std::optional<std::filesystem::path> clip_vocabulary_folder();

// 516 tokens: byte b is id b, at a word's end id 256 + b; "ca" 512, "cat</w>" 513, bos 514, eos 515.
ClipTokenizer small_tokenizer(const ClipTokenizerOptions& options = {});

}  // namespace easel::test
