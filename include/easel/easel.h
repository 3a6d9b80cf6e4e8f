/* easel.h — the C interface: the same pipeline as easel/pipeline.h, for other languages.
 *
 * Functions return EASEL_OK or an error code; easel_last_error() then has one line that says what was wrong, valid
 * until the next call on the same thread. A pipeline runs one easel_generate at a time; different pipelines are
 * independent. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "easel/export.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum easel_status {
  EASEL_OK = 0,
  EASEL_INVALID_ARGUMENT,
  EASEL_NOT_FOUND,
  EASEL_CORRUPT_FILE,
  EASEL_UNSUPPORTED,
  EASEL_RESOURCE_EXHAUSTED,
  EASEL_CANCELLED,
  EASEL_INTERNAL
} easel_status;

typedef struct easel_pipeline easel_pipeline;
typedef struct easel_pictures easel_pictures;

/* One finished picture; the pointers belong to the easel_pictures it came from. */
typedef struct easel_picture {
  const uint8_t* pixels; /* height_px * width_px * channels, rows from the top */
  int width_px;
  int height_px;
  int channels;
  int64_t seed;
  const char* infotext; /* UTF-8 */
  const char* json;     /* UTF-8 */
} easel_picture;

/* Return 0 to stop the generation. step counts from 0 to num_steps; remaining_s is negative while unknown. */
typedef int (*easel_progress)(void* user, int64_t step, int64_t num_steps, double remaining_s);

EASEL_API const char* easel_version(void);
EASEL_API const char* easel_last_error(void);

/* model: UTF-8 path of a diffusers folder or a checkpoint file; device: "cpu", "cuda", … or NULL for "cpu". */
EASEL_API easel_status easel_load(const char* model, const char* device, easel_pipeline** pipeline);
EASEL_API void easel_free(easel_pipeline* pipeline);

/* parameters_json: an object under the names of docs/parameters.md; progress may be NULL. */
EASEL_API easel_status easel_generate(easel_pipeline* pipeline, const char* parameters_json, easel_progress progress,
                                      void* user, easel_pictures** pictures);
EASEL_API size_t easel_pictures_count(const easel_pictures* pictures);
/* REQUIRES: index < easel_pictures_count(pictures). */
EASEL_API easel_picture easel_pictures_get(const easel_pictures* pictures, size_t index);
/* Writes .png, .jpg or .webp with the parameters inside. */
EASEL_API easel_status easel_pictures_save(const easel_pictures* pictures, size_t index, const char* path);
EASEL_API void easel_pictures_free(easel_pictures* pictures);

#ifdef __cplusplus
}
#endif
