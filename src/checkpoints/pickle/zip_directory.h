// zip_directory.h — where the entries of a zip archive lie, for archives that store them uncompressed.
//
// PyTorch stores every entry as it is, so that tensors can be views of the mapped file: what is needed of the format is
// its table of contents, read here with the 64-bit extensions. PKWARE, .ZIP File Format Specification 6.3.10,
// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT (section numbers below are its).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace easel {

// Entry name -> its bytes, a part of `archive`. Names are as stored: never to be used as paths.
// Throws CorruptFile where the archive is malformed, truncated, names an entry twice, or where a checksum is wrong
// (entries above 16 MiB are not checked: that would read the whole file before its first use); Unsupported for
// compressed or encrypted entries and for archives in several parts.
std::map<std::string, std::string_view> read_zip_directory(std::string_view archive, const std::string& name);

}  // namespace easel
