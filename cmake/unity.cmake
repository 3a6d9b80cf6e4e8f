# Folders compiled as wholes. Half the time of a first build goes into headers that every file reads anew and into the
# templates that every file instantiates anew (JSON, the command line), so a few files of one folder are compiled as one.
# CMake's own UNITY_BUILD writes absolute paths, which ccache does not find in a second checkout, and knows nothing of
# names: here the paths are relative, and files that define the same name stay apart.
#
# Presets dev, asan, tsan and lint compile file by file: that finds a file that includes something only by way of its
# neighbours.
set(EASEL_UNIT_SIZE 6) # files; more would gain little and make each edit compile more again

# easel_compile_by_folder(TARGET [EXCEPT ROOM…]): the sources of TARGET below src/ as units of files of one folder, but for
# those of the given rooms. A source with options, definitions or SKIP_UNITY_BUILD_INCLUSION of its own stays by itself.
function(easel_compile_by_folder target)
  cmake_parse_arguments(ARG "" "" "EXCEPT" ${ARGN})
  get_target_property(sources ${target} SOURCES)
  get_target_property(source_dir ${target} SOURCE_DIR)
  set(folders "")
  foreach(source IN LISTS sources)
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${source_dir} NORMALIZE)
    cmake_path(RELATIVE_PATH source BASE_DIRECTORY ${PROJECT_SOURCE_DIR}/src OUTPUT_VARIABLE path)
    string(REGEX MATCH "^[^/]+" room ${path})
    easel_is_special(special ${target} ${source})
    if(path MATCHES "/.+\\.cpp$" AND NOT room IN_LIST ARG_EXCEPT AND NOT special)
      cmake_path(GET path PARENT_PATH folder)
      list(APPEND folders ${folder})
      list(APPEND files_${folder} ${path})
    endif()
  endforeach()
  list(REMOVE_DUPLICATES folders)
  foreach(folder IN LISTS folders)
    easel_add_units(${target} ${folder} ${files_${folder}})
  endforeach()
endfunction()

function(easel_is_special result target source)
  set(${result} FALSE PARENT_SCOPE)
  foreach(property COMPILE_OPTIONS COMPILE_DEFINITIONS SKIP_UNITY_BUILD_INCLUSION)
    get_property(own SOURCE ${source} TARGET_DIRECTORY ${target} PROPERTY ${property})
    if(own)
      set(${result} TRUE PARENT_SCOPE)
    endif()
  endforeach()
endfunction()

# Each file goes into the first unit of its folder that has room and none of its names.
function(easel_add_units target folder)
  set(num_units 0)
  foreach(file IN LISTS ARGN)
    easel_names_of(names ${PROJECT_SOURCE_DIR}/src/${file})
    set(unit 0)
    while(unit LESS num_units)
      set(both ${names_${unit}} ${names})
      list(LENGTH both length)
      list(REMOVE_DUPLICATES both)
      list(LENGTH both distinct)
      list(LENGTH files_${unit} size)
      if(length EQUAL distinct AND size LESS EASEL_UNIT_SIZE)
        break()
      endif()
      math(EXPR unit "${unit} + 1")
    endwhile()
    if(unit EQUAL num_units)
      math(EXPR num_units "${num_units} + 1")
    endif()
    list(APPEND files_${unit} ${file})
    list(APPEND names_${unit} ${names})
  endforeach()
  string(REPLACE "/" "_" name ${folder})
  math(EXPR last "${num_units} - 1")
  foreach(unit RANGE ${last})
    easel_add_unit(${target} ${name}_${unit} ${files_${unit}})
  endforeach()
endfunction()

function(easel_add_unit target name)
  list(TRANSFORM ARGN REPLACE "(.+)" "#include \"\\1\"\n" OUTPUT_VARIABLE includes)
  string(JOIN "" text ${includes})
  set(unit ${PROJECT_BINARY_DIR}/units/${target}/${name}.cpp)
  file(CONFIGURE OUTPUT ${unit} CONTENT "${text}" @ONLY) # untouched where it says the same already
  target_sources(${target} PRIVATE ${unit})
  # A local name may hide a neighbour's: no mistake of either.
  set_source_files_properties(${unit} TARGET_DIRECTORY ${target} PROPERTIES
                              COMPILE_OPTIONS "-Wno-shadow;$<$<CXX_COMPILER_ID:GNU>:-Wshadow=local>")
  list(TRANSFORM ARGN PREPEND ${PROJECT_SOURCE_DIR}/src/ OUTPUT_VARIABLE files)
  set_source_files_properties(${files} TARGET_DIRECTORY ${target} PROPERTIES HEADER_FILE_ONLY ON)
endfunction()

# What a source file defines at column 0, as clang-format sets it: functions that are no members, constants, types. Of an
# overloaded function the names of two files are the same too, which only keeps those files apart.
function(easel_names_of result file)
  file(READ ${file} text)
  string(REGEX REPLACE "[][]" "(" text "${text}") # brackets and semicolons would confuse CMake's lists
  string(REPLACE ";" "=" text "${text}")
  string(REGEX REPLACE "\nnamespace[^\n]*" "" text "${text}")
  string(REGEX MATCHALL "\n[A-Za-z][A-Za-z0-9_:<>,&* ]*[ &*>][A-Za-z0-9_]+ ?[({=]" values "${text}")
  list(TRANSFORM values REPLACE ".*[ &*>]([A-Za-z0-9_]+) ?[({=]$" "\\1")
  string(REGEX MATCHALL "\n(struct|class|enum class) [A-Za-z0-9_]+" types "${text}")
  list(TRANSFORM types REPLACE ".* " "")
  set(names ${values} ${types})
  list(REMOVE_DUPLICATES names)
  set(${result} ${names} PARENT_SCOPE)
endfunction()
