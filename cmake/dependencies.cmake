# What the library links. The same lists make the installed package find them (easelConfig.cmake, easel.pc).
find_package(Threads REQUIRED)
find_package(nlohmann_json REQUIRED) # headers only, and only inside .cpp files: users of the package do not need it
find_package(Eigen3 REQUIRED NO_MODULE) # headers only, likewise: the eigenvalues of the Fréchet distance
find_package(PkgConfig REQUIRED)

set(EASEL_PKG_CONFIG_MODULES
    libpng libjpeg libwebp libwebpdemux libwebpmux libexif # pictures and their metadata
    yaml-cpp # the configuration beside a single-file checkpoint
    libutf8proc # Unicode normalisation and categories for the tokenizer
    zlib # checksums of .ckpt files, text hidden in pixels
    libcrypto) # SHA-256 of model files
pkg_check_modules(EASEL_CAIRO QUIET cairo) # drawing storybook pictures; without it everything else works
if(EASEL_CAIRO_FOUND)
  list(APPEND EASEL_PKG_CONFIG_MODULES cairo)
else()
  message(STATUS "Cairo not found: built without storybook pictures (install libcairo2-dev for them)")
endif()
find_path(EASEL_TOML_INCLUDE toml++/toml.h) # training configurations in TOML; headers only
if(EASEL_TOML_INCLUDE)
  set(EASEL_TOML_FOUND ON)
else()
  set(EASEL_TOML_FOUND OFF)
  message(STATUS "toml++ not found: configurations must be JSON (install libtomlplusplus-dev for TOML)")
endif()
pkg_check_modules(EASEL_MODULES REQUIRED IMPORTED_TARGET ${EASEL_PKG_CONFIG_MODULES})
