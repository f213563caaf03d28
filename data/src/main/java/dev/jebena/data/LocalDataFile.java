package dev.jebena.data;

import dev.jebena.base.Problem;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file on this machine.
record LocalDataFile(Path path, String name) implements DataFile {
    @Override
    public long size() {
        try {
            return Files.size(path);
        } catch (IOException e) {
            throw Problem.storage("cannot read " + name, e);
        }
    }

    @Override
    public InputStream open(long offset) throws IOException {
        if (offset == 0) {
            return Files.newInputStream(path);
        }
        SeekableByteChannel channel = Files.newByteChannel(path);
        return Channels.newInputStream(channel.position(offset));
    }

    @Override
    public ByteBuffer range(long offset, int length) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(path).position(offset)) {
            ByteBuffer buffer = ByteBuffer.allocate(length);
            while (buffer.hasRemaining()) {
                if (channel.read(buffer) < 0) {
                    throw new EOFException(
                            "%s ends at byte %,d".formatted(name, channel.position()));
                }
            }
            return buffer.flip();
        }
    }
}
