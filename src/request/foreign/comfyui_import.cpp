// The graph of nodes that ComfyUI writes: from what is saved back to the sampler, and from there to its inputs.
#include <set>

#include "request/foreign/tools.h"

namespace easel {
namespace {

using Json = nlohmann::json;

constexpr int kMaxLinks = 64;  // on the way from one node to another

constexpr FieldName kSamplerInputs[] = {
    {"steps", "num_inference_steps"}, {"cfg", "guidance_scale"}, {"scheduler", "schedule"}};

class Graph {
 public:
  explicit Graph(const Json& nodes) : nodes_(nodes) {}

  // Null where there is none.
  const Json* node(const std::string& id) const {
    const auto found = nodes_.find(id);
    return found != nodes_.end() && found->is_object() && found->contains("inputs") && (*found)["inputs"].is_object()
               ? &*found
               : nullptr;
  }
  static std::string type_of(const Json& node) {
    const auto type = node.find("class_type");
    return type != node.end() && type->is_string() ? type->get<std::string>() : "";
  }

  // The node that an input is linked to; null where it is a value, or not there.
  const Json* linked(const Json& node, const char* input) const {
    const auto value = node["inputs"].find(input);
    if (value == node["inputs"].end() || !value->is_array() || value->empty() || !(*value)[0].is_string())
      return nullptr;
    return this->node((*value)[0].get<std::string>());
  }

  // An input's value, which may come from a node that only holds one.
  Json value(const Json& node, const char* input) const {
    const auto value = node["inputs"].find(input);
    if (value == node["inputs"].end()) return nullptr;
    if (!value->is_array()) return *value;
    const Json* holder = linked(node, input);
    if (holder == nullptr) return nullptr;
    for (const char* name : {input, "value", "int", "float", "string", "text", "seed", "noise_seed", "Number"})
      if (const auto held = (*holder)["inputs"].find(name); held != (*holder)["inputs"].end() && !held->is_array())
        return *held;
    return nullptr;
  }

  // The first node that has `input`, from `node` on along links of these names.
  const Json* upstream(const Json* node, const char* input, std::initializer_list<const char*> links) const {
    for (int i = 0; node != nullptr && i < kMaxLinks; ++i) {
      if ((*node)["inputs"].contains(input)) return node;
      const Json* next = nullptr;
      for (const char* link : links)
        if (next == nullptr) next = linked(*node, link);
      node = next;
    }
    return nullptr;
  }

  // The first by number of those that take a positive prompt and latents.
  const Json* sampler() const {
    const Json* found = nullptr;
    int best = 0;
    for (const auto& [id, node] : nodes_.items()) {
      if (this->node(id) == nullptr) continue;
      const Json& inputs = node["inputs"];
      const bool samples =
          inputs.contains("latent_image") && (inputs.contains("positive") || inputs.contains("guider"));
      const int number = std::atoi(id.c_str());
      if (!samples || (found != nullptr && number >= best)) continue;
      found = &node;
      best = number;
    }
    return found;
  }

  const Json& nodes() const { return nodes_; }

 private:
  const Json& nodes_;
};

std::string prompt_of(const Graph& graph, const Json& node, const char* input) {
  const auto links = {"conditioning", "conditioning_1", "conditioning_to", "positive"};
  const Json* encoder = graph.upstream(graph.linked(node, input), "text", links);
  if (encoder == nullptr) encoder = graph.upstream(graph.linked(node, input), "text_g", links);
  if (encoder == nullptr) return "";
  const Json text = graph.value(*encoder, (*encoder)["inputs"].contains("text") ? "text" : "text_g");
  return text.is_string() ? text.get<std::string>() : "";
}

void import_prompts(const Graph& graph, const Json& sampler, Import& import) {
  const Json* guider = graph.linked(sampler, "guider");
  const Json& prompted = guider != nullptr ? *guider : sampler;
  const char* positive = prompted["inputs"].contains("positive") ? "positive" : "conditioning";
  import.set("prompt", prompt_of(graph, prompted, positive), positive);
  if (prompted["inputs"].contains("negative"))
    import.set("negative_prompt", prompt_of(graph, prompted, "negative"), "negative");
}

void import_values(const Graph& graph, const Json& sampler, Import& import) {
  // A sampler in parts has them in nodes of their own.
  for (const Json* part : {&sampler, graph.linked(sampler, "sigmas"), graph.linked(sampler, "guider"),
                           graph.linked(sampler, "noise"), graph.linked(sampler, "sampler")}) {
    if (part == nullptr) continue;
    for (const auto& [field, parameter] : kSamplerInputs)
      if (const Json value = graph.value(*part, field); !value.is_null()) import.set(parameter, value, field);
    import.set_sampler(graph.value(*part, "sampler_name"), "sampler_name");
    for (const char* seed : {"seed", "noise_seed"})
      if (const Json value = graph.value(*part, seed); !value.is_null()) import.set("seed", value, seed);
  }
}

// An empty latent has the size; anything else stands for a picture that the run starts from.
void import_latents(const Graph& graph, const Json& sampler, Import& import) {
  const Json* latents = graph.linked(sampler, "latent_image");
  if (latents == nullptr) return;
  const Json width = graph.value(*latents, "width"), height = graph.value(*latents, "height");
  if (width.is_number() && height.is_number()) {
    import.set("width", width, "width");
    import.set("height", height, "height");
  } else {
    import.leave_out(Graph::type_of(*latents));
    if (const Json denoise = graph.value(sampler, "denoise"); denoise.is_number())
      import.set("strength", denoise, "denoise");
  }
}

// Every node that shapes the picture and that no parameter stands for.
void leave_out_others(const Graph& graph, const Json& sampler, Import& import) {
  const std::set<std::string> understood = {"CLIPTextEncode",
                                            "CLIPTextEncodeSDXL",
                                            "CheckpointLoaderSimple",
                                            "EmptyLatentImage",
                                            "EmptySD3LatentImage",
                                            "VAEDecode",
                                            "SaveImage",
                                            "PreviewImage",
                                            "KSamplerSelect",
                                            "BasicScheduler",
                                            "RandomNoise",
                                            "CFGGuider",
                                            "BasicGuider",
                                            "Note",
                                            "PrimitiveNode",
                                            "UNETLoader",
                                            "CLIPLoader",
                                            "DualCLIPLoader"};
  std::set<std::string> others;
  for (const auto& [id, node] : graph.nodes().items()) {
    const std::string type = node.is_object() ? Graph::type_of(node) : "";
    if (!type.empty() && &node != &sampler && !understood.contains(type)) others.insert(type);
  }
  for (const std::string& type : others) import.leave_out(type);
}

}  // namespace

std::optional<ImportedParameters> import_comfyui(const PictureMetadata& metadata) {
  const Json nodes = parse_object(text_of(metadata, "prompt"));
  if (nodes.is_null()) return std::nullopt;
  const Graph graph(nodes);
  const Json* sampler = graph.sampler();
  if (sampler == nullptr) return std::nullopt;
  Import import("ComfyUI");
  import_prompts(graph, *sampler, import);
  import_values(graph, *sampler, import);
  import_latents(graph, *sampler, import);
  const Json* model = graph.linked(*sampler, "model");
  if (model == nullptr && graph.linked(*sampler, "guider") != nullptr)
    model = graph.linked(*graph.linked(*sampler, "guider"), "model");
  for (const char* name : {"ckpt_name", "unet_name"})
    if (const Json* loader = graph.upstream(model, name, {"model"}); loader != nullptr)
      if (const Json file = graph.value(*loader, name); file.is_string()) import.set_model(file.get<std::string>());
  leave_out_others(graph, *sampler, import);
  return import.take();
}

}  // namespace easel
