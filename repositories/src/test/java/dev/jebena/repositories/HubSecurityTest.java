package dev.jebena.repositories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.ContentId;
import dev.jebena.base.HttpJson;
import dev.jebena.hub.LfsPointer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What strangers try: every path of the server's description, with what they should not see or
/// reach.
class HubSecurityTest {
    private static final List<String> EVIL =
            List.of(
                    "..%2f..%2f..%2fetc%2fpasswd",
                    "%2e%2e",
                    "..",
                    "....%2f%2f",
                    "%2fetc%2fpasswd",
                    "a%00b",
                    "%c0%ae%c0%ae",
                    "..%5c..%5cx",
                    "x%0d%0aSet-Cookie:%20a=b",
                    "%ff",
                    "-",
                    "x".repeat(5000));

    @TempDir Path folder;
    private HubServer server;
    private String ada = "";
    private String reader = "";

    /// A line of the description: `METHOD PATH`.
    private record Route(String method, String path) {
        /// With these in place of the parameters.
        String filled(String namespace, String repo, String rest) {
            return path.replace("{namespace}", namespace)
                    .replace("{repo}", repo)
                    .replaceAll("\\{[a-z]+(\\.\\.\\.)?}", rest);
        }

        boolean ofARepository() {
            return path.contains("{repo}");
        }
    }

    @BeforeEach
    void start() {
        server = new HubServer(folder);
        Accounts accounts = server.repositories.accounts();
        accounts.createUser("ada", false);
        ada = accounts.createToken("ada", "t", TokenRole.WRITE);
        reader = accounts.createToken("jebena", "r", TokenRole.READ);
        for (String kind : List.of("model", "dataset", "space")) {
            server.create("m", "type", kind);
            server.create("secret", "type", kind, "private", true);
        }
        server.commit("jebena/m", "main", "config.json", "{}", "a/b", "1");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static List<Route> routes() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(RepositoryRoutes.class.getResourceAsStream("openapi.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(l -> l.matches("(GET|POST|PUT|PATCH|DELETE) /.*"))
                    .map(l -> l.split(" "))
                    .map(words -> new Route(words[0], words[1]))
                    .toList();
        }
    }

    private HubServer.Reply ask(Route route, String path) {
        byte[] body = route.method().equals("GET") ? null : "{}".getBytes(StandardCharsets.UTF_8);
        String[] headers = {"Content-Type", "application/json"};
        try {
            return server.send(route.method(), path, body, headers);
        } catch (UncheckedIOException _) {
            // The server ends connections on which it was asked wrongly; one may have been reused.
            try {
                return server.send(route.method(), path, body, headers);
            } catch (UncheckedIOException e) {
                throw new AssertionError(route.method() + " " + path, e);
            }
        }
    }

    private Set<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return Set.copyOf(files.map(f -> f.getFileName().toString()).toList());
        }
    }

    @Test
    void noParameterOfAPathLeadsElsewhereOrBreaksTheServer() throws IOException {
        Set<String> before = names();
        for (Route route : routes()) {
            if (route.path().contains("/spaces/")) {
                // The same code as for data sets.
                continue;
            }
            for (String evil : EVIL) {
                for (String path :
                        List.of(
                                route.filled("jebena", "m", evil),
                                route.filled(evil, "m", "main"),
                                route.filled("jebena", evil, "main"))) {
                    HubServer.Reply reply = ask(route, path);
                    String what = route.method() + " " + path;
                    assertThat(reply.status()).as(what).isLessThan(500);
                    assertThat(reply.text()).as(what).doesNotContain("root:");
                    assertThat(reply.header("Set-Cookie")).as(what).isEmpty();
                    assertThat(reply.header("Location")).as(what).doesNotStartWith("//");
                }
            }
        }
        assertThat(names()).isEqualTo(before);
        assertThat(server.get("/jebena/m/resolve/main/config.json").text()).isEqualTo("{}");
    }

    @Test
    void noBodyNamesAPathElsewhere() {
        String api = "/api/models/jebena/m";
        for (String evil : List.of("../x", "/../x", "a/../../x", "a\0b", ".git/config", "a//b")) {
            for (Map<String, Object> operation :
                    List.<Map<String, Object>>of(
                            Map.of("key", "file", "value", Map.of("path", evil, "content", "x")),
                            Map.of("key", "deletedFile", "value", Map.of("path", evil)),
                            Map.of("key", "deletedFolder", "value", Map.of("path", evil)),
                            Map.of(
                                    "key",
                                    "copyFile",
                                    "value",
                                    Map.of("srcPath", evil, "path", "y")),
                            Map.of(
                                    "key",
                                    "copyFile",
                                    "value",
                                    Map.of("srcPath", "a/b", "path", evil)))) {
                StringBuilder lines = new StringBuilder();
                HubClient.line(lines, "header", Map.of("summary", "s"));
                lines.append(HttpJson.text(operation)).append('\n');
                assertThat(server.lines(api + "/commit/main", lines.toString()).status())
                        .as(HttpJson.text(operation))
                        .isIn(400, 404);
            }
            assertThat(
                            server.post(
                                            api + "/preupload/main",
                                            Map.of(
                                                    "files",
                                                    List.of(Map.of("path", evil, "size", 1))))
                                    .status())
                    .as(evil)
                    .isEqualTo(400);
            assertThat(server.post(api + "/paths-info/main", Map.of("paths", List.of(evil))).text())
                    .as(evil)
                    .isEqualTo("[]");
            assertThat(server.post("/api/repos/create", Map.of("name", evil)).status())
                    .as(evil)
                    .isEqualTo(400);
            assertThat(
                            server.post(
                                            "/api/repos/move",
                                            Map.of("fromRepo", "jebena/m", "toRepo", evil))
                                    .status())
                    .as(evil)
                    .isEqualTo(400);
        }
    }

    /// On every path there is: the same answer, to the letter, as for what does not exist.
    @Test
    void nobodyLearnsThatAPrivateRepositoryIsThere() throws IOException {
        for (Route route : routes()) {
            if (!route.ofARepository()) {
                continue;
            }
            for (String token : List.of("", ada)) {
                server.as(token);
                HubServer.Reply there = ask(route, route.filled("jebena", "secret", "main"));
                HubServer.Reply none = ask(route, route.filled("jebena", "nothing", "main"));
                String what = route.method() + " " + route.path();
                assertThat(there.status()).as(what).isEqualTo(token.isEmpty() ? 401 : 404);
                assertThat(none.status()).as(what).isEqualTo(there.status());
                assertThat(none.text()).as(what).isEqualTo(there.text());
            }
        }
    }

    @Test
    void aTokenThatReadsChangesNothing() throws IOException {
        server.as(reader);
        List<String> reading =
                List.of("/paths-info/", "/git-upload-pack", "/info/lfs/", "/ask-access");
        for (Route route : routes()) {
            boolean writes =
                    !route.method().equals("GET")
                            && route.ofARepository()
                            && reading.stream().noneMatch(route.path()::contains);
            if (writes) {
                assertThat(ask(route, route.filled("jebena", "m", "main")).status())
                        .as(route.toString())
                        .isEqualTo(403);
            }
        }
        assertThat(server.get("/api/models/jebena/secret").status()).isEqualTo(200);
    }

    /// A pointer is a small file that names the bytes of a large one.
    @Test
    void aPointerToAnothersFileGivesNobodyTheBytes() {
        byte[] secret = "a secret of 20 bytes".getBytes(StandardCharsets.UTF_8);
        ContentId oid = ContentId.of(secret);
        long id =
                server.repositories
                        .catalog()
                        .find(RepoName.parse(RepoKind.MODEL, "jebena/secret"))
                        .orElseThrow()
                        .id();
        server.repositories.large().put(id, oid, secret.length, new ByteArrayInputStream(secret));
        server.as(ada).create("mine");
        String pointer =
                new String(new LfsPointer(oid, secret.length).bytes(), StandardCharsets.UTF_8);
        assertThat(server.tryCommit("ada/mine", "main", null, "w", pointer).status())
                .isEqualTo(400);
        StringBuilder lines = new StringBuilder();
        HubClient.line(lines, "header", Map.of("summary", "s"));
        HubClient.line(lines, "lfsFile", Map.of("path", "w", "oid", oid.hex()));
        assertThat(server.lines("/api/models/ada/mine/commit/main", lines.toString()).status())
                .isEqualTo(400);
        assertThat(server.get("/ada/mine/resolve/main/w").status()).isEqualTo(404);
    }

    @Test
    void addressesOfADeletedRepositoryGiveNothing() {
        byte[] bytes = new byte[3000];
        ContentId oid = ContentId.of(bytes);
        Map<String, Object> wanted =
                Map.of(
                        "operation",
                        "upload",
                        "objects",
                        List.of(Map.of("oid", oid.hex(), "size", bytes.length)));
        String batch = "/jebena/m.git/info/lfs/objects/batch";
        String up = (String) server.post(batch, wanted).at("objects.0.actions.upload.href");
        assertThat(server.send("PUT", up, bytes).status()).isEqualTo(200);
        Map<String, Object> download = new HashMap<>(wanted);
        download.put("operation", "download");
        String down = (String) server.post(batch, download).at("objects.0.actions.download.href");
        assertThat(server.as("").get(down).status()).isEqualTo(200);
        server.as(HubServer.TOKEN)
                .send(
                        "DELETE",
                        "/api/repos/delete",
                        "{\"name\":\"jebena/m\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(server.get(down).status()).isEqualTo(404);
        server.create("m");
        assertThat(server.get(down).status()).isEqualTo(404);
    }

    @Test
    void anOldNameLeadsNowhereElse() {
        server.post("/api/repos/move", Map.of("fromRepo", "jebena/m", "toRepo", "jebena/n"));
        assertThat(server.get("/jebena/m/resolve/main/config.json").header("Location"))
                .isEqualTo("/jebena/n/resolve/main/config.json");
        for (String path :
                List.of(
                        "//evil.example/jebena/m/resolve/main/config.json",
                        "/jebena/m/resolve/main/x%0d%0aLocation:%20http:%2f%2fevil.example",
                        "/jebena/m/resolve/main//evil.example/jebena/m/x")) {
            HubServer.Reply reply = server.get(path);
            assertThat(reply.header("Location"))
                    .as(path)
                    .matches("(/jebena/n/[^\r\n]*)?")
                    .doesNotContain("\n");
        }
        // The repository may have become private: then its old name says nothing either.
        server.send(
                "PUT",
                "/api/models/jebena/n/settings",
                "{\"private\":true}".getBytes(StandardCharsets.UTF_8));
        assertThat(server.as(ada).get("/jebena/m/resolve/main/config.json").status())
                .isEqualTo(404);
    }

    @Test
    void bodiesAreBounded() {
        String much = "x".repeat(11 << 20);
        assertThat(server.tryCommit("jebena/m", "main", null, "f", much).status()).isEqualTo(400);
        assertRefused(() -> server.tryCommit("jebena/m", "main", null, "f", much.repeat(3)));
        String token =
                (String) server.get("/api/models/jebena/m/xet-write-token/main").at("accessToken");
        server.as(token);
        String xorb = "/_xet/v1/xorbs/default/" + "a".repeat(64);
        assertRefused(() -> server.send("POST", xorb, new byte[81 << 20]));
        assertRefused(() -> server.send("POST", "/_xet/v1/shards", new byte[65 << 20]));
    }

    /// By a reply, or by the end of the connection: nobody reads on for long.
    private static void assertRefused(Supplier<HubServer.Reply> request) {
        try {
            assertThat(request.get().status()).isIn(400, 413);
        } catch (UncheckedIOException _) {
            // The connection ended.
        }
    }
}
