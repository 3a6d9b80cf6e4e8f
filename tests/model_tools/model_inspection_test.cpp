#include "model_tools/model_inspection.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "easel/error.h"
#include "files/json_reader.h"
#include "golden/golden_folder.h"
#include "temporary_folder.h"

namespace easel {
namespace {

using nlohmann::ordered_json;

std::filesystem::path golden_path(const std::string& name) { return golden::golden_folder() / name; }

TEST(ModelInspection, FolderShowsItsComponentsAndArchitecture) {
  const ordered_json inspection = inspect_model(golden_path("models/tiny_sd1"));
  EXPECT_EQ(inspection["kind"], "diffusers folder");
  EXPECT_EQ(inspection["architecture"]["task"], "text to image");
  EXPECT_EQ(inspection["architecture"]["prediction_type"], "epsilon");
  EXPECT_EQ(inspection["components"]["unet"]["class"], "UNet2DConditionModel");
  EXPECT_GT(inspection["components"]["vae"]["parameters"], 1000);
  EXPECT_EQ(inspection["components"]["scheduler"]["class"], "PNDMScheduler");
  const std::string text = render_inspection(inspection);
  for (const char* word : {"unet", "vae", "text_encoder", "parameters", "predicts epsilon"})
    EXPECT_NE(text.find(word), text.npos) << word << " in\n" << text;
  EXPECT_EQ(text.find(" \n"), text.npos) << "trailing spaces in\n" << text;
}

TEST(ModelInspection, TextAlignsWhatAModelHolds) {
  const ordered_json inspection = {{"path", "model"},
                                   {"kind", "diffusers folder"},
                                   {"components",
                                    {{"tokenizer", {{"class", "CLIPTokenizer"}}},
                                     {"unet",
                                      {{"class", "UNet2DConditionModel"},
                                       {"tensor_count", 686},
                                       {"parameters", 859'520'964},
                                       {"size_bytes", 1'719'041'928},
                                       {"dtypes", {{"f16", 859'520'964}}}}},
                                     {"vae",
                                      {{"class", "AutoencoderKL"},
                                       {"tensor_count", 2},
                                       {"parameters", 800'000},
                                       {"size_bytes", 1'600'000},
                                       {"dtypes", {{"f16", 600'000}, {"f32", 200'000}}}}}}}};
  EXPECT_EQ(render_inspection(inspection),
            "model: diffusers folder\n"
            "  tokenizer       CLIPTokenizer\n"
            "  unet            UNet2DConditionModel         859.5 M parameters,    1.7 GB f16, 686 tensors\n"
            "  vae             AutoencoderKL                  0.8 M parameters,    1.6 MB f16, f32 (25 %), 2 tensors");
}

TEST(ModelInspection, ClassComesFromTheIndexWhereAConfigNamesNone) {
  const test::TemporaryFolder folder;
  folder.write("model_index.json", R"({"_class_name": "X", "scheduler": ["diffusers", "DDIMScheduler"]})");
  folder.write("scheduler/scheduler_config.json", R"({"beta_start": 0.001})");
  EXPECT_EQ(inspect_model(folder.path())["components"]["scheduler"]["class"], "DDIMScheduler");
}

TEST(ModelInspection, SingleFileIsSplitIntoComponents) {
  const ordered_json inspection = inspect_model(golden_path("ckpt/ckpt_zip_f16/model.ckpt"), {.hash = true});
  EXPECT_EQ(inspection["kind"], "single file");
  EXPECT_EQ(inspection["components"]["unet"]["dtypes"].begin().key(), "f16");
  EXPECT_EQ(inspection["metadata"]["global_step"], "470000");
  EXPECT_EQ(inspection["hashes"]["sha256"].get<std::string>().size(), 64u);
}

TEST(ModelInspection, OtherFilesListTheirTensors) {
  const ordered_json inspection =
      inspect_model(golden_path("hostile/ok_many_dtypes.safetensors"), {.list_tensors = true});
  EXPECT_EQ(inspection["kind"], "tensors");
  EXPECT_EQ(inspection["tensors"].size(), 10u);
  const std::string text = render_inspection(inspection);
  for (const char* word : {"bf16 bf16 [1]", "bool bool [1]", "i8 i8 [1]", "f64 f64 [1]"})
    EXPECT_NE(text.find(word), text.npos) << word << " in\n" << text;
}

TEST(ModelInspection, ConfigsAreChecked) {
  const ordered_json inspection = inspect_model(golden_path("models/tiny_sd1/unet/config.json"));
  EXPECT_EQ(inspection["kind"], "config");
  EXPECT_EQ(inspection["class"], "UNet2DConditionModel");
}

TEST(ModelInspection, VocabularyIsCounted) {
  const auto vocabulary = golden_path("clip_tokenizer/vocab.json");
  if (!std::filesystem::exists(vocabulary)) GTEST_SKIP() << "the golden data here lack CLIP's vocabulary";
  EXPECT_EQ(inspect_model(vocabulary)["tokens"], 49408);
  EXPECT_EQ(inspect_model(golden_path("clip_tokenizer/merges.txt"))["merges"], 48894);
}

TEST(ModelInspection, BadMergesAreRefusedWithoutAVocabularyBesideThem) {
  try {
    inspect_model(golden_path("hostile/merges_bad_line.txt"));
    FAIL() << "was read";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("line 3: 'onlyone'"), std::string::npos) << error.what();
  }
}

// Every file of the hostile folder, as the command sees them: controls are described, the others refused as bad files.
TEST(ModelInspection, HostileFilesAreTreatedAsTheManifestSays) {
  const nlohmann::json manifest = read_json(golden_path("hostile/manifest.json"));
  for (const auto& [name, entry] : manifest.at("files").items()) {
    const std::string must = entry.at("must");
    std::string message;
    try {
      EXPECT_NE(render_inspection(inspect_model(golden_path("hostile/" + name), {.list_tensors = true})), "");
    } catch (const Error& error) {
      message = error.what();
      EXPECT_EQ(error_exit_code(error.code()), 1) << name << ": " << message;
      EXPECT_EQ(message.find_first_of("\n\r"), message.npos) << name;
    }
    if (must == "load") {
      EXPECT_EQ(message, "") << name;
    } else if (must.starts_with("be rejected with an error")) {
      EXPECT_NE(message, "") << name << " was accepted: " << entry.at("wrong");
    }
  }
  EXPECT_FALSE(std::filesystem::exists("GOLDEN_PICKLE_WAS_EXECUTED"));
}

}  // namespace
}  // namespace easel
