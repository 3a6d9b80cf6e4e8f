// The C interface over Pipeline: exceptions become status codes, memory is handed out in opaque handles.
#include <new>

#include "easel/easel.h"
#include "easel/error.h"
#include "easel/pipeline.h"
#include "easel/version.h"

struct easel_pipeline {
  easel::Pipeline pipeline;
};

struct easel_pictures {
  std::vector<easel::GeneratedPicture> list;
};

namespace {

thread_local std::string last_error;

easel_status status_of(easel::ErrorCode code) {
  switch (code) {
    case easel::ErrorCode::InvalidArgument: return EASEL_INVALID_ARGUMENT;
    case easel::ErrorCode::NotFound: return EASEL_NOT_FOUND;
    case easel::ErrorCode::CorruptFile: return EASEL_CORRUPT_FILE;
    case easel::ErrorCode::Unsupported: return EASEL_UNSUPPORTED;
    case easel::ErrorCode::ResourceExhausted: return EASEL_RESOURCE_EXHAUSTED;
    case easel::ErrorCode::Cancelled: return EASEL_CANCELLED;
    case easel::ErrorCode::Internal: return EASEL_INTERNAL;
  }
  return EASEL_INTERNAL;
}

easel_status failed(easel_status status, const char* message) {
  last_error = message;
  return status;
}

// Runs `action` and turns what it throws into a status: no exception crosses into C.
template <typename Action>
easel_status guarded(const Action& action) {
  try {
    action();
    return EASEL_OK;
  } catch (const easel::Error& error) {
    return failed(status_of(error.code()), error.what());
  } catch (const std::bad_alloc&) {
    return failed(EASEL_RESOURCE_EXHAUSTED, "out of memory");
  } catch (const std::exception& error) {
    return failed(EASEL_INTERNAL, error.what());
  }
}

void require(const void* pointer, const char* name) {
  if (pointer == nullptr)
    throw easel::Error(easel::ErrorCode::InvalidArgument, std::string("[c api] ") + name + " is NULL");
}

}  // namespace

const char* easel_version(void) { return easel::kVersion; }
const char* easel_last_error(void) { return last_error.c_str(); }

easel_status easel_load(const char* model, const char* device, easel_pipeline** pipeline) {
  return guarded([&] {
    require(model, "model");
    require(pipeline, "pipeline");
    easel::LoadOptions options;
    if (device != nullptr) options.device = device;
    *pipeline = new easel_pipeline{easel::Pipeline::load(model, options)};
  });
}

void easel_free(easel_pipeline* pipeline) { delete pipeline; }

easel_status easel_generate(easel_pipeline* pipeline, const char* parameters_json, easel_progress progress, void* user,
                            easel_pictures** pictures) {
  return guarded([&] {
    require(pipeline, "pipeline");
    require(parameters_json, "parameters_json");
    require(pictures, "pictures");
    easel::GenerationCallbacks callbacks;
    if (progress != nullptr)
      callbacks.on_progress = [&](const easel::GenerationProgress& state) {
        return progress(user, state.step, state.num_steps, state.remaining_s) != 0;
      };
    *pictures =
        new easel_pictures{pipeline->pipeline.generate(easel::parameters_from_json(parameters_json), callbacks)};
  });
}

size_t easel_pictures_count(const easel_pictures* pictures) { return pictures->list.size(); }

easel_picture easel_pictures_get(const easel_pictures* pictures, size_t index) {
  const easel::GeneratedPicture& made = pictures->list[index];
  return {made.picture.pixels.data(), made.picture.width_px, made.picture.height_px, made.picture.channels, made.seed,
          made.infotext.c_str(),      made.json.c_str()};
}

easel_status easel_pictures_save(const easel_pictures* pictures, size_t index, const char* path) {
  return guarded([&] {
    require(pictures, "pictures");
    require(path, "path");
    if (index >= pictures->list.size())
      throw easel::Error(
          easel::ErrorCode::InvalidArgument,
          "[c api] index = " + std::to_string(index) + "; must be below " + std::to_string(pictures->list.size()));
    easel::save_picture(path, pictures->list[index]);
  });
}

void easel_pictures_free(easel_pictures* pictures) { delete pictures; }
