package dev.jebena.repositories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.ContentId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepackingTest {
    @TempDir Path folder;

    private static byte[] random(int seed, int size) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static List<String> chunks(byte[] bytes) throws IOException {
        List<String> hashes = new ArrayList<>();
        Chunker chunker = new Chunker(new ByteArrayInputStream(bytes));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] chunk = chunker.next(); chunk != null; chunk = chunker.next()) {
            assertThat(chunk.length).isBetween(1, 128 << 10);
            hashes.add(XetHashes.text(XetHashes.chunk(chunk)));
            all.writeBytes(chunk);
        }
        assertThat(all.toByteArray()).isEqualTo(bytes);
        return hashes;
    }

    @Test
    void whatIsInsertedChangesTheChunksAroundItOnly() throws IOException {
        byte[] bytes = random(1, 20 << 20);
        List<String> before = chunks(bytes);
        assertThat(before.size()).isBetween(200, 500);
        byte[] half = Arrays.copyOf(bytes, 10 << 20);
        byte[] rest = Arrays.copyOfRange(bytes, 10 << 20, bytes.length);
        List<String> after = new ArrayList<>(chunks(joined(half, random(2, 1000), rest)));
        after.removeAll(before);
        assertThat(after.size()).isLessThan(4);
        assertThat(chunks(new byte[0])).isEmpty();
        assertThat(chunks(new byte[1])).hasSize(1);
        assertThat(chunks(new byte[300 << 10])).as("zeros").hasSize(3);
    }

    private static void upload(HubServer server, String path, byte[] bytes) {
        ContentId oid = ContentId.of(bytes);
        server.repositories.large().put(1, oid, bytes.length, new ByteArrayInputStream(bytes));
        StringBuilder lines = new StringBuilder();
        HubClient.line(lines, "header", Map.of("summary", "s"));
        HubClient.line(lines, "lfsFile", Map.of("path", path, "oid", oid.hex()));
        assertThat(server.lines("/api/models/jebena/m/commit/main", lines.toString()).status())
                .isEqualTo(200);
    }

    private long stored() throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.list(folder.resolve("blobs"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    @Test
    void filesThatCameInOnePieceShareTheirChunks() throws IOException {
        long later = System.currentTimeMillis() + Duration.ofDays(60).toMillis();
        byte[] first = random(3, 6 << 20);
        byte[] second = joined(Arrays.copyOf(first, 3 << 20), random(4, 100), first);
        byte[] third = joined(second, random(5, 1 << 20), second);
        try (HubServer server = new HubServer(folder)) {
            server.create("m");
            upload(server, "first", first);
            server.repositories.repack(() -> false);
            upload(server, "second", second);
            upload(server, "third", third);
            upload(server, "small", random(6, 1000));
            assertThat(stored()).isGreaterThan(30L << 20);
            server.repositories.repack(() -> false);
            server.repositories.collect(later);
            assertThat(stored()).isBetween(7L << 20, 9L << 20);
            assertThat(server.get("/jebena/m/resolve/main/first").bytes()).isEqualTo(first);
            assertThat(server.get("/jebena/m/resolve/main/second").bytes()).isEqualTo(second);
            assertThat(server.get("/jebena/m/resolve/main/third").bytes()).isEqualTo(third);
            assertThat(server.get("/jebena/m/resolve/main/small").bytes()).hasSize(1000);
            assertThat(
                            server.get(
                                            "/jebena/m/resolve/main/third",
                                            "Range",
                                            "bytes=4000000-4000999")
                                    .bytes())
                    .isEqualTo(Arrays.copyOfRange(third, 4_000_000, 4_001_000));
            // The same bytes once more, as by another client: nothing is stored twice for long.
            upload(server, "again", third);
            server.repositories.collect(later);
            assertThat(stored()).isBetween(7L << 20, 9L << 20);
        }
    }
}
