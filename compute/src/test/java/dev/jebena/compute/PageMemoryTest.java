package dev.jebena.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageMemoryTest {
    private static final int BYTES = 8 << 20;

    @TempDir Path folder;

    @Test
    void aMappedFileThatWasLeftIsReadAnew() throws IOException {
        Path status = Path.of("/proc/self/smaps");
        assumeTrue(Files.isReadable(status), "resident pages are counted on Linux only");
        byte[] content = new byte[BYTES];
        Arrays.fill(content, (byte) 7);
        Path file = Files.write(folder.resolve("left.bin"), content);
        try (FileChannel channel = FileChannel.open(file);
                Arena arena = Arena.ofConfined()) {
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, BYTES, arena);
            assertThat(sum(mapped)).isEqualTo(7L * BYTES);
            long before = residentKilobytes(status, file);
            PageMemory.leave(mapped.asSlice(5, BYTES - 5));
            assertThat(before).isGreaterThan(BYTES / 2048);
            assertThat(residentKilobytes(status, file)).isLessThan(before / 2);
            assertThat(sum(mapped)).isEqualTo(7L * BYTES);
        }
    }

    @Test
    void otherMemoryKeepsItsContents() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment own = arena.allocate(BYTES, 4096);
            own.fill((byte) 7);
            PageMemory.leave(own);
            PageMemory.leave(own.asReadOnly());
            assertThat(sum(own)).isEqualTo(7L * BYTES);
        }
    }

    private static long sum(MemorySegment bytes) {
        long sum = 0;
        for (long i = 0; i < bytes.byteSize(); i++) {
            sum += bytes.get(ValueLayout.JAVA_BYTE, i);
        }
        return sum;
    }

    /// What `Rss` says of the mapping of a file.
    private static long residentKilobytes(Path status, Path file) throws IOException {
        boolean found = false;
        long kilobytes = 0;
        for (String line : Files.readAllLines(status)) {
            if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                found = line.endsWith(file.toRealPath().toString());
            } else if (found && line.startsWith("Rss:")) {
                kilobytes += Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return kilobytes;
    }
}
