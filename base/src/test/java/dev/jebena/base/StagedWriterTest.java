package dev.jebena.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagedWriterTest {
    @TempDir Path folder;

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    /// Gives what a connection gives: pieces of any size.
    private static InputStream dribbling(byte[] bytes) {
        return new FilterInputStream(new ByteArrayInputStream(bytes)) {
            private final Random sizes = new Random(7);

            @Override
            public int read(byte[] into, int offset, int count) throws IOException {
                return super.read(into, offset, Math.min(count, 1 + sizes.nextInt(900_000)));
            }
        };
    }

    @Test
    void smallAndLargeStreamsArriveWithTheirHash() throws IOException {
        for (int size : new int[] {0, 1, 4 << 20, (4 << 20) + 1, 70_000_001}) {
            byte[] bytes = random(size);
            Path file = folder.resolve("f" + size);
            ContentId id =
                    DurableFiles.receive(dribbling(bytes), file, Long.MAX_VALUE, null, _ -> {});
            assertThat(id).isEqualTo(ContentId.of(bytes));
            assertThat(Files.mismatch(file, Files.write(folder.resolve("wanted"), bytes)))
                    .isEqualTo(-1);
        }
    }

    @Test
    void tooManyBytesAreRefusedAlsoLate() {
        byte[] bytes = random(9 << 20);
        assertThatThrownBy(() ->
                        DurableFiles.receive(
                                dribbling(bytes), folder.resolve("f"), 8 << 20, null, _ -> {}))
                .hasMessageContaining("8,388,608");
    }

    @Test
    void aBrokenStreamIsItsReadersError() {
        byte[] bytes = random(9 << 20);
        InputStream breaking =
                new FilterInputStream(dribbling(bytes)) {
                    private long given;

                    @Override
                    public int read(byte[] into, int offset, int count) throws IOException {
                        if (given > 6 << 20) {
                            throw new IOException("connection reset");
                        }
                        int got = super.read(into, offset, count);
                        given += got;
                        return got;
                    }
                };
        assertThatThrownBy(() ->
                        DurableFiles.receive(
                                breaking, folder.resolve("f"), Long.MAX_VALUE, null, _ -> {}))
                .isInstanceOf(IOException.class)
                .hasMessage("connection reset");
    }

    @Test
    void aFullDiskEndsTheDelivery() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full));
        InputStream endless =
                new InputStream() {
                    @Override
                    public int read() {
                        return 1;
                    }

                    @Override
                    public int read(byte[] into, int offset, int count) {
                        return count;
                    }
                };
        try (FileChannel out = FileChannel.open(full, StandardOpenOption.WRITE)) {
            assertThatThrownBy(
                            () -> {
                                try (StagedWriter writer =
                                        new StagedWriter(out, ContentId.sha256())) {
                                    while (writer.take(endless) >= 0) {
                                        // It goes on until the disk says no.
                                    }
                                }
                            })
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No space left");
        }
    }
}
