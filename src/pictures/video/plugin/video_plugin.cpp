// What the library exports: frames into a film, by libavcodec and libavformat (FFmpeg 5).
extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libswscale/swscale.h>
}

#include <cmath>
#include <exception>
#include <memory>
#include <stdexcept>

#include "easel/export.h"
#include "pictures/video/video_file.h"

namespace easel {
namespace {

constexpr int kTicksPerFrame = 1000;  // so that 23.976 frames a second are exact enough

struct Freed {
  void operator()(AVFormatContext* context) const { avformat_free_context(context); }
  void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
  void operator()(SwsContext* context) const { sws_freeContext(context); }
};
template <typename T>
using Owned = std::unique_ptr<T, Freed>;

int checked(int result, const char* what) {
  if (result >= 0) return result;
  char text[AV_ERROR_MAX_STRING_SIZE] = "";
  av_strerror(result, text, sizeof text);
  throw std::runtime_error(std::string(what) + ": " + text);
}

class VideoWriter {
 public:
  explicit VideoWriter(const VideoRequest& request)
      : request_(request), width_(request.frames->front().width_px), height_(request.frames->front().height_px) {
    AVFormatContext* format = nullptr;
    checked(avformat_alloc_output_context2(&format, nullptr, request.container, request.path), "no such container");
    format_.reset(format);
    open_codec();
    stream_ = avformat_new_stream(format_.get(), nullptr);
    if (stream_ == nullptr) throw std::runtime_error("no memory for a stream");
    stream_->time_base = codec_->time_base;
    checked(avcodec_parameters_from_context(stream_->codecpar, codec_.get()), "codec parameters");
    av_dict_set(&format_->metadata, "comment", request.comment, 0);
  }
  ~VideoWriter() {
    if (format_->pb != nullptr) avio_closep(&format_->pb);
  }
  VideoWriter(const VideoWriter&) = delete;
  VideoWriter& operator=(const VideoWriter&) = delete;

  void write() {
    checked(avio_open(&format_->pb, request_.path, AVIO_FLAG_WRITE), "opening");
    AVDictionary* options = nullptr;
    av_dict_set(&options, "movflags", "+faststart", 0);  // the index first: it plays while it loads
    const int begun = avformat_write_header(format_.get(), &options);
    av_dict_free(&options);
    checked(begun, "header");
    int64_t number = 0;
    for (const Picture& picture : *request_.frames) {
      if (request_.is_cancelled()) return;
      send(frame_of(picture, number++).get());
    }
    send(nullptr);
    checked(av_write_trailer(format_.get()), "end");
  }

 private:
  // x264 where there is one; VP9 for WebM. Both near what the eye cannot tell from the frames.
  void open_codec() {
    const bool webm = std::string(request_.container) == "webm";
    const AVCodec* codec = avcodec_find_encoder_by_name(webm ? "libvpx-vp9" : "libx264");
    if (codec == nullptr) codec = avcodec_find_encoder(webm ? AV_CODEC_ID_VP9 : AV_CODEC_ID_H264);
    if (codec == nullptr)
      throw std::runtime_error(std::string("FFmpeg was built without an encoder for ") + request_.container);
    codec_.reset(avcodec_alloc_context3(codec));
    codec_->width = width_;
    codec_->height = height_;
    codec_->pix_fmt = AV_PIX_FMT_YUV420P;
    codec_->color_range = AVCOL_RANGE_MPEG;
    codec_->colorspace = AVCOL_SPC_SMPTE170M;  // what swscale makes of RGB unless it is told otherwise
    codec_->color_primaries = AVCOL_PRI_BT709;
    codec_->color_trc = AVCOL_TRC_IEC61966_2_1;
    codec_->time_base = {kTicksPerFrame, static_cast<int>(std::lround(kTicksPerFrame * request_.frames_per_second))};
    codec_->bit_rate = 0;
    if ((format_->oformat->flags & AVFMT_GLOBALHEADER) != 0) codec_->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    av_opt_set(codec_->priv_data, "crf", webm ? "24" : "18", 0);
    checked(avcodec_open2(codec_.get(), codec, nullptr), "encoder");
  }

  Owned<AVFrame> frame_of(const Picture& picture, int64_t number) {
    Owned<AVFrame> frame(av_frame_alloc());
    if (!frame) throw std::runtime_error("no memory for a frame");
    frame->format = codec_->pix_fmt;
    frame->width = width_;
    frame->height = height_;
    frame->pts = number;
    checked(av_frame_get_buffer(frame.get(), 0), "frame");
    if (!scaler_)
      scaler_.reset(sws_getContext(width_, height_, AV_PIX_FMT_RGB24, width_, height_, codec_->pix_fmt, SWS_BICUBIC,
                                   nullptr, nullptr, nullptr));
    if (!scaler_) throw std::runtime_error("no conversion of colours");
    const uint8_t* rows[] = {picture.pixels.data()};
    const int row_bytes[] = {3 * width_};
    sws_scale(scaler_.get(), rows, row_bytes, 0, height_, frame->data, frame->linesize);
    return frame;
  }

  // A frame into the encoder, and what it has ready into the file; null: the rest.
  void send(const AVFrame* frame) {
    checked(avcodec_send_frame(codec_.get(), frame), "encoding");
    const Owned<AVPacket> packet(av_packet_alloc());
    for (;;) {
      const int result = avcodec_receive_packet(codec_.get(), packet.get());
      if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) return;
      checked(result, "encoding");
      packet->duration = 1;
      av_packet_rescale_ts(packet.get(), codec_->time_base, stream_->time_base);
      packet->stream_index = stream_->index;
      checked(av_interleaved_write_frame(format_.get(), packet.get()), "writing");
    }
  }

  const VideoRequest& request_;
  int width_, height_;
  Owned<AVFormatContext> format_;
  Owned<AVCodecContext> codec_;
  Owned<SwsContext> scaler_;
  AVStream* stream_ = nullptr;  // the format's
};

}  // namespace
}  // namespace easel

extern "C" EASEL_API void easel_encode_video(const easel::VideoRequest& request, std::string& error) {
  try {
    av_log_set_level(AV_LOG_QUIET);
    easel::VideoWriter(request).write();
  } catch (const std::exception& exception) {
    error = exception.what();
  }
}
