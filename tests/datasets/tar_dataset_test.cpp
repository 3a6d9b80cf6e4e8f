#include "datasets/tar_dataset.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <vector>

#include "datasets/broken_pictures.h"
#include "datasets/tar_index.h"
#include "easel/error.h"
#include "temporary_folder.h"

namespace easel {
namespace {

using test::png_bytes;
using test::TemporaryFolder;

// One member with its header, as POSIX.1-1988 lays it out.
std::string member(const std::string& name, const std::string& content, char type = '0') {
  std::string block(512, '\0');
  const auto put = [&](size_t offset, const std::string& text) { block.replace(offset, text.size(), text); };
  const auto octal = [](size_t number, int digits) {
    char text[32];
    std::snprintf(text, sizeof text, "%0*zo", digits, number);
    return std::string(text);
  };
  put(0, name.substr(0, 100));
  put(100, "0000644");
  put(124, octal(content.size(), 11));
  put(148, "        ");
  block[156] = type;
  put(257, std::string("ustar\00000", 8));
  size_t sum = 0;
  for (const char byte : block) sum += static_cast<unsigned char>(byte);
  put(148, octal(sum, 6) + '\0');
  std::string padded = content;
  padded.resize((content.size() + 511) / 512 * 512);
  return block + padded;
}

std::string closed(const std::string& members) { return members + std::string(1024, '\0'); }

std::string pax_record(const std::string& key, const std::string& value) {
  const std::string body = " " + key + "=" + value + "\n";
  size_t length = body.size() + 1;
  while (std::to_string(length).size() + body.size() != length) ++length;
  return std::to_string(length) + body;
}

struct Opened {
  std::unique_ptr<Dataset> dataset;
  std::string summary;
};

Opened open(const std::filesystem::path& path) {
  Opened opened;
  DatasetReport report;
  opened.dataset = open_dataset({.kind = DatasetKind::tar, .path = path, .num_examples = 0}, report);
  opened.summary = report.summary();
  return opened;
}

TEST(TarDataset, MembersOfOneKeyAreOneExample) {
  TemporaryFolder folder;
  folder.write("b.tar", closed(member("./000.png", png_bytes(4, 4, 7)) + member("./000.txt", "from the second\n")));
  folder.write("a.tar", closed(member("x/1.json", R"({"caption": "by json", "width": 4})") +
                               member("x/1.PNG", png_bytes(6, 4, 9)) + member("2.txt", "two") +
                               member("2.png", png_bytes(4, 4, 8))));
  const Opened opened = open(folder.path());
  ASSERT_EQ(opened.dataset->size(), 3);
  EXPECT_EQ(opened.dataset->caption(0, 0), "by json");
  EXPECT_EQ(opened.dataset->caption(1, 0), "two");
  EXPECT_EQ(opened.dataset->caption(2, 0), "from the second");
  EXPECT_EQ(opened.dataset->picture(0).width_px, 6);
  EXPECT_EQ(opened.dataset->picture(2).pixels[0], 7);
  EXPECT_EQ(opened.dataset->name(2), "b.tar: 000.png");
  EXPECT_EQ(opened.summary, "");
}

TEST(TarDataset, BrokenMembersAreSkippedAndCounted) {
  TemporaryFolder folder;
  const auto path = folder.write(
      "a.tar",
      closed(member("1.png", png_bytes(4, 4, 1)) + member("1.txt", "one") + member("1.txt", "again") +
             member("2.png", test::truncated_png()) + member("2.txt", "two") + member("3.png", png_bytes(4, 4, 1)) +
             member("4.txt", "no picture") + member("5.png", png_bytes(4, 4, 1)) + member("5.json", "{broken")));
  const Opened opened = open(path);
  EXPECT_EQ(opened.dataset->size(), 1);
  EXPECT_EQ(opened.dataset->caption(0, 0), "one");
  EXPECT_EQ(opened.summary,
            "5 skipped (1 broken caption, 1 broken picture, 1 duplicate name, 1 without caption, 1 without picture)");
}

TEST(TarDataset, TruncatedArchiveKeepsWhatIsWhole) {
  TemporaryFolder folder;
  const std::string first = member("1.png", png_bytes(4, 4, 1)) + member("1.txt", "one");
  const std::string second = member("2.txt", "two") + member("2.png", png_bytes(64, 64, 1));
  const auto path = folder.write("a.tar", (first + second).substr(0, first.size() + 1024 + 512 + 10));
  const Opened opened = open(path);
  EXPECT_EQ(opened.dataset->size(), 1);
  EXPECT_EQ(opened.summary, "2 skipped (1 broken archive, 1 without picture)");
  folder.write("b.tar", "this is no tar at all" + std::string(1000, 'x'));
  EXPECT_THROW(open(folder / "b.tar"), Error);
  EXPECT_THROW(open(folder / "none.tar"), Error);
}

TEST(TarIndex, LongNamesAndSizesOfBothKindsAreRead) {
  TemporaryFolder folder;
  const std::string long_name = "folder/" + std::string(150, 'n') + ".txt";
  const auto path =
      folder.write("a.tar", closed(member("pax", pax_record("path", long_name) + pax_record("mtime", "1.5"), 'x') +
                                   member("short", "abc") + member("././@LongLink", long_name + '\0', 'L') +
                                   member("short", "de") + member("folder", "", '5') + member("plain", "f")));
  const TarIndex index = read_tar_index(path);
  EXPECT_EQ(index.problem, "");
  ASSERT_EQ(index.members.size(), 3u);
  EXPECT_EQ(index.members[0].name, long_name);
  EXPECT_EQ(index.members[0].size_bytes, 3u);
  EXPECT_EQ(index.members[1].name, long_name);
  EXPECT_EQ(index.members[2].name, "plain");
}

// A header that says more than the file holds must not make offsets overflow.
TEST(TarIndex, HostileSizesAreRefused) {
  TemporaryFolder folder;
  std::string huge = member("1.txt", "one");
  for (const char first : {'\x80', '\xFF'}) {
    huge[124] = first;
    for (size_t i = 125; i < 136; ++i) huge[i] = '\xFF';
    huge.replace(148, 8, "        ");
    size_t sum = 0;
    for (size_t i = 0; i < 512; ++i) sum += static_cast<unsigned char>(huge[i]);
    char text[8];
    std::snprintf(text, sizeof text, "%06zo", sum);
    huge.replace(148, 6, text);
    const TarIndex index = read_tar_index(folder.write("a.tar", closed(huge)));
    EXPECT_TRUE(index.members.empty());
    EXPECT_EQ(index.problem, "no tar header at byte 0");
  }
  const auto pax = member("pax", pax_record("size", "18446744073709551615"), 'x') + member("1.txt", "one");
  EXPECT_NE(read_tar_index(folder.write("a.tar", closed(pax))).problem.find("cut off"), std::string::npos);
}

}  // namespace
}  // namespace easel
