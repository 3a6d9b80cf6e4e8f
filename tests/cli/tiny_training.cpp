#include "cli/tiny_training.h"

#include "pictures/picture_file.h"

namespace easel {

std::vector<std::string> tiny_training_arguments(const std::string& output_dir, int64_t steps) {
  return {"train",        "autoencoder", "--config",          "train.json",
          "--output-dir", output_dir,    "--max-train-steps", std::to_string(steps)};
}

void write_tiny_training(const test::TemporaryFolder& folder) {
  for (int i = 0; i < 4; ++i) {
    const Picture picture{.width_px = 16,
                          .height_px = 16,
                          .channels = 3,
                          .pixels = std::vector<uint8_t>(16 * 16 * 3, static_cast<uint8_t>(60 * i))};
    folder.write("data/" + std::to_string(i) + ".txt", "shade " + std::to_string(i));
    write_picture(folder / ("data/" + std::to_string(i) + ".png"), picture);
  }
  folder.write("train.json", R"({
    "dataset": "folder", "train_data_dir": "data", "resolution": 16, "train_batch_size": 2, "learning_rate": 0.001,
    "use_ema": true, "checkpointing_steps": 1, "logging_steps": 1,
    "vae": {"block_out_channels": [8, 8], "layers_per_block": 1, "norm_num_groups": 4,
            "down_block_types": ["DownEncoderBlock2D", "DownEncoderBlock2D"],
            "up_block_types": ["UpDecoderBlock2D", "UpDecoderBlock2D"]}})");
}

}  // namespace easel
