// What other programs write into their pictures, and what becomes of it.
#include <gtest/gtest.h>
#include <zlib.h>

#include "easel/error.h"
#include "request/foreign/imported_parameters.h"

namespace easel {
namespace {

using nlohmann::json;
using Names = std::vector<std::string>;

Picture pixels(int width, int height, int channels) {
  Picture picture{.width_px = width, .height_px = height, .channels = channels, .pixels = {}};
  picture.pixels.assign(static_cast<size_t>(width) * static_cast<size_t>(height) * static_cast<size_t>(channels), 255);
  return picture;
}

ImportedParameters imported(const std::string& parameters, const std::map<std::string, std::string>& text = {}) {
  return import_parameters(
      {.picture = pixels(1, 1, 3), .metadata = {.parameters = parameters, .json = "", .text = text}});
}

json parameters_of(const ImportedParameters& import) { return json::parse(import.parameters.dump()); }

TEST(ForeignParameters, OfTheWebui) {
  const ImportedParameters import = imported(
      "a (cat:1.2)\nNegative prompt: blurry\nSteps: 23, Sampler: DPM++ 2M Karras, CFG scale: 6.5, Seed: 42, Size: "
      "64x48, "
      "Model: \"some, model\", Clip skip: 2, RNG: NV, Denoising strength: 0.4, Hires upscale: 2, Hires steps: 7, "
      "Hires upscaler: Latent, Variation seed: 9, Variation seed strength: 0.2, Seed resize from: 32x16, "
      "Lora hashes: \"a: 12\", Version: v1.10.1");
  EXPECT_EQ(import.tool, "webui");
  EXPECT_EQ(import.model, "some, model");
  EXPECT_EQ(import.unused, (Names{"Lora hashes", "Version"}));
  EXPECT_EQ(parameters_of(import), json::parse(R"j({"prompt": "a (cat:1.2)", "negative_prompt": "blurry",
      "num_inference_steps": 23, "sampler": "dpmpp_2m", "schedule": "karras", "guidance_scale": 6.5, "seed": 42, "width": 64,
      "height": 48, "clip_skip": 2, "rng": "philox", "strength": 0.4, "hires_scale": 2.0, "hires_steps": 7,
      "hires_upscaler": "Latent", "variation_seed": 9, "variation_strength": 0.2, "seed_resize_width": 32,
      "seed_resize_height": 16})j"));
}

TEST(ForeignParameters, OfTheWebuisEdits) {
  const json parameters = parameters_of(imported(
      "x\nSteps: 4, Sampler: Euler a, Schedule type: Exponential, Mask blur: 6, Mask mode: Inpaint not masked, "
      "Masked content: latent noise, Denoising strength: 0.75"));
  EXPECT_EQ(parameters.at("sampler"), "euler_ancestral");
  EXPECT_EQ(parameters.at("schedule"), "exponential");
  EXPECT_EQ(parameters.at("mask_blur"), 6);
  EXPECT_EQ(parameters.at("invert_mask"), true);
  EXPECT_EQ(parameters.at("masked_content"), "noise");
}

TEST(ForeignParameters, TextAloneIsAPrompt) {
  EXPECT_EQ(parameters_of(imported("a lighthouse, oil on canvas")), (json{{"prompt", "a lighthouse, oil on canvas"}}));
}

// A graph whose sampler takes its seed and its prompt's words through other nodes.
TEST(ForeignParameters, OfComfyUi) {
  const ImportedParameters import = imported("", {{"prompt", R"j({
      "9": {"class_type": "SaveImage", "inputs": {"images": ["8", 0]}},
      "3": {"class_type": "KSampler", "inputs": {"seed": ["11", 0], "steps": 22, "cfg": 8, "sampler_name": "dpmpp_2m_sde_gpu",
            "scheduler": "karras", "denoise": 1, "model": ["10", 0], "positive": ["12", 0], "negative": ["7", 0],
            "latent_image": ["5", 0]}},
      "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "sd15.safetensors"}},
      "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 512, "height": 640, "batch_size": 1}},
      "6": {"class_type": "CLIPTextEncode", "inputs": {"text": ["13", 0], "clip": ["4", 1]}},
      "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "bad", "clip": ["4", 1]}},
      "10": {"class_type": "LoraLoader", "inputs": {"lora_name": "x", "model": ["4", 0]}},
      "11": {"class_type": "PrimitiveInt", "inputs": {"value": 5}},
      "12": {"class_type": "ControlNetApply", "inputs": {"conditioning": ["6", 0], "image": ["14", 0]}},
      "13": {"class_type": "StringNode", "inputs": {"string": "a cat"}}})j"},
                                                  {"workflow", "{}"}});
  EXPECT_EQ(import.tool, "ComfyUI");
  EXPECT_EQ(import.model, "sd15.safetensors");
  EXPECT_EQ(import.unused, (Names{"ControlNetApply", "LoraLoader", "PrimitiveInt", "StringNode"}));
  EXPECT_EQ(parameters_of(import),
            json::parse(R"j({"prompt": "a cat", "negative_prompt": "bad", "num_inference_steps": 22,
      "guidance_scale": 8.0, "sampler": "dpmpp_2m_sde", "schedule": "karras", "seed": 5, "width": 512, "height": 640})j"));
}

TEST(ForeignParameters, OfAComfyUiSamplerInParts) {
  const ImportedParameters import = imported("", {{"prompt", R"j({
      "1": {"class_type": "SamplerCustomAdvanced", "inputs": {"noise": ["2", 0], "guider": ["3", 0], "sampler": ["4", 0],
            "sigmas": ["5", 0], "latent_image": ["6", 0]}},
      "2": {"class_type": "RandomNoise", "inputs": {"noise_seed": 77}},
      "3": {"class_type": "CFGGuider", "inputs": {"cfg": 3.5, "positive": ["7", 0], "negative": ["8", 0], "model": ["9", 0]}},
      "4": {"class_type": "KSamplerSelect", "inputs": {"sampler_name": "euler_ancestral"}},
      "5": {"class_type": "BasicScheduler", "inputs": {"steps": 12, "scheduler": "simple", "denoise": 0.6}},
      "6": {"class_type": "VAEEncode", "inputs": {}},
      "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "a fox"}},
      "8": {"class_type": "CLIPTextEncode", "inputs": {"text": ""}},
      "9": {"class_type": "UNETLoader", "inputs": {"unet_name": "big.safetensors"}}})j"}});
  EXPECT_EQ(import.model, "big.safetensors");
  EXPECT_EQ(parameters_of(import), json::parse(R"j({"prompt": "a fox", "negative_prompt": "", "num_inference_steps": 12,
      "guidance_scale": 3.5, "sampler": "euler_ancestral", "schedule": "simple", "seed": 77})j"));
}

TEST(ForeignParameters, LoopsOfAGraphEnd) {
  const ImportedParameters import = imported("", {{"prompt", R"j({
      "1": {"class_type": "KSampler", "inputs": {"positive": ["2", 0], "latent_image": ["1", 0], "model": ["2", 0], "steps": 3}},
      "2": {"class_type": "Loop", "inputs": {"conditioning": ["2", 0], "model": ["2", 0]}}, "3": 4, "5": {"inputs": 6}})j"}});
  EXPECT_EQ(parameters_of(import).at("num_inference_steps"), 3);
  EXPECT_EQ(imported("", {{"prompt", "{\"1\": []}"}}).tool, "");
}

TEST(ForeignParameters, OfInvokeAi) {
  const ImportedParameters import =
      imported("", {{"invokeai_metadata", R"j({"positive_prompt": "a cat", "negative_prompt": "bad",
      "seed": 5, "steps": 30, "cfg_scale": 7.5, "width": 640, "height": 512, "scheduler": "dpmpp_2m_k", "rand_device": "cpu",
      "model": {"name": "sd-15"}, "loras": [{"model": "x"}], "controlnets": [], "app_version": "5.4.0"})j"}});
  EXPECT_EQ(import.tool, "InvokeAI");
  EXPECT_EQ(import.model, "sd-15");
  EXPECT_EQ(import.unused, Names{"loras"});
  EXPECT_EQ(parameters_of(import),
            json::parse(R"j({"prompt": "a cat", "negative_prompt": "bad", "num_inference_steps": 30,
      "guidance_scale": 7.5, "seed": 5, "width": 640, "height": 512, "sampler": "dpmpp_2m", "schedule": "karras"})j"));
}

TEST(ForeignParameters, OfSwarmUi) {
  const ImportedParameters import = imported(R"j({"sui_image_params": {"prompt": "a cat", "negativeprompt": "bad",
      "model": "sd15", "seed": 77, "steps": 24, "cfgscale": 6, "width": 512, "height": 512, "sampler": "dpmpp_2m_sde",
      "scheduler": "karras", "clipstopatlayer": -2, "loras": ["x"], "swarm_version": "0.9.5"}, "sui_extra_data": {}})j");
  EXPECT_EQ(import.tool, "SwarmUI");
  EXPECT_EQ(import.unused, Names{"loras"});
  EXPECT_EQ(parameters_of(import).at("clip_skip"), 2);
  EXPECT_EQ(parameters_of(import).at("sampler"), "dpmpp_2m_sde");
}

TEST(ForeignParameters, OfFooocus) {
  const ImportedParameters import =
      imported(R"j({"base_model": "juggernaut", "guidance_scale": 4.0, "negative_prompt": "",
      "prompt": "a cat", "resolution": "(1152, 896)", "sampler": "dpmpp_2m_sde_gpu", "scheduler": "karras", "seed": "123",
      "sharpness": 2.0, "steps": 30, "styles": "['Fooocus V2']", "version": "Fooocus v2.5.5"})j",
               {{"fooocus_scheme", "fooocus"}});
  EXPECT_EQ(import.tool, "Fooocus");
  EXPECT_EQ(import.model, "juggernaut");
  EXPECT_EQ(import.unused, (Names{"sharpness", "styles"}));
  EXPECT_EQ(parameters_of(import), json::parse(R"j({"prompt": "a cat", "negative_prompt": "", "num_inference_steps": 30,
      "guidance_scale": 4.0, "seed": 123, "sampler": "dpmpp_2m_sde", "schedule": "karras", "width": 1152, "height": 896})j"));
}

constexpr const char* kNovelAiComment = R"j({"steps": 28, "sampler": "k_euler_ancestral", "seed": 9, "scale": 11.0,
    "uc": "lowres", "width": 512, "height": 768, "noise_schedule": "native", "sm": true, "n_samples": 1})j";

void expect_novelai(const ImportedParameters& import) {
  EXPECT_EQ(import.tool, "NovelAI");
  EXPECT_EQ(import.model, "NovelAI Diffusion V3");
  EXPECT_EQ(import.unused, Names{"sm"});
  EXPECT_EQ(parameters_of(import), json::parse(R"j({"prompt": "a (cat:1.05) \\(x\\)", "negative_prompt": "lowres",
      "num_inference_steps": 28, "guidance_scale": 11.0, "seed": 9, "width": 512, "height": 768,
      "sampler": "euler_ancestral"})j"));
}

TEST(ForeignParameters, OfNovelAi) {
  expect_novelai(imported("", {{"Software", "NovelAI"},
                               {"Source", "NovelAI Diffusion V3"},
                               {"Description", "a {cat} (x)"},
                               {"Comment", kNovelAiComment}}));
}

std::string gzipped(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string input = text, output(text.size() + 1000, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(output.data());
  stream.avail_out = static_cast<uInt>(output.size());
  deflate(&stream, Z_FINISH);
  output.resize(stream.total_out);
  deflateEnd(&stream);
  return output;
}

// In the lowest bits of alpha, column by column.
Picture hiding(const std::string& signature, const std::string& data, size_t told_length) {
  std::string bytes = signature;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(told_length * 8 >> shift & 255);
  bytes += data;
  Picture picture = pixels(128, 128, 4);
  for (size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    const size_t place = bit % 128 * 128 + bit / 128;
    const int value = static_cast<unsigned char>(bytes[bit / 8]) >> (7 - bit % 8) & 1;
    picture.pixels[place * 4 + 3] = static_cast<uint8_t>(254 + value);
  }
  return picture;
}

TEST(ForeignParameters, HiddenInTheAlphaChannel) {
  const std::string text = json{
      {"Software", "NovelAI"},
      {"Source", "NovelAI Diffusion V3"},
      {"Description", "a {cat} (x)"},
      {"Comment",
       kNovelAiComment}}.dump();
  const std::string data = gzipped(text);
  expect_novelai(import_parameters({.picture = hiding("stealth_pngcomp", data, data.size()), .metadata = {}}));
  const std::string infotext = "a cat\nSteps: 3, Sampler: Euler, Seed: 1";
  const ImportedParameters plain =
      import_parameters({.picture = hiding("stealth_pnginfo", infotext, infotext.size()), .metadata = {}});
  EXPECT_EQ(plain.tool, "webui");
  EXPECT_EQ(plain.parameters.at("num_inference_steps"), 3);
}

TEST(ForeignParameters, BrokenHiddenTextIsNone) {
  const std::string data = gzipped("a cat");
  EXPECT_EQ(import_parameters({.picture = hiding("stealth_pngcomp", data, 100'000), .metadata = {}}).tool, "");
  EXPECT_EQ(import_parameters({.picture = hiding("stealth_pngcomp", data, data.size() - 3), .metadata = {}}).tool, "");
  EXPECT_EQ(import_parameters({.picture = hiding("stealth_pnginfo", "\xff\xfe", 2), .metadata = {}}).tool, "");
  EXPECT_EQ(import_parameters({.picture = pixels(3, 3, 4), .metadata = {}}).tool, "");
}

TEST(ForeignParameters, WhatTheTaskDoesNotTakeIsTold) {
  const ImportedParameters import = imported("x\nSteps: 4, Sampler: Euler, Mask blur: 6, Lora: y");
  std::vector<std::string> left_out;
  const GenerationParameters parameters = requested_parameters(import, {}, Task::text_to_image, "x.png", left_out);
  EXPECT_EQ(parameters.num_inference_steps, 4);
  EXPECT_EQ(left_out, (Names{"Lora", "mask_blur"}));
}

TEST(ForeignParameters, RefusedValuesNameThePicture) {
  const ImportedParameters import = imported("cat\nSteps: 20, Sampler: Quantum++, CFG scale: 7, Seed: 1");
  std::vector<std::string> left_out;
  try {
    requested_parameters(import, {}, Task::text_to_image, "x.png", left_out);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "[generate] x.png, made by webui: Sampler 'Quantum++' is nothing that Easel has");
  }
}

TEST(ForeignParameters, APictureWithoutAnySaysWhichTextsItHas) {
  PictureMetadata metadata;
  metadata.text = {{"Title", "holiday"}};
  std::vector<std::string> left_out;
  try {
    requested_parameters(imported("", metadata.text), metadata, Task::text_to_image, "x.png", left_out);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "[generate] x.png tells no parameters; its texts are 'Title'");
  }
}

}  // namespace
}  // namespace easel
