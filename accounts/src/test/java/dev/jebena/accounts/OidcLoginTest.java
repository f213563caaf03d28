package dev.jebena.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Login with an OpenID Connect provider that the test starts.
class OidcLoginTest {
    private static final String CLIENT = "jebena";

    @TempDir Path folder;
    private MockOAuth2Server provider;
    private AccountsServer server;

    @BeforeEach
    void start() {
        provider = new MockOAuth2Server();
        provider.start();
        URI issuer = provider.issuerUrl("people").uri();
        server = new AccountsServer(folder, OidcOptions.of(issuer, CLIENT, "a secret"));
    }

    @AfterEach
    void stop() {
        server.close();
        provider.shutdown();
    }

    private void next(String subject, Map<String, Object> claims) {
        next(subject, claims, 3600);
    }

    private void next(String subject, Map<String, Object> claims, long seconds) {
        provider.enqueueCallback(
                new DefaultOAuth2TokenCallback(
                        "people", subject, "JWT", List.of(CLIENT), claims, seconds));
    }

    /// What the browser does: to the provider, and back to the server.
    private AccountsServer.Reply login(String next) {
        AccountsServer.Reply there = server.get("/api/accounts/oidc/login?next=" + next);
        assertThat(there.status()).isEqualTo(303);
        assertThat(there.location()).contains("code_challenge", "nonce", "state");
        AccountsServer.Reply back = server.send("GET", URI.create(there.location()), null);
        assertThat(back.status()).isEqualTo(302);
        return server.send("GET", URI.create(back.location()), null);
    }

    @Test
    void aPersonOfTheProviderGetsAnAccountAndTeams() {
        server.accounts.teams().create("vision");
        next("s1", Map.of("preferred_username", "ada", "groups", List.of("vision", "x")));
        AccountsServer.Reply done = login("/secret");
        assertThat(done.status()).as(done.text()).isEqualTo(303);
        assertThat(done.location()).isEqualTo("/secret");
        assertThat(server.get("/secret").text()).isEqualTo("secret");
        assertThat(server.get("/api/accounts/me").json())
                .containsEntry("username", "ada")
                .containsEntry("is_admin", false)
                .containsEntry("teams", List.of("vision"));
        // The same person again is the same account, out of the group meanwhile.
        next("s1", Map.of("preferred_username", "ada", "groups", List.of()));
        login("/");
        assertThat(server.accounts.users().list()).hasSize(2);
        assertThat(server.get("/api/accounts/me").json()).containsEntry("teams", List.of());
    }

    @Test
    void aNameThatIsTakenIsNotGivenAway() {
        next("s2", Map.of("preferred_username", "admin"));
        AccountsServer.Reply refused = login("/");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(server.get("/secret").status()).isEqualTo(401);
    }

    @Test
    void aTokenThatHoldsNoMoreIsRefused() {
        next("s3", Map.of("preferred_username", "eve"), -3600);
        assertThat(login("/").status()).isEqualTo(502);
        assertThat(server.accounts.users().find("eve")).isEmpty();
    }

    @Test
    void aLoginThatWasNotBegunHereIsRefusedAndNoneHoldsTwice() {
        assertThat(server.get("/api/accounts/oidc/callback?state=made-up&code=x").status())
                .isEqualTo(403);
        next("s4", Map.of("preferred_username", "bob"));
        AccountsServer.Reply there = server.get("/api/accounts/oidc/login?next=//evil.example/");
        AccountsServer.Reply back = server.send("GET", URI.create(there.location()), null);
        AccountsServer.Reply done = server.send("GET", URI.create(back.location()), null);
        assertThat(done.location()).isEqualTo("/");
        assertThat(server.send("GET", URI.create(back.location()), null).status()).isEqualTo(403);
    }

    @Test
    void whoIsDisabledStaysOut() {
        next("s5", Map.of("preferred_username", "carl"));
        login("/");
        server.accounts.users().disable("carl", true);
        server.forget();
        next("s5", Map.of("preferred_username", "carl"));
        assertThat(login("/").status()).isEqualTo(403);
    }
}
