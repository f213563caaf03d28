package dev.jebena.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.accounts.Accounts;
import dev.jebena.accounts.AccountsOptions;
import dev.jebena.accounts.Level;
import dev.jebena.accounts.Permissions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GateAccessTest {
    private static final String ADMIN = "a-long-admin-password";
    private static final String JOE = "joe-has-a-password";

    @TempDir Path folder;

    @Test
    void gatesAndTheLogOfModelsThatOneMayNotReadAreNotTold() {
        Accounts accounts = Accounts.open(AccountsOptions.in(folder).adminPassword(ADMIN));
        try (TrackingServer server = new TrackingServer(TrackingOptions.in(folder), accounts)) {
            server.login("admin", ADMIN);
            for (String name : List.of("open", "secret.model")) {
                server.post("registered-models/create", Map.of("name", name));
                server.post(
                        "jebena-gates/set", Map.of("name", name, "alias", "best", "reviews", 1));
            }
            server.post("jebena-gates/set", Map.of("name", "*", "alias", "any", "described", true));
            accounts.users().create("joe", JOE);
            accounts.permissions()
                    .setRole("secret", Permissions.Holder.USER, "admin", Level.MANAGE);
            server.login("joe", JOE);
            assertThat(server.get("jebena-gates/list").text())
                    .contains("\"open\"", "\"any\"")
                    .doesNotContain("secret.model");
            assertThat(server.get("jebena-gates/list?name=secret.model").text())
                    .doesNotContain("best");
            assertThat(server.get("jebena-gates/log").text())
                    .contains("\"open\"")
                    .doesNotContain("secret.model");
            assertThat(server.get("jebena-gates/log?name=secret.model").at("entries"))
                    .isEqualTo(List.of());
            assertThat(
                            server.post(
                                            "jebena-gates/set",
                                            Map.of("name", "open", "alias", "best", "reviews", 0))
                                    .status())
                    .isEqualTo(403);
            assertThat(
                            server.post(
                                            "jebena-gates/delete",
                                            Map.of("name", "open", "alias", "best"))
                                    .status())
                    .isEqualTo(403);
            server.login("admin", ADMIN);
            assertThat(server.get("jebena-gates/list").text()).contains("secret.model");
        }
    }
}
