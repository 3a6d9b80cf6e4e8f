#include "datasets/numbered_pictures.h"

#include "datasets/broken_pictures.h"
#include "easel/error.h"

namespace easel::test {

Picture NumberedPictures::picture(int64_t index) const {
  if (broken_.contains(index)) throw Error(ErrorCode::CorruptFile, "[png] picture is cut off");
  const PictureSize size = picture_size(index);
  return plain_picture(size.width_px, size.height_px, static_cast<int>(index));
}

PictureSize NumberedPictures::picture_size(int64_t index) const {
  return index % 2 ? PictureSize{24, 12} : PictureSize{16, 16};
}

std::string NumberedPictures::caption(int64_t index, uint64_t variation) const {
  return std::to_string(index) + (variation % 2 ? " odd" : " even");
}

}  // namespace easel::test
