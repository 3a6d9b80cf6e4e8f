// The same networks as a diffusers folder and as one LDM file give the same picture.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "checkpoints/checkpoint.h"
#include "checkpoints/tensor_file.h"
#include "cli/easel_process.h"
#include "files/file_hash.h"
#include "pictures/picture_file.h"

namespace easel {
namespace {

void write_single_file(const std::filesystem::path& folder, const std::filesystem::path& file) {
  const Checkpoint checkpoint = open_checkpoint(folder);
  TensorFile single;
  for (const char* component : {"text_encoder", "unet", "vae"})
    single.tensors.merge(diffusers_to_ldm(checkpoint.weights(component), component, checkpoint.configs.at(component)));
  write_safetensors(file, single);
}

TEST(SingleFile, GivesThePictureOfTheFolder) {
  const test::TemporaryFolder folder;
  const std::string file = folder / "tiny.safetensors";
  write_single_file(tiny_model(), file);
  const std::vector<std::string> common{"generate", "a (red:1.2) cat", "-W", "32", "-H",
                                        "32",       "--steps",         "2",  "-s", "4"};

  std::vector<std::string> from_folder = common, from_file = common;
  from_folder.insert(from_folder.end(), {"-m", tiny_model(), "-o", folder / "folder.png"});
  from_file.insert(from_file.end(),
                   {"-m", file, "--vocabulary", tiny_model() + "/tokenizer", "-o", folder / "file.png"});
  ASSERT_EQ(run_easel(from_folder).exit_status, 0);
  const ProcessResult result = run_easel(from_file);
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_EQ(read_picture(folder / "folder.png").pixels, read_picture(folder / "file.png").pixels);
  EXPECT_NE(read_picture_metadata(folder / "file.png").parameters.find("Model hash: " + model_hash(file)),
            std::string::npos);
}

TEST(SingleFile, TheYamlBesideItCounts) {
  const test::TemporaryFolder folder;
  const std::string file = folder / "tiny.safetensors";
  write_single_file(tiny_model(), file);
  std::ofstream(folder / "tiny.yaml") << "model: {params: {parameterization: v}}";
  const ProcessResult result = run_easel({"model", "inspect", file});
  ASSERT_EQ(result.exit_status, 0) << result.err;
  EXPECT_NE(result.out.find("v_prediction"), std::string::npos) << result.out;
  std::ofstream(folder / "tiny.yaml") << "model: {params: {parameterization: sideways}}";
  const ProcessResult wrong = run_easel({"model", "inspect", file});
  EXPECT_EQ(wrong.exit_status, 1);
  EXPECT_NE(wrong.err.find("parameterization"), std::string::npos) << wrong.err;
}

TEST(SingleFile, WithoutAVocabularyItSaysWhereToGetOne) {
  const test::TemporaryFolder folder;
  const std::string file = folder / "tiny.safetensors";
  write_single_file(tiny_model(), file);
  const ProcessResult result =
      run_easel({"generate", "cat", "-m", file, "--vocabulary", folder / "nowhere", "-o", folder / "cat.png"});
  EXPECT_EQ(result.exit_status, 1);
  EXPECT_NE(result.err.find("vocab.json"), std::string::npos) << result.err;
}

}  // namespace
}  // namespace easel
