// Where toml++ was not there at build time.
#include <nlohmann/json.hpp>

#include "easel/error.h"
#include "files/quoted_text.h"
#include "files/toml_reader.h"

namespace easel {

nlohmann::json read_toml(const std::filesystem::path& path) {
  throw Error(ErrorCode::Unsupported, "[toml] " + quoted_text(path.string()) +
                                          ": this build reads no TOML; install libtomlplusplus-dev and build again, "
                                          "or write the file as JSON");
}

}  // namespace easel
