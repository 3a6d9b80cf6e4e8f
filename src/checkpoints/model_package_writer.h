// model_package_writer.h — writing a whole model in diffusers' folder layout: a folder for each component, and
// model_index.json, which lists them with their classes.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "tensor/tensor.h"

namespace easel {

// Components are called as in diffusers: "unet", "vae", "text_encoder", "text_encoder_2", "tokenizer", "tokenizer_2",
// "scheduler". REQUIRES of all methods: one of these names. Files are written as write_component and write_json do it.
class ModelPackageWriter {
 public:
  explicit ModelPackageWriter(std::filesystem::path folder);

  // A network: its config and its weights, under the file names of its library. weights: on the host; those in f32 are
  // stored as f16.
  void add_network(const std::string& component, const nlohmann::json& config,
                   const std::map<std::string, Tensor>& weights);
  // The index names the class in the config's _class_name, or Stable Diffusion 1's where there is none.
  void add_scheduler(const nlohmann::json& config);
  // A component that the caller writes: returns its folder, which is made where it is missing.
  std::filesystem::path add_folder(const std::string& component);
  // A key of the index beside its components: "guidance_scale".
  void set(const std::string& key, nlohmann::json value);

  // Writes model_index.json with what was added. Last, so that a folder that has it is whole. Of a part of a model (an
  // autoencoder alone) it is not called: the folders are a model without an index then.
  void write_index();

 private:
  void list(const std::string& component, const std::string& class_name);

  std::filesystem::path folder_;
  nlohmann::json index_;
};

}  // namespace easel
