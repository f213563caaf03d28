package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.accounts.Accounts;
import dev.jebena.accounts.AccountsOptions;
import dev.jebena.accounts.AccountsRoutes;
import dev.jebena.accounts.Level;
import dev.jebena.accounts.Permissions;
import dev.jebena.base.HttpJson;
import dev.jebena.base.HttpServer;
import dev.jebena.base.HttpServerOptions;
import dev.jebena.base.Router;
import dev.jebena.repositories.Repositories;
import dev.jebena.repositories.RepositoryOptions;
import dev.jebena.repositories.RepositoryRoutes;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.TransportException;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubUsersTest {
    private static final String PASSWORD = "correct horse battery";

    @TempDir Path folder;
    private Accounts accounts;
    private Repositories repositories;
    private HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void start() {
        accounts = Accounts.open(AccountsOptions.in(folder.resolve("a")).adminPassword(PASSWORD));
        accounts.users().create("ada", PASSWORD);
        repositories =
                Repositories.open(
                        RepositoryOptions.in(folder.resolve("r")).ownerToken("hf_ownertoken"));
        repositories.letIn(new HubUsers(accounts));
        Router router = new Router();
        RepositoryRoutes.mount(router, repositories);
        AccountsRoutes.mount(router, accounts, null);
        server = HttpServer.start(HttpServerOptions.defaults().port(0), router);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
        repositories.close();
        accounts.close();
    }

    private String token(String user, Level most) {
        return accounts.tokens().create(user, "test", most, null);
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.uri().resolve(path))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .header("Content-Type", "application/json");
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String[] bearer(String token) {
        return new String[] {"Authorization", "Bearer " + token};
    }

    private int create(String organization, String token) throws Exception {
        String body =
                HttpJson.text(
                        organization.isEmpty()
                                ? Map.of("name", "net", "private", true)
                                : Map.of("name", "net", "organization", organization));
        return send("POST", "/api/repos/create", body, bearer(token)).statusCode();
    }

    @Test
    void anAccountIsAUserOfTheHubWithARepositoryOfItsOwn() throws Exception {
        String token = token("ada", Level.EDIT);
        HttpResponse<String> me = send("GET", "/api/whoami-v2", "", bearer(token));

        assertThat(me.statusCode()).as(me.body()).isEqualTo(200);
        assertThat(me.body()).contains("\"name\":\"ada\"").contains("\"role\":\"write\"");
        assertThat(create("", token)).isEqualTo(200);
        assertThat(send("GET", "/api/models/ada/net", "", bearer(token)).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aTokenForLessMayDoNoMore() throws Exception {
        assertThat(create("", token("ada", Level.READ))).isEqualTo(403);
        assertThat(create("", "jebena_unknown")).isEqualTo(401);
    }

    @Test
    void aRoleInAWorkspaceIsOneInTheNamespace() throws Exception {
        String token = token("ada", Level.MANAGE);
        assertThat(create("vision", token)).isEqualTo(403);

        accounts.permissions().setRole("vision", Permissions.Holder.USER, "ada", Level.EDIT);
        assertThat(create("vision", token)).isEqualTo(200);
        HttpResponse<String> me = send("GET", "/api/whoami-v2", "", bearer(token));
        assertThat(me.body()).contains("\"roleInOrg\":\"write\"");

        accounts.permissions().removeRole("vision", Permissions.Holder.USER, "ada");
        assertThat(
                        send(
                                        "DELETE",
                                        "/api/repos/delete",
                                        "{\"name\": \"net\", \"organization\": \"vision\"}",
                                        bearer(token))
                                .statusCode())
                .isEqualTo(403);
    }

    @Test
    void whoIsDisabledComesInNoMore() throws Exception {
        String token = token("ada", Level.MANAGE);
        assertThat(create("", token)).isEqualTo(200);
        HttpResponse<String> made =
                send(
                        "POST",
                        "/api/settings/tokens",
                        "{\"displayName\": \"x\", \"role\": \"read\"}",
                        bearer(token));
        assertThat(made.statusCode()).isEqualTo(400);
        assertThat(made.body()).contains("/api/accounts/tokens");

        accounts.users().disable("ada", true);
        assertThat(send("GET", "/api/whoami-v2", "", bearer(token)).statusCode()).isEqualTo(401);
    }

    @Test
    void anAccountOfTheHubItselfIsGivenToNobody() throws Exception {
        accounts.users().create("jebena", PASSWORD);
        HttpResponse<String> me =
                send("GET", "/api/whoami-v2", "", bearer(token("jebena", Level.MANAGE)));

        assertThat(me.statusCode()).isEqualTo(403);
        assertThat(me.body()).contains("account jebena of its own");
        assertThat(send("GET", "/api/whoami-v2", "", bearer("hf_ownertoken")).body())
                .contains("\"name\":\"jebena\"");
    }

    @Test
    void passwordsAndSessionsCountToo() throws Exception {
        String pair =
                Base64.getEncoder()
                        .encodeToString(("ada:" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        assertThat(send("GET", "/api/whoami-v2", "", "Authorization", "Basic " + pair).statusCode())
                .isEqualTo(200);

        HttpResponse<String> login =
                send(
                        "POST",
                        "/api/accounts/login",
                        HttpJson.text(Map.of("username", "ada", "password", PASSWORD)));
        List<String> cookies = login.headers().allValues("Set-Cookie");
        assertThat(cookies).as(login.body()).isNotEmpty();
        assertThat(
                        send(
                                        "GET",
                                        "/api/whoami-v2",
                                        "",
                                        "Cookie",
                                        cookies.getFirst().split(";")[0])
                                .body())
                .contains("\"name\":\"ada\"");
    }

    @Test
    void administratorsMayDoEverything() throws Exception {
        assertThat(create("", token("ada", Level.EDIT))).isEqualTo(200);
        assertThat(
                        send(
                                        "DELETE",
                                        "/api/repos/delete",
                                        "{\"name\": \"net\", \"organization\": \"ada\"}",
                                        bearer(token("admin", Level.MANAGE)))
                                .statusCode())
                .isEqualTo(200);
    }

    @Test
    void gitTakesATokenWithAnyName() throws Exception {
        String token = token("ada", Level.EDIT);
        assertThat(create("", token)).isEqualTo(200);
        Path clone = folder.resolve("clone");
        Git.cloneRepository()
                .setURI(server.uri() + "/ada/net")
                .setDirectory(clone.toFile())
                .setCredentialsProvider(new UsernamePasswordCredentialsProvider("user", token))
                .call()
                .close();
        assertThat(clone.resolve(".gitattributes")).exists();
        assertThatThrownBy(() ->
                        Git.cloneRepository()
                                .setURI(server.uri() + "/ada/net")
                                .setDirectory(folder.resolve("other").toFile())
                                .setCredentialsProvider(
                                        new UsernamePasswordCredentialsProvider("ada", "wrong"))
                                .call())
                .isInstanceOf(TransportException.class);
    }
}
