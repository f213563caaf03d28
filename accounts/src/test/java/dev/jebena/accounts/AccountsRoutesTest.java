package dev.jebena.accounts;

import static dev.jebena.accounts.AccountsServer.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountsRoutesTest {
    private static final String JOE = "joe has a password";

    @TempDir Path folder;
    private AccountsServer server;

    AccountsOptions options() {
        return AccountsOptions.in(folder);
    }

    @BeforeEach
    void start() {
        server = new AccountsServer(options(), null);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String basic(String name, String password) {
        byte[] pair = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    private void joe() {
        assertThat(server.login("admin", PASSWORD)).isEqualTo(200);
        assertThat(
                        server.post(
                                        "/api/accounts/users",
                                        Map.of("username", "joe", "password", JOE))
                                .status())
                .isEqualTo(200);
        server.forget();
    }

    @Test
    void nobodyComesInWithoutAnAccount() {
        AccountsServer.Reply refused = server.get("/secret");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.text()).contains("/login");
        assertThat(server.get("/secret", "Authorization", "Bearer jebena_x").status())
                .isEqualTo(401);
        assertThat(server.get("/secret", "Authorization", "Basic !!!").status()).isEqualTo(401);
        assertThat(server.get("/secret", "Cookie", "jebena_session=x").status()).isEqualTo(401);
        assertThat(server.get("/login").text()).contains("<form");
        assertThat(server.get("/api/accounts/ways").json()).containsEntry("oidc", null);
    }

    @Test
    void aSessionBeginsAndEnds() {
        assertThat(server.login("admin", "not the password")).isEqualTo(401);
        assertThat(server.login("nobody", PASSWORD)).isEqualTo(401);
        assertThat(server.login("admin", PASSWORD)).isEqualTo(200);
        assertThat(server.get("/secret").text()).isEqualTo("secret");
        assertThat(server.get("/api/accounts/me").json())
                .containsEntry("username", "admin")
                .containsEntry("is_admin", true);
        String cookie =
                server.post(
                                "/api/accounts/login",
                                Map.of("username", "admin", "password", PASSWORD))
                        .whole()
                        .headers()
                        .firstValue("Set-Cookie")
                        .orElse("");
        assertThat(cookie).contains("HttpOnly", "SameSite=Lax", "Path=/");
        server.post("/api/accounts/logout", Map.of());
        assertThat(server.get("/secret", "Cookie", cookie.split(";")[0]).status()).isEqualTo(401);
    }

    @Test
    void passwordsTokensAndBasicOpenTheServer() {
        joe();
        assertThat(server.get("/secret", "Authorization", basic("joe", JOE)).status())
                .isEqualTo(200);
        assertThat(server.get("/secret", "Authorization", basic("joe", "wrong")).status())
                .isEqualTo(401);
        String reader = server.accounts.tokens().create("joe", "reader", Level.READ, null);
        String bearer = "Bearer " + reader;
        assertThat(server.get("/secret", "Authorization", bearer).status()).isEqualTo(200);
        assertThat(server.get("/secret", "X-API-Key", reader).status()).isEqualTo(200);
        assertThat(server.get("/secret", "Authorization", basic("joe", reader)).status())
                .isEqualTo(200);
        assertThat(server.get("/secret", "Authorization", basic("admin", reader)).status())
                .isEqualTo(401);
        assertThat(server.post("/secret", Map.of(), "Authorization", bearer).status())
                .isEqualTo(403);
        assertThat(
                        server.post(
                                        "/api/accounts/tokens",
                                        Map.of("name", "more"),
                                        "Authorization",
                                        bearer)
                                .status())
                .isEqualTo(403);
        String brief =
                server.accounts.tokens().create("joe", "brief", Level.READ, Duration.ofMillis(1));
        assertThat(server.get("/secret", "Authorization", "Bearer " + brief).status())
                .isEqualTo(401);
    }

    @Test
    void ownTokensAreMadeAndEnded() {
        joe();
        server.login("joe", JOE);
        Object secret =
                server.post(
                                "/api/accounts/tokens",
                                Map.of("name", "ci", "level", "EDIT", "days", 7))
                        .json()
                        .get("token");
        String bearer = "Bearer " + secret;
        assertThat(server.get("/api/accounts/tokens").text())
                .contains("ci")
                .doesNotContain("" + secret);
        server.forget();
        assertThat(server.get("/secret", "Authorization", bearer).status()).isEqualTo(200);
        server.login("joe", JOE);
        assertThat(server.send("DELETE", server.uri("/api/accounts/tokens/1"), null).status())
                .isEqualTo(200);
        server.forget();
        assertThat(server.get("/secret", "Authorization", bearer).status()).isEqualTo(401);
        server.login("joe", JOE);
        assertThat(server.post("/api/accounts/tokens", Map.of("name", "x", "days", -1)).status())
                .isEqualTo(400);
        assertThat(
                        server.post("/api/accounts/tokens", Map.of("name", "x", "level", "GOD"))
                                .status())
                .isEqualTo(400);
    }

    @Test
    void ownSessionsAreListedAndEndedAndNobodyElses() {
        joe();
        server.login("admin", PASSWORD);
        Object admins = first(server.get("/api/accounts/sessions"), "sessions").get("id");
        server.forget();
        server.login("joe", JOE);
        AccountsServer.Reply sessions = server.get("/api/accounts/sessions");
        assertThat(first(sessions, "sessions").get("current")).isEqualTo(true);
        assertThat(sessions.text()).doesNotContain(String.valueOf(admins));
        assertThat(delete("/api/accounts/sessions/" + admins).status()).isEqualTo(404);
        String reader =
                "Bearer " + server.accounts.tokens().create("joe", "reader", Level.READ, null);
        Object own = first(sessions, "sessions").get("id");
        assertThat(delete("/api/accounts/sessions/" + own, "Authorization", reader).status())
                .isEqualTo(403);
        assertThat(delete("/api/accounts/sessions", "Authorization", reader).status())
                .isEqualTo(403);
        assertThat(delete("/api/accounts/sessions/" + own).status()).isEqualTo(200);
        assertThat(server.get("/secret").status()).isEqualTo(401);
        assertThat(server.get("/api/accounts/sessions").status()).isEqualTo(401);
    }

    private AccountsServer.Reply delete(String path, String... headers) {
        return server.send("DELETE", server.uri(path), null, headers);
    }

    private static Map<?, ?> first(AccountsServer.Reply reply, String list) {
        return (Map<?, ?>) ((List<?>) Objects.requireNonNull(reply.json().get(list))).getFirst();
    }

    @Test
    void theLoginPageRunsItsOwnScriptOnlyAndTellsWhoIsIn() {
        AccountsServer.Reply page = server.get("/login");
        assertThat(page.whole().headers().firstValue("Content-Security-Policy").orElse(""))
                .contains("script-src 'sha256-", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(server.get("/api/accounts/ways").json()).containsEntry("user", null);
        server.login("admin", PASSWORD);
        assertThat(server.get("/api/accounts/ways").json())
                .containsEntry("user", Map.of("username", "admin", "is_admin", true));
    }

    @Test
    void aPageIsRefusedWithoutTheBrowsersOwnDialog() {
        assertThat(server.get("/secret").whole().headers().firstValue("WWW-Authenticate"))
                .isPresent();
        assertThat(
                        server.get("/secret", "X-Requested-With", "XMLHttpRequest")
                                .whole()
                                .headers()
                                .firstValue("WWW-Authenticate"))
                .isEmpty();
    }

    @Test
    void othersSeeNoMoreOfUsersThanTheirNames() {
        joe();
        server.login("joe", JOE);
        assertThat(server.get("/api/accounts/users").text())
                .contains("admin")
                .doesNotContain("is_admin", "email");
        for (String path : List.of("users/admin", "teams/x", "teams/x/members/joe")) {
            assertThat(delete("/api/accounts/" + path).status()).as(path).isEqualTo(403);
        }
        assertThat(
                        server.send(
                                        "PATCH",
                                        server.uri("/api/accounts/users/joe"),
                                        Map.of("is_admin", true))
                                .status())
                .isEqualTo(403);
    }

    @Test
    void onlyAdministratorsManage() {
        joe();
        server.login("joe", JOE);
        assertThat(
                        server.post("/api/accounts/users", Map.of("username", "x", "password", JOE))
                                .status())
                .isEqualTo(403);
        assertThat(server.post("/api/accounts/teams", Map.of("name", "x")).status()).isEqualTo(403);
        assertThat(server.get("/api/accounts/audit").status()).isEqualTo(403);
        server.login("admin", PASSWORD);
        assertThat(server.post("/api/accounts/teams", Map.of("name", "vision team")).status())
                .isEqualTo(200);
        assertThat(
                        server.send(
                                        "PUT",
                                        server.uri("/api/accounts/teams/vision%20team/members/joe"),
                                        null)
                                .status())
                .isEqualTo(200);
        assertThat(
                        server.send(
                                        "PUT",
                                        server.uri("/api/accounts/roles/vision/team/vision%20team"),
                                        Map.of("level", "MANAGE"))
                                .status())
                .isEqualTo(200);
        assertThat(server.get("/api/accounts/roles").text()).contains("vision team", "MANAGE");
        assertThat(server.get("/api/accounts/audit").text())
                .contains("team.add", "role.set", "\"allowed\":false");
        // Who manages a workspace gives roles in it, and in no other.
        server.login("joe", JOE);
        Map<String, String> read = Map.of("level", "READ");
        assertThat(
                        server.send(
                                        "PUT",
                                        server.uri("/api/accounts/roles/vision/user/admin"),
                                        read)
                                .status())
                .isEqualTo(200);
        assertThat(
                        server.send("PUT", server.uri("/api/accounts/roles/sound/user/joe"), read)
                                .status())
                .isEqualTo(403);
    }

    @Test
    void whoIsDisabledOrHasANewPasswordIsOut() {
        joe();
        server.login("joe", JOE);
        assertThat(server.get("/secret").status()).isEqualTo(200);
        server.accounts.users().disable("joe", true);
        assertThat(server.get("/secret").status()).isEqualTo(401);
        assertThat(server.login("joe", JOE)).isEqualTo(401);
        server.accounts.users().disable("joe", false);
        server.login("joe", JOE);
        assertThat(
                        server.post(
                                        "/api/accounts/password",
                                        Map.of(
                                                "current_password",
                                                "no",
                                                "password",
                                                "a new password"))
                                .status())
                .isEqualTo(403);
        server.post(
                "/api/accounts/password",
                Map.of("current_password", JOE, "password", "a new password"));
        assertThat(server.get("/secret").status()).isEqualTo(401);
        assertThat(server.login("joe", "a new password")).isEqualTo(200);
    }

    @Test
    void passwordsCannotBeTriedWithoutEnd() {
        for (int i = 0; i < 10; i++) {
            assertThat(server.login("admin", "guess number " + i)).isEqualTo(401);
        }
        assertThat(server.login("admin", "one more guess")).isEqualTo(429);
    }

    @Test
    void pagesOfOthersCannotUseASession() {
        server.login("admin", PASSWORD);
        assertThat(server.post("/secret", Map.of(), "Origin", "https://evil.example").status())
                .isEqualTo(403);
    }

    @Test
    void secretsAreKeptAsHashesOnly() throws IOException {
        joe();
        String token = server.accounts.tokens().create("joe", "ci", Level.READ, null);
        server.login("joe", JOE);
        server.close();
        for (String file : List.of("accounts.db", "accounts.db-wal")) {
            if (Files.exists(folder.resolve(file))) {
                String bytes = Files.readString(folder.resolve(file), StandardCharsets.ISO_8859_1);
                assertThat(bytes).doesNotContain(token).doesNotContain(JOE);
            }
        }
        server = new AccountsServer(options(), null);
        assertThat(server.get("/secret", "Authorization", "Bearer " + token).status())
                .isEqualTo(200);
    }
}
