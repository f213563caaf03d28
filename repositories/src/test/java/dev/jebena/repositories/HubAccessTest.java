package dev.jebena.repositories;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubAccessTest {
    @TempDir Path folder;
    private HubServer server;
    private String ada;
    private String reader;

    @BeforeEach
    void start() {
        server = new HubServer(folder);
        server.repositories.accounts().createUser("ada", false);
        server.repositories.accounts().createUser("bob", false);
        ada = server.repositories.accounts().createToken("ada", "a", TokenRole.WRITE);
        reader = server.repositories.accounts().createToken("ada", "r", TokenRole.READ);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String token(String user) {
        return server.repositories.accounts().createToken(user, "t", TokenRole.WRITE);
    }

    @Test
    void aPrivateRepositoryLooksAsIfItWereNotThere() {
        server.create("secret", "private", true);
        server.commit("jebena/secret", "main", "config.json", "{}");
        List<String> paths =
                List.of(
                        "/api/models/jebena/secret",
                        "/api/models/jebena/secret/tree/main",
                        "/api/models/jebena/secret/refs",
                        "/api/models/jebena/secret/commits/main",
                        "/jebena/secret/resolve/main/config.json",
                        "/jebena/secret/raw/main/config.json");
        for (String path : paths) {
            String other = path.replace("secret", "nothing");
            assertThat(server.as("").get(path).status()).as(path).isEqualTo(401);
            assertThat(server.get(path).header("X-Error-Code")).isEqualTo("RepoNotFound");
            assertThat(server.get(other).text()).isEqualTo(server.get(path).text());
            server.as(ada);
            assertThat(server.get(path).status()).as(path).isEqualTo(404);
            assertThat(server.get(other).text()).isEqualTo(server.get(path).text());
            assertThat(server.as(HubServer.TOKEN).get(path).status()).as(path).isEqualTo(200);
        }
        assertThat(server.as(ada).get("/api/models").text()).doesNotContain("secret");
        assertThat(server.as("").get("/api/models").text()).doesNotContain("secret");
        assertThat(server.as(HubServer.TOKEN).get("/api/models").text()).contains("secret");
    }

    @Test
    void aTokenThatReadsDoesNotWrite() {
        server.as(ada).create("m");
        server.as(reader);
        assertThat(server.get("/api/models/ada/m").status()).isEqualTo(200);
        assertThat(server.tryCommit("ada/m", "main", null, "a", "1").status()).isEqualTo(403);
        assertThat(server.post("/api/repos/create", Map.of("name", "n")).status()).isEqualTo(403);
        assertThat(server.post("/api/models/ada/m/tag/main", Map.of("tag", "x")).status())
                .isEqualTo(403);
        assertThat(server.get("/api/models/ada/m/xet-write-token/main").status()).isEqualTo(403);
        assertThat(
                        server.post(
                                        "/api/settings/tokens",
                                        Map.of("role", "write", "displayName", "x"))
                                .status())
                .isEqualTo(403);
    }

    @Test
    void nobodyWritesToTheRepositoriesOfOthers() {
        server.as(ada).create("m");
        server.as(token("bob"));
        assertThat(server.tryCommit("ada/m", "main", null, "a", "1").status()).isEqualTo(403);
        assertThat(server.post("/api/repos/create", Map.of("name", "ada/x")).status())
                .isEqualTo(403);
        assertThat(
                        server.send(
                                        "DELETE",
                                        "/api/repos/delete",
                                        "{\"name\":\"ada/m\"}".getBytes(StandardCharsets.UTF_8))
                                .status())
                .isEqualTo(403);
        assertThat(
                        server.post(
                                        "/api/repos/move",
                                        Map.of("fromRepo", "ada/m", "toRepo", "bob/m"))
                                .status())
                .isEqualTo(403);
        assertThat(server.as("").tryCommit("ada/m", "main", null, "a", "1").status())
                .isEqualTo(401);
    }

    @Test
    void membersOfAnOrganizationShareItsRepositories() {
        Accounts accounts = server.repositories.accounts();
        accounts.createOrganization("team", "ada");
        server.as(ada).create("team/m", "private", true);
        server.as(token("bob"));
        assertThat(server.get("/api/models/team/m").status()).isEqualTo(404);
        accounts.addMember("team", "bob", TokenRole.READ);
        assertThat(server.get("/api/models/team/m").status()).isEqualTo(200);
        assertThat(server.get("/api/models").text()).contains("team/m");
        assertThat(server.tryCommit("team/m", "main", null, "a", "1").status()).isEqualTo(403);
        accounts.addMember("team", "bob", TokenRole.WRITE);
        assertThat(server.tryCommit("team/m", "main", null, "a", "1").status()).isEqualTo(200);
        assertThat(server.get("/api/whoami-v2").at("orgs.0.name")).isEqualTo("team");
        accounts.removeMember("team", "bob");
        assertThat(server.get("/api/models/team/m").status()).isEqualTo(404);
    }

    @Test
    void aGatedRepositoryShowsItsFilesToThoseWhoMayOnly() {
        server.create("g");
        server.commit("jebena/g", "main", "w", "bytes");
        assertThat(
                        server.send(
                                        "PUT",
                                        "/api/models/jebena/g/settings",
                                        "{\"gated\":\"manual\"}".getBytes(StandardCharsets.UTF_8))
                                .status())
                .isEqualTo(200);
        String file = "/jebena/g/resolve/main/w";
        HubServer.Reply refused = server.as("").get(file);
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.header("X-Error-Code")).isEqualTo("GatedRepo");
        assertThat(server.as(ada).get(file).status()).isEqualTo(403);
        assertThat(server.get("/api/models/jebena/g").at("gated")).isEqualTo("manual");
        assertThat(server.post("/jebena/g/ask-access", Map.of()).at("status")).isEqualTo("pending");
        assertThat(server.get(file).status()).isEqualTo(403);
        server.as(HubServer.TOKEN);
        String base = "/api/models/jebena/g/user-access-request/";
        assertThat(server.get(base + "pending").at("0.user.user")).isEqualTo("ada");
        server.post(base + "handle", Map.of("user", "ada", "status", "accepted"));
        assertThat(server.as(ada).get(file).text()).isEqualTo("bytes");
        server.as(HubServer.TOKEN)
                .post(base + "handle", Map.of("user", "ada", "status", "rejected"));
        assertThat(server.as(ada).get(file).status()).isEqualTo(403);
        assertThat(server.as(HubServer.TOKEN).get(file).status()).isEqualTo(200);
    }

    @Test
    void onlyAdministratorsManageAccounts() {
        Map<String, Object> user = Map.of("name", "eve", "isAdmin", true);
        assertThat(server.as(ada).post("/api/admin/accounts", user).status()).isEqualTo(403);
        assertThat(server.as("").post("/api/admin/accounts", user).status()).isEqualTo(401);
        assertThat(server.as(HubServer.TOKEN).post("/api/admin/accounts", user).status())
                .isEqualTo(201);
        assertThat(server.post("/api/admin/accounts", Map.of("name", "Eve")).status())
                .isEqualTo(409);
        for (String wrong : List.of("api", "datasets", "a/b", "..", "x.git", "")) {
            assertThat(server.post("/api/admin/accounts", Map.of("name", wrong)).status())
                    .as(wrong)
                    .isEqualTo(400);
        }
        HubServer.Reply made =
                server.post(
                        "/api/settings/tokens",
                        Map.of("user", "eve", "role", "read", "displayName", "e"));
        assertThat(server.as((String) made.at("token")).get("/api/whoami-v2").at("name"))
                .isEqualTo("eve");
        assertThat(
                        server.as(ada)
                                .post(
                                        "/api/settings/tokens",
                                        Map.of("role", "admin", "displayName", "more"))
                                .status())
                .isEqualTo(403);
    }

    @Test
    void withoutAnonymousCallersNothingIsShown() {
        server.close();
        server =
                new HubServer(
                        RepositoryOptions.in(folder).ownerToken(HubServer.TOKEN).anonymous(false),
                        0);
        server.create("m");
        server.as("");
        assertThat(server.get("/api/models").status()).isEqualTo(401);
        assertThat(server.get("/api/models/jebena/m").status()).isEqualTo(401);
        assertThat(server.get("/jebena/m/resolve/main/.gitattributes").status()).isEqualTo(401);
        assertThat(server.as(ada).get("/api/models/jebena/m").status()).isEqualTo(200);
    }

    @Test
    void aMovedRepositoryIsFoundUnderItsOldName() {
        server.create("old");
        server.commit("jebena/old", "main", "f", "x");
        server.post("/api/repos/move", Map.of("fromRepo", "jebena/old", "toRepo", "jebena/new"));
        assertThat(server.get("/api/models/jebena/old").at("id")).isEqualTo("jebena/new");
        HubServer.Reply moved = server.get("/jebena/old/resolve/main/f");
        assertThat(moved.status()).isEqualTo(307);
        assertThat(moved.header("Location")).isEqualTo("/jebena/new/resolve/main/f");
        server.create("old");
        assertThat(server.get("/api/models/jebena/old").at("id")).isEqualTo("jebena/old");
        assertThat(
                        server.post(
                                        "/api/repos/move",
                                        Map.of("fromRepo", "jebena/old", "toRepo", "jebena/new"))
                                .status())
                .isEqualTo(409);
    }
}
