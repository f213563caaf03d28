package dev.jebena.repositories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.HttpJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitTest {
    private static final String REPO = "jebena/m";

    @TempDir Path folder;
    private HubServer server;

    @BeforeEach
    void start() {
        server = new HubServer(folder);
        server.create("m");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private List<String> files(String revision) {
        List<String> names = new ArrayList<>();
        Object json =
                server.get("/api/models/" + REPO + "/tree/" + revision + "?recursive=true").json();
        for (Object entry : (List<?>) json) {
            names.add((String) ((Map<?, ?>) entry).get("path"));
        }
        return names;
    }

    @Test
    void blobIdsAreGitsOwn() throws Exception {
        server.commit(REPO, "main", "a/b.txt", "hello\n");
        MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
        byte[] object = "blob 6\0hello\n".getBytes(StandardCharsets.UTF_8);
        assertThat(server.get("/api/models/" + REPO + "/tree/main/a").at("0.oid"))
                .isEqualTo(HexFormat.of().formatHex(sha1.digest(object)));
        assertThat(server.get("/" + REPO + "/resolve/main/a/b.txt").text()).isEqualTo("hello\n");
    }

    @Test
    void aStaleParentIsRefused() {
        String first = server.commit(REPO, "main", "a", "1");
        String second = server.commit(REPO, "main", "a", "2");
        HubServer.Reply stale = server.tryCommit(REPO, "main", first, "a", "3");
        assertThat(stale.status()).isEqualTo(412);
        assertThat(server.tryCommit(REPO, "main", second, "a", "3").status()).isEqualTo(200);
        assertThat(server.tryCommit(REPO, "nope", null, "a", "3").header("X-Error-Code"))
                .isEqualTo("RevisionNotFound");
    }

    @Test
    void commitsOfManyCallersAtOnceAllCount() throws Exception {
        Set<String> commits = ConcurrentHashMap.newKeySet();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int writer = i;
            threads.add(
                    Thread.startVirtualThread(() -> {
                        for (int j = 0; j < 5; j++) {
                            String path = "w" + writer + "/f" + j;
                            commits.add(server.commit(REPO, "main", path, path));
                        }
                    }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(commits).hasSize(100);
        assertThat(files("main")).hasSize(100 + 20 + 1);
        assertThat(server.get("/api/models/" + REPO + "/commits/main").header("X-Total-Count"))
                .isEqualTo("101");
        // Packs were joined on the way, and what was joined is readable.
        assertThat(server.repositories.git().scattered(64)).isEmpty();
        for (String commit : commits) {
            assertThat(server.get("/api/models/" + REPO + "/revision/" + commit).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void pathsThatLeadElsewhereAreRefused() {
        for (String path :
                List.of("../x", "a/../../x", ".git/config", "a//b", "a\\b", "a\0b", "", "a/./b")) {
            assertThat(server.tryCommit(REPO, "main", null, path, "x").status())
                    .as(path)
                    .isEqualTo(400);
        }
        for (String path : List.of("..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/x", "a%00b")) {
            assertThat(server.get("/" + REPO + "/resolve/main/" + path).status())
                    .as(path)
                    .isIn(400, 404);
        }
    }

    @Test
    void filesAndFoldersOfOneNameAreRefused() {
        server.commit(REPO, "main", "a/b", "1");
        assertThat(server.tryCommit(REPO, "main", null, "a", "x").status()).isEqualTo(400);
        assertThat(server.tryCommit(REPO, "main", null, "a/b/c", "x").status()).isEqualTo(400);
        assertThat(files("main")).containsExactly(".gitattributes", "a", "a/b");
    }

    @Test
    void removedFoldersVanishAndWhatIsNotThereCannotBeRemoved() {
        server.commit(REPO, "main", "a/b/c", "1", "a/d", "2", "e", "3");
        StringBuilder lines = new StringBuilder();
        HubClient.line(lines, "header", Map.of("summary", "less"));
        HubClient.line(lines, "deletedFile", Map.of("path", "a/b/c"));
        HubClient.line(lines, "copyFile", Map.of("srcPath", "e", "path", "f/g"));
        assertThat(server.lines("/api/models/" + REPO + "/commit/main", lines.toString()).status())
                .isEqualTo(200);
        assertThat(files("main")).containsExactly(".gitattributes", "a", "a/d", "e", "f", "f/g");
        lines.setLength(0);
        HubClient.line(lines, "header", Map.of("summary", "less"));
        HubClient.line(lines, "deletedFolder", Map.of("path", "a"));
        HubClient.line(lines, "file", Map.of("path", "a", "content", "now a file"));
        assertThat(server.lines("/api/models/" + REPO + "/commit/main", lines.toString()).status())
                .isEqualTo(200);
        assertThat(server.get("/" + REPO + "/raw/main/a").text()).isEqualTo("now a file");
        lines.setLength(0);
        HubClient.line(lines, "header", Map.of("summary", "less"));
        HubClient.line(lines, "deletedFile", Map.of("path", "gone"));
        assertThat(
                        server.lines("/api/models/" + REPO + "/commit/main", lines.toString())
                                .header("X-Error-Code"))
                .isEqualTo("EntryNotFound");
    }

    @Test
    void wrongBodiesAreRefusedWithoutACommit() {
        String before = (String) server.get("/api/models/" + REPO).at("sha");
        String header = "{\"key\":\"header\",\"value\":{\"summary\":\"s\"}}\n";
        for (String lines :
                List.of(
                        "no json",
                        "[]",
                        "{\"key\":\"header\"}",
                        header + "{\"key\":\"file\",\"value\":{\"content\":\"x\"}}",
                        header + "{\"key\":\"x\",\"value\":{\"path\":\"x\"}}",
                        header
                                + "{\"key\":\"file\",\"value\":{\"path\":\"x\",\"content\":\"!\",\"encoding\":\"base64\"}}",
                        "{\"key\":\"file\",\"value\":{\"path\":\"x\",\"content\":\"x\"}}",
                        header
                                + "{\"key\":\"lfsFile\",\"value\":{\"path\":\"x\",\"oid\":\""
                                + "0".repeat(64)
                                + "\"}}")) {
            assertThat(server.lines("/api/models/" + REPO + "/commit/main", lines).status())
                    .as(lines)
                    .isEqualTo(400);
        }
        assertThat(server.get("/api/models/" + REPO).at("sha")).isEqualTo(before);
    }

    @Test
    void eachPathKnowsItsLastCommit() {
        String first = server.commit(REPO, "main", "a/x", "1", "b", "1");
        String second = server.commit(REPO, "main", "a/y", "1");
        HubServer.Reply tree = server.get("/api/models/" + REPO + "/tree/main?expand=True");
        assertThat(tree.at("1.path")).isEqualTo("a");
        assertThat(tree.at("1.lastCommit.id")).isEqualTo(second);
        assertThat(tree.at("2.lastCommit.id")).isEqualTo(first);
        HubServer.Reply paths =
                server.post(
                        "/api/models/" + REPO + "/paths-info/main",
                        HttpJson.object("paths", List.of("a/x", "none"), "expand", true));
        assertThat(paths.json()).asInstanceOf(InstanceOfAssertFactories.LIST).hasSize(1);
    }

    @Test
    void longListsComeInPages() {
        String[] many = new String[2 * 1500];
        for (int i = 0; i < 1500; i++) {
            many[2 * i] = "f%04d".formatted(i);
            many[2 * i + 1] = "x";
        }
        server.commit(REPO, "main", many);
        HubServer.Reply first = server.get("/api/models/" + REPO + "/tree/main?recursive=true");
        assertThat((List<?>) first.json()).hasSize(1000);
        String next = first.header("Link").replaceAll("<(.*)>.*", "$1");
        assertThat((List<?>) server.get(next).json()).hasSize(501);
        assertThat(server.get("/api/models/" + REPO + "/tree/main?cursor=x").status())
                .isEqualTo(400);
    }

    @Test
    void aTagWithAMessageLeadsToItsCommit() {
        String commit = server.commit(REPO, "main", "a", "1");
        server.post(
                "/api/models/" + REPO + "/tag/main", Map.of("tag", "v1", "message", "the first"));
        server.post("/api/models/" + REPO + "/tag/main", Map.of("tag", "v2"));
        server.commit(REPO, "main", "a", "2");
        HubServer.Reply refs = server.get("/api/models/" + REPO + "/refs");
        assertThat(refs.at("tags.0.targetCommit")).isEqualTo(commit);
        assertThat(refs.at("tags.1.targetCommit")).isEqualTo(commit);
        assertThat(server.get("/" + REPO + "/raw/v1/a").text()).isEqualTo("1");
        assertThat(server.get("/" + REPO + "/raw/" + commit.substring(0, 8) + "/a").text())
                .isEqualTo("1");
        for (String wrong : List.of("a..b", "x.lock", "sp ace", "refs//x", "-")) {
            assertThat(
                            server.post("/api/models/" + REPO + "/tag/main", Map.of("tag", wrong))
                                    .status())
                    .as(wrong)
                    .isIn(400, wrong.equals("-") ? 200 : 400);
        }
    }
}
