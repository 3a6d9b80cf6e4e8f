# `cmake --install`: program, library, public headers, the torch plug-in, and the descriptions by which find_package(easel)
# and pkg-config find them. All paths are relative to the prefix, so that an installed tree can be moved.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(EASEL_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/easel)
list(JOIN EASEL_PKG_CONFIG_MODULES " " EASEL_PKG_CONFIG_MODULES_TEXT)
file(RELATIVE_PATH EASEL_PC_TO_PREFIX ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" EASEL_PC_TO_PREFIX ${EASEL_PC_TO_PREFIX})

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/easelConfig.cmake.in ${PROJECT_BINARY_DIR}/easelConfig.cmake
                              INSTALL_DESTINATION ${EASEL_PACKAGE_DIR})
# Before 1.0 a minor version may change the interface.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/easelConfigVersion.cmake COMPATIBILITY SameMinorVersion)
configure_file(${CMAKE_CURRENT_LIST_DIR}/easel.pc.in ${PROJECT_BINARY_DIR}/easel.pc @ONLY)

install(TARGETS easel EXPORT easelTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT easelTargets NAMESPACE easel:: DESTINATION ${EASEL_PACKAGE_DIR})
install(FILES ${PROJECT_BINARY_DIR}/easelConfig.cmake ${PROJECT_BINARY_DIR}/easelConfigVersion.cmake
        DESTINATION ${EASEL_PACKAGE_DIR})
install(FILES ${PROJECT_BINARY_DIR}/easel.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
# The second folder holds the generated header.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/easel ${PROJECT_BINARY_DIR}/include/easel
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} OPTIONAL FILES_MATCHING PATTERN "*.h")
# CLIP's vocabulary, where it was fetched (scripts/fetch_clip_vocabulary.sh).
install(DIRECTORY ${PROJECT_BINARY_DIR}/share/easel DESTINATION ${CMAKE_INSTALL_DATADIR} OPTIONAL PATTERN "pictures" EXCLUDE)

# The default model, where it has been trained.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/models DESTINATION ${CMAKE_INSTALL_DATADIR}/easel OPTIONAL)

# What a user runs, without the tests: the target that ./easel builds.
add_custom_target(programs)
if(TARGET easel_cli)
  install(TARGETS easel_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  add_dependencies(programs easel_cli)
  if(NOT CMAKE_CROSSCOMPILING) # src/cli/CMakeLists.txt
    set(shells ${PROJECT_BINARY_DIR}/shells)
    install(FILES ${shells}/easel DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
    install(FILES ${shells}/_easel DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
    install(FILES ${shells}/easel.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
    install(FILES ${shells}/easel.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  endif()
endif()
foreach(plugin easel_torch easel_video)
  if(TARGET ${plugin})
    install(TARGETS ${plugin} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/easel)
    add_dependencies(programs ${plugin})
  endif()
endforeach()
