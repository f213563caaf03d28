package dev.jebena.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ZipArchiveTest {
    @TempDir private Path folder;

    @Test
    void readsWhatTheJdkWrites() throws IOException {
        byte[] zip = zip("a/b.txt", "hello hello hello", "empty", "");
        Path file = Files.write(folder.resolve("a.zip"), zip);
        assertThat(content(file, "a/b.txt")).isEqualTo("hello hello hello");
        assertThat(content(file, "empty")).isEmpty();
    }

    @Test
    void writesWhatTheJdkReads() throws IOException {
        Path file = folder.resolve("b.zip");
        MemorySegment bytes =
                MemorySegment.ofArray("y".repeat(100_000).getBytes(StandardCharsets.US_ASCII));
        ReplacedFile.write(
                file,
                channel -> {
                    ZipWriter zip = new ZipWriter(channel);
                    for (boolean deflated : List.of(true, false)) {
                        zip.add(
                                "κ" + deflated,
                                100_000,
                                deflated,
                                out -> Segments.write(out, bytes));
                    }
                    zip.finish();
                });
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                assertThat(zip.getInputStream(entry).readAllBytes())
                        .isEqualTo(bytes.toArray(ValueLayout.JAVA_BYTE));
            }
            assertThat(zip.size()).isEqualTo(2);
        }
        assertThat(content(file, "κtrue")).isEqualTo(content(file, "κfalse")).hasSize(100_000);
    }

    @Test
    void bombs() throws IOException {
        byte[] zip = zip("bomb", "0".repeat(1_000_000));
        int directory = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).getInt(zip.length - 6);
        assertRefused(Mutations.overwrite(zip, directory + 24, 4, 5), "unpacks to more than its 5");
        assertRefused(
                Mutations.overwrite(zip, directory + 24, 4, 1_000_001),
                "unpacks to 1000000 bytes instead of 1000001");
        assertRefused(
                Mutations.overwrite(zip, directory + 24, 4, 0xffff_fff0L), "cannot unpack to");
        assertRefused(Mutations.overwrite(zip, directory + 16, 4, 7), "its checksum is");
    }

    @Test
    void directoriesThatLie() throws IOException {
        byte[] zip = zip("a", "aaaa", "b", "bbbb");
        int end = zip.length - 22;
        int directory = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).getInt(end + 16);
        int second = directory + 46 + 1;
        assertRefused(Mutations.overwrite(zip, second + 42, 4, 0), "inside the tensor");
        assertRefused(Mutations.overwrite(zip, second + 42, 4, 3), "expected the header");
        assertRefused(Mutations.overwrite(zip, second + 42, 4, zip.length), "outside of its");
        assertRefused(Mutations.overwrite(zip, second + 10, 2, 12), "compressed by method 12");
        assertRefused(Mutations.overwrite(zip, second + 8, 2, 1), "is encrypted");
        assertRefused(Mutations.overwrite(zip, end + 10, 2, 0x7fff), "says that it has 32767");
        assertRefused(Mutations.overwrite(zip, end + 16, 4, zip.length), "outside of its");
        assertRefused(Arrays.copyOf(zip, zip.length - 1), "there is no ZIP directory");
    }

    private void assertRefused(byte[] zip, String message) throws IOException {
        Path file = Files.write(folder.resolve("bad.zip"), zip);
        assertThatThrownBy(
                        () -> {
                            try (Arena arena = Arena.ofConfined()) {
                                ZipArchive archive = ZipArchive.read(MappedFile.open(file, arena));
                                archive.entries().values().forEach(archive::content);
                            }
                        })
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("bad.zip")
                .hasMessageContaining(message);
    }

    private static String content(Path file, String name) {
        try (Arena arena = Arena.ofConfined()) {
            ZipArchive archive = ZipArchive.read(MappedFile.open(file, arena));
            ZipArchive.Entry entry = Names.find(archive.entries(), name, file);
            return new String(
                    archive.content(entry).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        }
    }

    private static byte[] zip(String... namesAndContents) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < namesAndContents.length; i += 2) {
                zip.putNextEntry(new ZipEntry(namesAndContents[i]));
                zip.write(namesAndContents[i + 1].getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }
}
