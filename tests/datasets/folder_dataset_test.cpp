#include "datasets/folder_dataset.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <vector>

#include "datasets/broken_pictures.h"
#include "easel/error.h"
#include "pictures/picture_file.h"
#include "temporary_folder.h"

namespace easel {
namespace {

using test::png_bytes;
using test::TemporaryFolder;

constexpr uid_t kNobody = 65534;

struct Opened {
  std::unique_ptr<Dataset> dataset;
  std::vector<std::string> lines;
  std::string summary;
};

Opened open(const std::filesystem::path& folder, DatasetOptions options = {}) {
  Opened opened;
  DatasetReport report([&](const std::string& line) { opened.lines.push_back(line); });
  options.kind = DatasetKind::folder;
  options.path = folder;
  if (options.num_examples == DatasetOptions{}.num_examples) options.num_examples = 0;
  opened.dataset = open_dataset(options, report);
  opened.summary = report.summary();
  return opened;
}

std::string message_of(const std::filesystem::path& folder) {
  try {
    open(folder);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(FolderDataset, CaptionsLieBesideThePictures) {
  TemporaryFolder folder;
  folder.write("b.png", png_bytes(8, 6, 20));
  folder.write("b.txt", "  a blue boat\n");
  const auto jpeg = encode_picture(test::plain_picture(5, 5, 200), PictureFormat::jpeg);
  folder.write("a.JPG", std::string(jpeg.begin(), jpeg.end()));
  folder.write("a.txt", "an apple");
  folder.write("notes.md", "not a picture");
  const Opened opened = open(folder.path());
  ASSERT_EQ(opened.dataset->size(), 2);
  EXPECT_EQ(opened.dataset->caption(0, 0), "an apple");
  EXPECT_EQ(opened.dataset->caption(1, 0), "a blue boat");
  EXPECT_EQ(opened.dataset->picture(1).width_px, 8);
  EXPECT_EQ(opened.dataset->picture_size(1), (PictureSize{8, 6}));
  EXPECT_EQ(opened.summary, "");
}

TEST(FolderDataset, SubFoldersOfKohyaRepeatTheirPictures) {
  TemporaryFolder folder;
  folder.write("plain.png", png_bytes(4, 4, 1));
  folder.write("plain.caption", "a plain one");
  folder.write("2_red cat/b.png", png_bytes(4, 4, 2));
  folder.write("2_red cat/a.png", png_bytes(4, 4, 3));
  folder.write("2_red cat/a.txt", "a red cat asleep");
  folder.write("2_red cat/a.caption", "second to the .txt");
  folder.write("1_dog/c.png", png_bytes(4, 4, 4));
  const Opened opened = open(folder.path());
  std::vector<std::string> captions;
  for (int64_t i = 0; i < opened.dataset->size(); ++i) captions.push_back(opened.dataset->caption(i, 0));
  EXPECT_EQ(captions, (std::vector<std::string>{"a plain one", "dog", "a red cat asleep", "a red cat asleep", "red cat",
                                                "red cat"}));
  EXPECT_EQ(opened.summary, "");
}

TEST(FolderDataset, WhatIsLeftAsideIsSaid) {
  TemporaryFolder folder;
  folder.write("a.png", png_bytes(4, 4, 1));
  folder.write("a.txt", "a");
  folder.write("b.bmp", "BM");
  folder.write("c.gif", "GIF89a");
  folder.write("more/d.png", png_bytes(4, 4, 1));
  folder.write("0_none/e.png", png_bytes(4, 4, 1));
  folder.write("3_cat/deep/f.png", png_bytes(4, 4, 1));
  const Opened opened = open(folder.path());
  EXPECT_EQ(opened.dataset->size(), 1);
  EXPECT_EQ(opened.summary, "5 skipped (2 other format, 3 sub-folder)");
}

TEST(FolderDataset, MetadataListsThePicturesInItsOrder) {
  TemporaryFolder folder;
  folder.write("z/1.png", png_bytes(4, 4, 1));
  folder.write("a.png", png_bytes(4, 4, 2));
  folder.write("unlisted.png", png_bytes(4, 4, 3));
  folder.write("metadata.jsonl",
               "{\"file_name\": \"z/1.png\", \"text\": \"first\"}\n\n{\"file_name\": \"a.png\", \"text\": \"second\", "
               "\"more\": 5}\n");
  const Opened opened = open(folder.path());
  ASSERT_EQ(opened.dataset->size(), 2);
  EXPECT_EQ(opened.dataset->caption(0, 0), "first");
  EXPECT_EQ(opened.dataset->name(1), "a.png");
}

TEST(FolderDataset, EveryKindOfBrokenExampleIsSkippedAndCounted) {
  TemporaryFolder folder;
  folder.write("good.png", png_bytes(4, 4, 1));
  folder.write("cut.png", test::truncated_png());
  folder.write("text.png", "this is no picture");
  folder.write("empty.png", "");
  folder.write("mute.png", png_bytes(4, 4, 1));
  folder.write("latin1.png", png_bytes(4, 4, 1));
  folder.write("metadata.jsonl",
               "{\"file_name\": \"good.png\", \"text\": \"good\"}\n"
               "{\"file_name\": \"good.png\", \"text\": \"again\"}\n"
               "{\"file_name\": \"./good.png\", \"text\": \"and again\"}\n"
               "{\"file_name\": \"cut.png\", \"text\": \"cut\"}\n"
               "{\"file_name\": \"text.png\", \"text\": \"text\"}\n"
               "{\"file_name\": \"empty.png\", \"text\": \"empty\"}\n"
               "{\"file_name\": \"mute.png\", \"text\": \" \"}\n"
               "{\"file_name\": \"gone.png\", \"text\": \"gone\"}\n"
               "{\"file_name\": \"../outside.png\", \"text\": \"outside\"}\n"
               "{\"file_name\": 7, \"text\": \"number\"}\n"
               "{\"text\": \"nameless\"}\n"
               "[1]\n"
               "{broken\n");
  const Opened opened = open(folder.path());
  ASSERT_EQ(opened.dataset->size(), 1);
  EXPECT_EQ(opened.dataset->caption(0, 0), "good");
  EXPECT_EQ(opened.summary,
            "12 skipped (5 broken line, 3 broken picture, 2 duplicate name, 1 missing picture, 1 without caption)");
  EXPECT_EQ(opened.lines.size(), 11u) << "ten lines and one that says that there are more";
}

TEST(FolderDataset, TwoPicturesOfOneNameAreADuplicate) {
  TemporaryFolder folder;
  folder.write("cat.png", png_bytes(4, 4, 1));
  folder.write("cat.jpg", png_bytes(4, 4, 2));
  folder.write("cat.txt", "a cat");
  const Opened opened = open(folder.path());
  EXPECT_EQ(opened.dataset->size(), 1);
  EXPECT_EQ(opened.summary, "1 skipped (1 duplicate name)");
}

TEST(FolderDataset, CaptionsMayBeMissingWhereNoneAreNeeded) {
  TemporaryFolder folder;
  folder.write("cat.png", png_bytes(4, 4, 1));
  EXPECT_EQ(open(folder.path(), {.captions_required = false}).dataset->size(), 1);
}

TEST(FolderDataset, NothingUsableIsOneClearError) {
  TemporaryFolder empty;
  EXPECT_EQ(message_of(empty.path()), "[dataset] '" + empty.path().string() + "': not one usable example");
  TemporaryFolder broken;
  broken.write("a.png", test::truncated_png());
  broken.write("a.txt", "a");
  broken.write("b.png", png_bytes(4, 4, 1));
  EXPECT_EQ(message_of(broken.path()), "[dataset] '" + broken.path().string() +
                                           "': not one usable example; 2 skipped (1 broken picture, 1 without "
                                           "caption)");
}

TEST(FolderDataset, MissingAndUnreadableFoldersAreNamed) {
  TemporaryFolder folder;
  EXPECT_EQ(message_of(folder / "none"), "[dataset] '" + (folder / "none") + "': no such file or folder");
  folder.write("file", "");
  EXPECT_EQ(message_of(folder / "file"), "[dataset] '" + (folder / "file") + "' is no folder");
  const std::filesystem::path closed = folder / "closed";
  std::filesystem::create_directory(closed);
  std::filesystem::permissions(closed, std::filesystem::perms::none);
  const bool root = geteuid() == 0;  // who may read everything
  ASSERT_EQ(root ? seteuid(kNobody) : 0, 0);
  const std::string message = message_of(closed);
  ASSERT_EQ(root ? seteuid(0) : 0, 0);
  std::filesystem::permissions(closed, std::filesystem::perms::owner_all);
  EXPECT_NE(message.find("Permission denied"), std::string::npos) << message;
}

TEST(FolderDataset, IdentityFollowsTheData) {
  TemporaryFolder folder;
  folder.write("a.png", png_bytes(4, 4, 1));
  folder.write("a.txt", "a");
  const std::string before = open(folder.path()).dataset->identity();
  EXPECT_EQ(open(folder.path()).dataset->identity(), before);
  folder.write("a.txt", "b");
  EXPECT_NE(open(folder.path()).dataset->identity(), before);
}

TEST(FolderDataset, OnlySoManyExamplesAreTaken) {
  TemporaryFolder folder;
  for (const std::string name : {"a", "b", "c"}) {
    folder.write(name + ".png", png_bytes(4, 4, 1));
    folder.write(name + ".txt", name);
  }
  folder.write("a.png", test::truncated_png());
  const Opened opened = open(folder.path(), {.num_examples = 1});
  ASSERT_EQ(opened.dataset->size(), 1);
  EXPECT_EQ(opened.dataset->caption(0, 0), "b");
}

}  // namespace
}  // namespace easel
