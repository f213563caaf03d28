package dev.jebena.repositories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.base.Blobs;
import dev.jebena.base.ContentId;
import dev.jebena.base.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What cleaning up keeps and what it removes.
class KeptFilesTest {
    @TempDir Path folder;

    private List<String> names(String below) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(below))) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    private static String large(int seed) {
        StringBuilder text = new StringBuilder();
        new Random(seed).ints(200_000, '0', 'z').forEach(c -> text.append((char) c));
        return text.toString();
    }

    @Test
    void whatARepositoryNamesStaysAndGoesWithIt() {
        try (HubServer server = new HubServer(folder)) {
            server.create("kept");
            server.create("deleted");
            server.commit("jebena/kept", "main", "f", large(1));
            server.commit("jebena/deleted", "main", "f", large(2));
            byte[] bytes = new byte[5000];
            ContentId oid = ContentId.of(bytes);
            server.repositories.large().put(1, oid, bytes.length, new ByteArrayInputStream(bytes));
            assertThat(server.repositories.collect()).contains(new Blobs.Collected(0, 0));
            server.send(
                    "DELETE",
                    "/api/repos/delete",
                    "{\"name\":\"jebena/deleted\"}".getBytes(StandardCharsets.UTF_8));
            assertThat(server.repositories.collect().orElseThrow().blobs()).isEqualTo(1);
            assertThat(server.repositories.blobs().contains(oid)).isTrue();
            assertThat(server.get("/jebena/kept/raw/main/f").text()).isEqualTo(large(1));
        }
    }

    @Test
    void nothingIsCollectedWhileSomebodyUploads() {
        try (HubServer server = new HubServer(folder);
                Blobs.Hold _ = server.repositories.blobs().hold()) {
            assertThat(server.repositories.collect()).isEmpty();
        }
    }

    @Test
    void leftoversOfAKilledServerGoAtTheNextStart() throws IOException {
        new HubServer(folder).close();
        Files.writeString(folder.resolve("blobs/.tmp-1-abc"), "half");
        Files.writeString(folder.resolve("blobs/" + ContentId.of("x").fileName()), "x");
        new HubServer(folder).close();
        assertThat(names("blobs")).containsExactly("collect.lock", "database", "partial", "pinned");
    }

    @Test
    void filesOfAnotherDatabaseAreNotTouched() throws IOException {
        try (HubServer server = new HubServer(folder)) {
            server.create("m");
            server.commit("jebena/m", "main", "f", large(3));
        }
        List<String> before = names("blobs");
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.toString().contains(".db")).toList()) {
                Files.delete(file);
            }
        }
        assertThatThrownBy(() -> new HubServer(folder).close())
                .isInstanceOf(Problem.class)
                .hasMessageContaining("belong to another database");
        assertThat(names("blobs")).isEqualTo(before);
    }

    @Test
    void whatADeletedBranchLeavesGoesAndNothingElse() {
        long later = System.currentTimeMillis() + Duration.ofDays(60).toMillis();
        try (HubServer server = new HubServer(folder)) {
            server.create("m");
            String kept = server.commit("jebena/m", "main", "f", large(4), "g", "g");
            ContentId mine = upload(server, 1);
            ContentId other = upload(server, 2);
            server.post("/api/models/jebena/m/branch/side", Map.of());
            commitLarge(server, "main", mine);
            commitLarge(server, "side", other);
            String left = server.commit("jebena/m", "side", "f", large(5));
            server.send("DELETE", "/api/models/jebena/m/branch/side", null);
            server.repositories.sweep();
            server.repositories.collect(later);
            assertThat(server.get("/jebena/m/resolve/" + left + "/f").text())
                    .as("a day has not passed")
                    .isEqualTo(large(5));
            server.repositories.sweep(Duration.ZERO);
            server.repositories.sweep(Duration.ZERO);
            server.repositories.collect(later);
            assertThat(server.repositories.blobs().contains(other)).isFalse();
            assertThat(server.repositories.blobs().contains(mine)).isTrue();
            assertThat(server.get("/jebena/m/resolve/" + kept + "/f").text()).isEqualTo(large(4));
            assertThat(server.get("/jebena/m/resolve/main/w.bin").bytes()).hasSize(5001);
            String next = server.commit("jebena/m", "main", "g", "h");
            assertThat(server.get("/jebena/m/resolve/" + next + "/f").text()).isEqualTo(large(4));
        }
    }

    private static ContentId upload(HubServer server, int more) {
        byte[] bytes = new byte[5000 + more];
        ContentId oid = ContentId.of(bytes);
        server.repositories.large().put(1, oid, bytes.length, new ByteArrayInputStream(bytes));
        return oid;
    }

    private static void commitLarge(HubServer server, String branch, ContentId oid) {
        StringBuilder lines = new StringBuilder();
        HubClient.line(lines, "header", Map.of("summary", "s"));
        HubClient.line(lines, "lfsFile", Map.of("path", "w.bin", "oid", oid.hex()));
        String path = "/api/models/jebena/m/commit/" + branch;
        assertThat(server.lines(path, lines.toString()).status()).isEqualTo(200);
    }
}
