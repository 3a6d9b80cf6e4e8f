// What a picture tells of where it comes from: XMP, the hash of an edit's input, the invisible mark.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/easel_process.h"
#include "pictures/picture_file.h"

namespace easel {
namespace {

using nlohmann::json;

class Provenance : public testing::Test {
 protected:
  ProcessResult run(const std::vector<std::string>& arguments) const {
    const ProcessResult result = run_easel(arguments, folder_.path());
    EXPECT_EQ(result.exit_status, 0) << result.err;
    return result;
  }
  json watermark_of(const std::string& name) const {
    return json::parse(run({"picture", "watermark", name, "--json"}).out, nullptr, false);
  }

  test::TemporaryFolder folder_;
};

TEST_F(Provenance, EveryFormatSaysThatAModelMadeIt) {
  for (const char* name : {"cat.png", "cat.jpg", "cat.webp"}) {
    run({"generate", "a cat", "-m", tiny_model(), "--steps", "1", "-W", "32", "-H", "32", "-o", name});
    const PictureMetadata metadata = read_picture_metadata(folder_ / name);
    EXPECT_NE(metadata.xmp.find("digitalsourcetype/trainedAlgorithmicMedia"), std::string::npos)
        << name << metadata.xmp;
    EXPECT_FALSE(metadata.parameters.empty()) << name;
  }
  run({"transform", "cat.png", "-p", "a dog", "-m", tiny_model(), "--steps", "2", "-o", "dog.png"});
  const PictureMetadata metadata = read_picture_metadata(folder_ / "dog.png");
  EXPECT_NE(metadata.xmp.find("compositeWithTrainedAlgorithmicMedia"), std::string::npos);
  EXPECT_NE(metadata.parameters.find("Init image hash: "), std::string::npos) << metadata.parameters;
}

TEST_F(Provenance, TheMarkIsThereWhereItIsAskedFor) {
  run({"generate", "a red cat on the beach", "-s", "1", "--steps", "6", "-o", "plain.png"});
  run({"generate", "a red cat on the beach", "-s", "1", "--steps", "6", "--watermark", "-o", "marked.png"});
  run({"generate", "a red cat on the beach", "-s", "1", "--steps", "6", "--watermark", "--no-watermark", "-o",
       "again.png"});
  EXPECT_EQ(watermark_of("plain.png")["marked"], false);
  EXPECT_EQ(watermark_of("marked.png")["marked"], true);
  EXPECT_EQ(read_picture(folder_ / "again.png").pixels, read_picture(folder_ / "plain.png").pixels);
}

TEST_F(Provenance, AnEditMarksOnlyWhatItChanged) {
  run({"generate", "a red cat on the beach", "-s", "1", "--steps", "6", "-o", "cat.png"});
  run({"inpaint", "cat.png", "--mask-box", "0,40,128,88", "-p", "a dog", "-s", "1", "--steps", "6", "--watermark", "-o",
       "dog.png"});
  const Picture before = read_picture(folder_ / "cat.png"), after = read_picture(folder_ / "dog.png");
  EXPECT_TRUE(std::equal(before.pixels.begin(), before.pixels.begin() + 40 * 128 * 3, after.pixels.begin()));
  EXPECT_EQ(watermark_of("dog.png")["marked"], true);
}

}  // namespace
}  // namespace easel
