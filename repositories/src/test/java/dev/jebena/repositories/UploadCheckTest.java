package dev.jebena.repositories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.ContentId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadCheckTest {
    private static final String API = "/api/models/jebena/m";

    @TempDir Path folder;
    private HubServer server;

    @BeforeEach
    void start() {
        server =
                new HubServer(
                        RepositoryOptions.in(folder)
                                .ownerToken(HubServer.TOKEN)
                                .checks(List.of(UploadCheckTest::check)),
                        0);
        server.create("m");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /// Files that begin with "evil" are unsafe; it breaks on "crash".
    private static List<Finding> check(UploadCheck.Upload file) throws IOException {
        ByteBuffer begin = ByteBuffer.allocate(5);
        try (SeekableByteChannel in = file.content().open()) {
            assertThat(in.size()).isEqualTo(file.size());
            in.read(begin);
        }
        String text = new String(begin.array(), StandardCharsets.UTF_8);
        if (text.equals("crash")) {
            throw new IllegalStateException("cannot read this");
        }
        Finding.Level level = text.startsWith("evil") ? Finding.Level.UNSAFE : Finding.Level.SAFE;
        return List.of(
                new Finding(
                        "pickleImportScan", level, "as it says", Map.of("imports", List.of("os"))));
    }

    private Object status(String path) {
        return server.post(API + "/paths-info/main", Map.of("paths", List.of(path), "expand", true))
                .at("0.securityFileStatus.status");
    }

    @Test
    void whatIsFoundIsTold() {
        server.commit("jebena/m", "main", "good", "good", "bad", "evil!", "odd", "crash");
        assertThat(status("good")).isEqualTo("safe");
        assertThat(status("bad")).isEqualTo("unsafe");
        assertThat(status("odd")).isEqualTo("suspicious");
        HubServer.Reply info = server.get(API + "?securityStatus=True");
        assertThat(info.at("securityRepoStatus.scansDone")).isEqualTo(true);
        assertThat((List<?>) info.at("securityRepoStatus.filesWithIssues"))
                .isEqualTo(
                        List.of(
                                Map.of("path", "bad", "level", "unsafe"),
                                Map.of("path", "odd", "level", "suspicious")));
        HubServer.Reply scan = server.get(API + "/scan");
        assertThat(scan.at("files.0.findings.0.details.imports.0")).isEqualTo("os");
        assertThat(scan.at("files.0.securityFileStatus.pickleImportScan.message"))
                .isEqualTo("as it says");
        server.commit("jebena/m", "main", "bad", "better now", "odd", "fine now");
        assertThat((List<?>) server.get(API + "/scan").at("filesWithIssues")).isEmpty();
    }

    @Test
    void largeFilesAreLookedAtToo() {
        byte[] bytes = "evil weights".getBytes(StandardCharsets.UTF_8);
        ContentId oid = ContentId.of(bytes);
        server.repositories.large().put(1, oid, bytes.length, new ByteArrayInputStream(bytes));
        StringBuilder lines = new StringBuilder();
        HubClient.line(lines, "header", Map.of("summary", "s"));
        HubClient.line(lines, "lfsFile", Map.of("path", "w.bin", "oid", oid.hex()));
        assertThat(server.lines(API + "/commit/main", lines.toString()).status()).isEqualTo(200);
        assertThat(status("w.bin")).isEqualTo("unsafe");
    }

    @Test
    void aRepositoryMayKeepUnsafeFilesBack() {
        server.commit("jebena/m", "main", "bad", "evil!", "good", "good");
        String file = "/jebena/m/resolve/main/bad";
        assertThat(server.get(file).status()).isEqualTo(200);
        server.send(
                "PUT",
                API + "/settings",
                "{\"blockUnsafe\":true}".getBytes(StandardCharsets.UTF_8));
        assertThat(server.get(file).status()).isEqualTo(403);
        assertThat(server.get(file).text()).contains("unsafe");
        assertThat(server.get("/jebena/m/raw/main/bad").status()).isEqualTo(403);
        assertThat(server.get("/jebena/m/resolve/main/good").status()).isEqualTo(200);
        server.send(
                "PUT",
                API + "/settings",
                "{\"blockUnsafe\":false}".getBytes(StandardCharsets.UTF_8));
        assertThat(server.get(file).status()).isEqualTo(200);
    }
}
