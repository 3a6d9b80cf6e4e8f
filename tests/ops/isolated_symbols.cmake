# Fails where OBJECT, compiled for one instruction set, gives the linker anything but its table of kernels: a weak copy of
# an inline function from there could be picked for the whole program, and crash it on older processors.
#   cmake -DNM=nm -DOBJECT=avx2.cpp.o -DTABLE=avx2_kernels -P isolated_symbols.cmake
execute_process(COMMAND ${NM} --demangle --defined-only ${OBJECT} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[^\n]* [TWu] [^\n]*" visible "${symbols}")
if(NOT visible MATCHES "^[0-9a-f]+ T easel::cpu::${TABLE}\\(\\)$")
  string(REPLACE ";" "\n" visible "${visible}")
  message(FATAL_ERROR "${OBJECT} may define ${TABLE}() and nothing else; it defines\n${visible}")
endif()
