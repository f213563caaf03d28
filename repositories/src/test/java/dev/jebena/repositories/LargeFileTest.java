package dev.jebena.repositories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.ContentId;
import dev.jebena.base.HttpJson;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargeFileTest {
    private static final int PART = 1000;

    @TempDir Path folder;
    private HubServer server;
    private final byte[] bytes = new byte[2500];
    private String oid = "";

    @BeforeEach
    void start() {
        server =
                new HubServer(
                        RepositoryOptions.in(folder).ownerToken(HubServer.TOKEN).partBytes(PART),
                        0);
        server.create("m");
        new Random(1).nextBytes(bytes);
        oid = ContentId.of(bytes).hex();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HubServer.Reply batch(String repo, String operation, String... transfers) {
        return server.post(
                "/" + repo + ".git/info/lfs/objects/batch",
                Map.of(
                        "operation", operation,
                        "transfers", List.of(transfers),
                        "objects", List.of(Map.of("oid", oid, "size", bytes.length))));
    }

    private HubServer.Reply commit(String repo) {
        StringBuilder lines = new StringBuilder();
        HubClient.line(lines, "header", Map.of("summary", "large"));
        HubClient.line(lines, "lfsFile", Map.of("path", "w.bin", "algo", "sha256", "oid", oid));
        return server.lines("/api/models/" + repo + "/commit/main", lines.toString());
    }

    @Test
    void aFileGoesUpAndComesDownByAddressesThatNeedNoToken() {
        HubServer.Reply batch = batch("jebena/m", "upload", "basic");
        String href = (String) batch.at("objects.0.actions.upload.href");
        assertThat(server.as("").send("PUT", href, bytes).status()).isEqualTo(200);
        String verify = (String) batch.at("objects.0.actions.verify.href");
        assertThat(server.post(verify, Map.of("oid", oid, "size", bytes.length)).status())
                .isEqualTo(200);
        assertThat(server.post(verify, Map.of("oid", oid, "size", 1)).status()).isEqualTo(422);
        server.as(HubServer.TOKEN);
        assertThat(commit("jebena/m").status()).isEqualTo(200);
        assertThat(batch("jebena/m", "upload", "basic").at("objects.0.actions")).isEqualTo("");
        String down = (String) batch("jebena/m", "download").at("objects.0.actions.download.href");
        assertThat(server.as("").get(down).bytes()).isEqualTo(bytes);
        HubServer.Reply file = server.get("/jebena/m/resolve/main/w.bin", "Range", "bytes=2000-");
        assertThat(file.bytes()).isEqualTo(Arrays.copyOfRange(bytes, 2000, 2500));
        assertThat(file.header("X-Linked-ETag")).isEqualTo('"' + oid + '"');
        assertThat(server.get("/jebena/m/raw/main/w.bin").text()).contains("oid sha256:" + oid);
    }

    @Test
    void largerOnesComeInParts() {
        HubServer.Reply batch = batch("jebena/m", "upload", "basic", "multipart");
        assertThat(batch.at("transfer")).isEqualTo("multipart");
        Map<?, ?> header = (Map<?, ?>) batch.at("objects.0.actions.upload.header");
        assertThat(header.get("chunk_size")).isEqualTo(Integer.toString(PART));
        String complete = (String) batch.at("objects.0.actions.upload.href");
        server.as("");
        // In any order, and one of them twice, as by a client that goes on after a break.
        for (int part : new int[] {3, 1, 1}) {
            assertThat(putPart(header, part).status()).isEqualTo(200);
        }
        assertThat(server.post(complete, Map.of("oid", oid)).status()).isEqualTo(400);
        assertThat(putPart(header, 2).header("ETag")).isNotEmpty();
        assertThat(server.post(complete, Map.of("oid", oid)).status()).isEqualTo(200);
        server.as(HubServer.TOKEN);
        assertThat(commit("jebena/m").status()).isEqualTo(200);
        assertThat(server.get("/jebena/m/resolve/main/w.bin").bytes()).isEqualTo(bytes);
    }

    private HubServer.Reply putPart(Map<?, ?> header, int part) {
        int from = (part - 1) * PART;
        byte[] piece = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + PART));
        return server.send("PUT", String.valueOf(header.get(Integer.toString(part))), piece);
    }

    @Test
    void otherBytesThanAnnouncedAreRefused() {
        String href =
                (String) batch("jebena/m", "upload", "basic").at("objects.0.actions.upload.href");
        assertThat(server.send("PUT", href, new byte[2500]).status()).isEqualTo(422);
        assertThat(server.send("PUT", href, new byte[2501]).status()).isEqualTo(422);
        assertThat(server.send("PUT", href, new byte[0]).status()).isEqualTo(422);
        assertThat(commit("jebena/m").status()).isEqualTo(400);
    }

    @Test
    void knowingAHashGivesNobodyTheBytes() {
        server.create("secret", "private", true);
        String href =
                (String)
                        batch("jebena/secret", "upload", "basic")
                                .at("objects.0.actions.upload.href");
        server.send("PUT", href, bytes);
        assertThat(commit("jebena/secret").status()).isEqualTo(200);
        // The other repository does not have the file until it is uploaded there too.
        assertThat(commit("jebena/m").status()).isEqualTo(400);
        assertThat(batch("jebena/m", "download").at("objects.0.error.code")).isEqualTo(404L);
        assertThat(batch("jebena/m", "upload", "basic").at("objects.0.actions.upload.href"))
                .isNotEqualTo("");
        server.as("");
        assertThat(batch("jebena/secret", "download").status()).isEqualTo(401);
    }

    @Test
    void addressesCannotBeChanged() {
        HubServer.Reply batch = batch("jebena/m", "upload", "basic");
        String href = (String) batch.at("objects.0.actions.upload.href");
        Map<String, String> changes = new HashMap<>();
        changes.put("size=2500", "size=2501");
        changes.put("/_lfs/1/", "/_lfs/2/");
        changes.put(oid, "0".repeat(64));
        changes.put("signature=", "signature=9");
        changes.forEach((from, to) ->
                assertThat(server.send("PUT", href.replace(from, to), bytes).status())
                        .as(to)
                        .isEqualTo(403));
        assertThat(server.send("GET", href, null).status()).isEqualTo(403);
        assertThat(server.send("PUT", href.replaceFirst("&.*", ""), bytes).status()).isEqualTo(403);
    }

    @Test
    void rulesAndContentSayWhichFilesAreLarge() {
        server.commit("jebena/m", "main", ".gitattributes", "*.dat filter=lfs\nkeep.dat -filter\n");
        Map<String, @Nullable Object> body =
                HttpJson.object(
                        "gitIgnore",
                        "*.log\n",
                        "files",
                        List.of(
                                file("a.dat", 10, "dGV4dA=="),
                                file("keep.dat", 10, "dGV4dA=="),
                                file("b.txt", 10, "dGV4dA=="),
                                file("b.txt", 10L << 20 | 1, "dGV4dA=="),
                                file("c", 10, "AAEC"),
                                file("d.log", 10, "dGV4dA==")));
        HubServer.Reply reply = server.post("/api/models/jebena/m/preupload/main", body);
        List<String> modes = List.of("lfs", "regular", "regular", "lfs", "lfs", "regular");
        for (int i = 0; i < modes.size(); i++) {
            assertThat(reply.at("files." + i + ".uploadMode")).isEqualTo(modes.get(i));
            assertThat(reply.at("files." + i + ".shouldIgnore")).isEqualTo(i == 5);
        }
    }

    private static Map<String, Object> file(String path, long size, String sample) {
        return Map.of("path", path, "size", size, "sample", sample);
    }
}
