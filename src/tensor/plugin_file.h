// plugin_file.h — libraries that are loaded where they are there: what is large, or under another licence.
#pragma once

namespace easel {

struct PluginFile {
  const char* who;          // speaks in messages: "backend"
  const char* what;         // "torch"
  const char* name;         // "libeasel_torch.so"
  const char* environment;  // the variable that may name another file: "EASEL_TORCH_PLUGIN"
  const char* symbol;       // what the library exports
  const char* package;      // Debian's, that a build needs for it
};

// The symbol of the plug-in, which is looked for where the variable says, else beside the program (a build folder), in
// ../lib/easel of it, and where it was installed. Never closed: libraries register destructors that run at the
// program's end. Throws NotFound saying how to install it, or that the file is no such plug-in.
void* find_plugin_symbol(const PluginFile& plugin);

// Where `cmake --install` puts plug-ins.
const char* installed_plugin_folder();

}  // namespace easel
