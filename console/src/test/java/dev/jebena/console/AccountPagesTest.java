package dev.jebena.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.accounts.Accounts;
import dev.jebena.accounts.AccountsOptions;
import dev.jebena.accounts.OidcOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The pages of a server on which everybody needs an account: login, the own account, and all
/// accounts for administrators.
class AccountPagesTest extends BrowserTest {
    private static final String PASSWORD = "a long password";
    private static final String MARKUP = "<img src=x onerror=window.hacked=1>";

    private static PageServer server;
    private static Accounts accounts;
    private static MockOAuth2Server provider;

    private BrowserPage page;

    @BeforeAll
    static void start(@TempDir Path folder) {
        provider = new MockOAuth2Server();
        provider.start();
        accounts =
                Accounts.open(
                        AccountsOptions.in(folder.resolve("accounts")).adminPassword(PASSWORD));
        accounts.users().create("joe", PASSWORD);
        URI issuer = provider.issuerUrl("people").uri();
        server = new PageServer(folder, accounts, OidcOptions.of(issuer, "jebena", "a secret"));
    }

    @AfterAll
    static void close() {
        server.close();
        accounts.close();
        provider.shutdown();
    }

    @BeforeEach
    void openTab() {
        page = newPage();
        page.viewport(1300, 900, false);
        page.open(server.address() + "login");
        page.evaluate("fetch('/api/accounts/logout', {method: 'POST'}).then(r => r.status)");
        page.evaluate("localStorage.clear()");
    }

    @AfterEach
    void nothingIsRunNothingLeavesThisServerAndNothingComplains() {
        assertThat(page.evaluate("window.hacked === undefined")).isEqualTo(true);
        page.close();
        assertThat(page.requests)
                .allMatch(a ->
                        a.startsWith(server.address())
                                || a.startsWith("http://localhost:" + provider.baseUrl().port())
                                || a.equals("about:blank"));
        // A browser reports every refusal that a page meets.
        page.complaints.removeIf(text -> text.matches("(?s).*\\b(400|401|403|409|429)\\b.*"));
        assertThat(page.complaints).isEmpty();
    }

    private void open(String path) {
        page.open(server.address() + path);
        page.await("document.querySelector('h1')");
    }

    private void click(String label) {
        page.evaluate(
                "[...document.querySelectorAll('button, a')].find(b => b.textContent === '%s').click()"
                        .formatted(label));
    }

    private void press(String label) {
        page.evaluate("document.querySelector('[aria-label=\"%s\"]').click()".formatted(label));
    }

    /// Fills the login page by keys alone.
    private void logIn(String name, String password) {
        page.await("document.activeElement?.id === 'username'");
        page.type(name);
        page.press("Tab", 0);
        page.type(password);
        page.press("Enter", 0);
    }

    private void logInAt(String path, String name) {
        page.open(server.address() + path);
        page.await("location.pathname === '/login'");
        logIn(name, PASSWORD);
        page.await("location.pathname !== '/login'");
    }

    @Test
    void whoIsNotLoggedInComesBackToThePageThatWasWanted() {
        String path = "console/experiments?name=none";
        page.open(server.address() + path);
        page.await("location.pathname === '/login'");
        page.awaitText("h1", "Jebena");
        picture(page, "login");
        page.viewport(390, 800, true);
        page.colors("dark");
        picture(page, "login-phone-dark");
        page.viewport(1300, 900, false);
        page.colors("light");
        logIn("joe", "not the password");
        page.awaitText("[role=alert]", "There is no account with this name and password");
        page.evaluate("document.getElementById('username').select()");
        page.evaluate("document.getElementById('username').focus()");
        logIn("joe", PASSWORD);
        page.await("location.pathname === '/console/experiments'");
        assertThat(page.string("location.search")).isEqualTo("?name=none");
        page.awaitText("h1", "Experiments");
        page.awaitText("#who span", "joe");
        // The session ends elsewhere; the page that is open asks to log in again.
        accounts.users().changePassword("joe", PASSWORD);
        click("Registry");
        page.await("location.pathname === '/login'");
        assertThat(page.string("new URLSearchParams(location.search).get('next')"))
                .isEqualTo("/console/registry");
    }

    @Test
    void theLoginLeadsToNoOtherServer() {
        for (String next :
                List.of(
                        "https://evil.example/",
                        "//evil.example/",
                        "/%09/evil.example/",
                        "/%5Cevil.example/",
                        "/..//evil.example/",
                        "javascript:window.hacked=1")) {
            page.open(server.address() + "login?next=" + next);
            logIn("joe", PASSWORD);
            page.await("location.pathname !== '/login' && document.readyState === 'complete'");
            assertThat(page.string("location.origin + '/'")).as(next).isEqualTo(server.address());
            page.evaluate("fetch('/api/accounts/logout', {method: 'POST'}).then(r => r.status)");
        }
        page.complaints.removeIf(text -> text.contains("404"));
    }

    @Test
    void theChatPageAsksToLogInToo() {
        logInAt("", "joe");
        page.await("document.querySelector('#input')");
        page.awaitText("#who span", "joe");
        assertThat(page.string("location.pathname")).isEqualTo("/");
    }

    @Test
    void anotherSystemsLoginComesBackToThePage() {
        provider.enqueueCallback(
                new DefaultOAuth2TokenCallback(
                        "people",
                        "s1",
                        "JWT",
                        List.of("jebena"),
                        Map.of("preferred_username", "ada"),
                        3600));
        page.open(server.address() + "login?next=/console/account");
        page.await("!document.getElementById('other').hidden");
        assertThat(page.shown("#oidc")).startsWith("Log in with localhost");
        page.click("#oidc");
        page.await("location.pathname === '/console/account'");
        page.awaitText("main", "You log in with another system");
        page.awaitText("#who span", "ada");
    }

    @Test
    void anotherSystemsLoginThatFailsSaysWhy() {
        provider.enqueueCallback(
                new DefaultOAuth2TokenCallback(
                        "people",
                        "s2",
                        "JWT",
                        List.of("jebena"),
                        Map.of("preferred_username", "admin"),
                        3600));
        page.open(server.address() + "api/accounts/oidc/login?next=/");
        page.awaitText("[role=alert]", "the name admin belongs to another account here");
        page.click("a[href=\"/login\"]");
        page.await("location.pathname === '/login'");
    }

    @Test
    void tokensAreShownOnceAndOpenTheServer() {
        logInAt("console/account", "joe");
        page.awaitText("main", "API tokens");
        click("New API token");
        page.await("document.activeElement?.matches('dialog[open] input')");
        page.type("ci <b>");
        page.press("Enter", 0);
        page.await("document.querySelector('dialog input[readonly]')?.value.length > 20");
        String secret = page.string("document.querySelector('dialog input[readonly]').value");
        picture(page, "account-token");
        page.press("Enter", 0);
        page.awaitText("main table", "ci <b>");
        picture(page, "account");
        page.viewport(390, 800, true);
        assertThat(page.evaluate("document.querySelector('main').scrollWidth <= innerWidth"))
                .isEqualTo(true);
        picture(page, "account-phone");
        page.viewport(1300, 900, false);
        assertThat(page.shown("body")).doesNotContain(secret);
        assertThat(accounts.tokens().caller(secret)).isPresent();
        press("End ci <b>");
        page.await("document.querySelector('dialog[open] .primary')");
        page.click("dialog[open] .primary");
        page.awaitText("main", "None yet.");
        assertThat(accounts.tokens().caller(secret)).isEmpty();
    }

    @Test
    void sessionsAreListedAndEnded() {
        String other =
                page.string(
                        "fetch('/api/accounts/login', {method: 'POST', headers: {'Content-Type': 'application/json'},"
                                + " body: JSON.stringify({username: 'joe', password: '"
                                + PASSWORD
                                + "'})}).then(r => r.status)");
        assertThat(other).isEqualTo("200");
        page.evaluate("document.cookie");
        page.open(server.address() + "login?next=/console/account");
        logIn("joe", PASSWORD);
        page.await("location.pathname === '/console/account'");
        page.awaitText("main", "Sessions");
        page.awaitText("main", "this one");
        int before =
                Integer.parseInt(
                        page.string(
                                "document.querySelectorAll('[aria-label^=\"End the session\"]').length"));
        assertThat(before).isGreaterThanOrEqualTo(2);
        page.evaluate(
                "[...document.querySelectorAll('[aria-label=\"Sessions\"] tbody tr')].find(r => !r.innerText.includes('this one')).querySelector('button').click()");
        page.await(
                "document.querySelectorAll('[aria-label^=\"End the session\"]').length === "
                        + (before - 1));
        click("Log out");
        page.await("location.pathname === '/login'");
        assertThat(page.string("fetch('/api/accounts/me').then(r => r.status)")).isEqualTo("401");
    }

    @Test
    void administratorsManageUsersTeamsRolesAndReadTheLog() {
        logInAt("console/accounts/users", "admin");
        page.awaitText("main table", "joe");
        click("New user");
        page.await("document.activeElement?.matches('dialog[open] input')");
        page.type("eve");
        page.press("Tab", 0);
        page.type("short");
        page.evaluate("document.querySelector('dialog form').noValidate = true");
        page.press("Enter", 0);
        page.awaitText("dialog .bad", "12");
        page.evaluate(
                "document.querySelectorAll('dialog input')[1].value = '%s'".formatted(PASSWORD));
        click("Make");
        page.awaitText("main table", "eve");
        press("Shut out: eve");
        page.awaitText("main table", "shut out");
        assertThat(accounts.users().get("eve").disabled()).isTrue();
        press("Administrator: joe");
        page.await("document.querySelector('[aria-label=\"No administrator: joe\"]')");
        press("No administrator: joe");
        page.await("document.querySelector('[aria-label=\"Administrator: joe\"]')");
        picture(page, "accounts-users");
        click("Teams");
        page.awaitText("main", "No teams.");
        click("New team");
        page.await("document.activeElement?.matches('dialog[open] input')");
        page.type("vision team");
        page.press("Enter", 0);
        page.awaitText("main h2", "vision team");
        page.click("[aria-label=\"New member of vision team\"]");
        page.type("joe");
        page.press("Enter", 0);
        page.awaitText("main .team .tag", "joe");
        picture(page, "accounts-teams");
        click("Roles");
        page.awaitText("main", "No roles");
        page.click("main form input");
        page.type("vision");
        page.evaluate(
                "(() => { const s = document.querySelectorAll('main form select')[0]; s.value = 'team'; s.dispatchEvent(new Event('change')); })()");
        page.evaluate("document.querySelectorAll('main form input')[1].focus()");
        page.type("vision team");
        page.press("Enter", 0);
        page.awaitText("main table", "vision team");
        assertThat(accounts.permissions().inWorkspace(accounts.users().get("joe").id(), "vision"))
                .isPresent();
        picture(page, "accounts-roles");
        click("Log");
        page.awaitText("main table", "role.set");
        assertThat(page.shown("main table")).contains("team.add", "user.create");
        picture(page, "accounts-log");
        page.viewport(390, 800, true);
        page.colors("dark");
        picture(page, "accounts-log-phone-dark");
        assertThat(page.evaluate("document.querySelector('main').scrollWidth <= innerWidth"))
                .isEqualTo(true);
    }

    @Test
    void othersSeeNamesOnlyAndAreRefused() {
        logInAt("console/accounts/users", "joe");
        page.awaitText("main table", "admin");
        assertThat(page.shown("main")).contains("Administrators see and change more");
        assertThat(
                        page.evaluate(
                                "[...document.querySelectorAll('button')].some(b => b.textContent === 'New user')"))
                .isEqualTo(false);
        page.open(server.address() + "console/accounts/audit");
        page.awaitText("[role=alert]", "");
        page.open(server.address() + "console/accounts/roles");
        page.awaitText("main", "A workspace is what stands before");
        page.click("main form input");
        page.type("sound");
        page.evaluate("document.querySelectorAll('main form input')[1].focus()");
        page.type("joe");
        page.press("Enter", 0);
        page.await("document.querySelector('#notice .bad')");
        assertThat(accounts.permissions().inWorkspace(accounts.users().get("joe").id(), "sound"))
                .isEmpty();
    }

    @Test
    void aGateIsMadeChangedAndRemovedOnThePageOfTheModel() {
        server.post("registered-models/create", "name", "reader", "description", MARKUP);
        String run =
                server.run(
                        BrowserPage.text(
                                server.post("experiments/create", "name", "e"), "experiment_id"),
                        "r",
                        Map.of(),
                        Map.of("accuracy", 0.9));
        server.post(
                "model-versions/create", "name", "reader", "source", "runs:/x/m", "run_id", run);
        logInAt("console/registry/reader", "admin");
        page.awaitText("main", "None: every alias may name every version.");
        page.await("document.querySelectorAll('svg .node').length >= 2");
        click("New gate");
        page.await("document.activeElement?.matches('dialog[open] input')");
        page.type("champion");
        page.evaluate("document.querySelectorAll('dialog input')[2].focus()");
        page.type("metrics.accuracy >= 0.95");
        picture(page, "gate-dialog");
        page.press("Enter", 0);
        page.awaitText("[aria-label=Gates]", "metrics.accuracy");
        page.awaitText("main", "not asked yet");
        open("console/registry/reader/1");
        page.click("input[name=alias]");
        page.type("champion");
        page.press("Enter", 0);
        page.awaitText("#notice", "may not become champion");
        open("console/registry/reader");
        page.awaitText("main", "stayed shut");
        press("Edit the gate of champion");
        page.await("document.querySelector('dialog[open]')");
        page.evaluate(
                "document.querySelectorAll('dialog input')[2].value = 'metrics.accuracy >= 0.5'");
        click("Keep");
        page.awaitText("[aria-label=Gates]", ">= 0.5");
        picture(page, "registry-model");
        press("Remove the gate of champion");
        page.await("document.querySelector('dialog[open] .primary')");
        page.click("dialog[open] .primary");
        page.awaitText("main", "None: every alias may name every version.");
    }
}
