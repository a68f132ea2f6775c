"""Video in and out: `reader.open_clip` gives frames with their times, `writer.open_writer` makes an MP4."""
