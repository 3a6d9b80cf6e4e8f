#include "datasets/stored_dataset.h"

#include <algorithm>

#include "easel/error.h"
#include "files/file_hash.h"
#include "files/quoted_text.h"
#include "files/random_access_file.h"
#include "pictures/picture_file.h"
#include "tensor/parallel.h"
#include "text/clip_tokenizer.h"

namespace easel {
namespace {

constexpr size_t kCheckBlock = 256;  // pictures checked between two looks at whether there are enough

Picture read_example(const StoredExample& example) {
  const RandomAccessFile file(example.file, RandomAccessFile::Mode::read);
  const std::vector<uint8_t> bytes = file.read(example.offset_bytes, example.size_bytes);
  return decode_picture(bytes, example.name).picture;
}

class StoredDataset final : public Dataset {
 public:
  explicit StoredDataset(std::vector<StoredExample> examples) : examples_(std::move(examples)) {}

  int64_t size() const override { return static_cast<int64_t>(examples_.size()); }
  Picture picture(int64_t index) const override { return read_example(at(index)); }
  PictureSize picture_size(int64_t index) const override { return at(index).size; }
  std::string caption(int64_t index, uint64_t /*variation*/) const override { return at(index).caption; }
  std::string name(int64_t index) const override { return at(index).name; }

  std::string identity() const override {
    std::string text;
    for (const StoredExample& example : examples_)
      text += example.name + '\0' + std::to_string(example.size_bytes) + '\0' + example.caption + '\n';
    return sha256(text);
  }

 private:
  const StoredExample& at(int64_t index) const { return examples_.at(static_cast<size_t>(index)); }

  std::vector<StoredExample> examples_;
};

bool is_blank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == text.npos; }

struct CaptionProblem {
  const char* kind;  // empty where there is none
  const char* detail;
};

CaptionProblem caption_problem(const std::string& caption, bool required) {
  if (required && is_blank(caption)) return {"without caption", "the caption is missing or empty"};
  if (!is_utf8(caption)) return {"broken caption", "the caption is no valid UTF-8"};
  if (caption.size() > ClipTokenizer::kMaxTextBytes)
    return {"broken caption", "the caption is longer than 128000 bytes"};
  return {"", ""};
}

// Decodes examples begin..end-1 on all threads; returns what is wrong with each, empty where nothing is.
std::vector<std::string> check_pictures(std::vector<StoredExample>& examples, size_t begin, size_t end) {
  std::vector<std::string> problems(end - begin);
  parallel_for(static_cast<int64_t>(end - begin), [&](int64_t task, int) {
    StoredExample& example = examples[begin + static_cast<size_t>(task)];
    try {
      const Picture picture = read_example(example);
      example.size = {picture.width_px, picture.height_px};
    } catch (const std::exception& error) {
      problems[static_cast<size_t>(task)] = error.what();
    }
  });
  return problems;
}

}  // namespace

std::unique_ptr<Dataset> make_stored_dataset(std::vector<StoredExample> examples, const std::string& where,
                                             const DatasetOptions& options, DatasetReport& report) {
  std::erase_if(examples, [&](const StoredExample& example) {
    const auto [kind, detail] = caption_problem(example.caption, options.captions_required);
    if (*kind) report.skip(example.name, kind, detail);
    return *kind != 0;
  });
  const size_t wanted = options.num_examples > 0 ? static_cast<size_t>(options.num_examples) : examples.size();
  std::vector<StoredExample> usable;
  for (size_t begin = 0; begin < examples.size() && usable.size() < wanted; begin += kCheckBlock) {
    const size_t end = std::min(begin + kCheckBlock, examples.size());
    std::vector<std::string> problems(end - begin);
    if (options.check_pictures) problems = check_pictures(examples, begin, end);
    for (size_t i = begin; i < end && usable.size() < wanted; ++i) {
      if (problems[i - begin].empty())
        usable.push_back(std::move(examples[i]));
      else
        report.skip(examples[i].name, "broken picture", problems[i - begin]);
    }
  }
  if (usable.empty()) {
    const std::string skipped = report.summary();
    throw Error(ErrorCode::CorruptFile, "[dataset] " + quoted_text(where) + ": not one usable example" +
                                            (skipped.empty() ? "" : "; " + skipped));
  }
  return std::make_unique<StoredDataset>(std::move(usable));
}

}  // namespace easel
