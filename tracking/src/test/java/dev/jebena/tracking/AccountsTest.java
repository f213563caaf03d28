package dev.jebena.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.accounts.Accounts;
import dev.jebena.accounts.AccountsOptions;
import dev.jebena.accounts.Level;
import dev.jebena.accounts.Permissions.Holder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountsTest {
    private static final String ADMIN = "a-long-admin-password";
    private static final String JOE = "joe-has-a-password";

    @TempDir Path folder;
    private TrackingServer server;
    private Accounts accounts;

    @BeforeEach
    void start() {
        accounts = Accounts.open(AccountsOptions.in(folder).adminPassword(ADMIN));
        server = new TrackingServer(TrackingOptions.in(folder), accounts);
        server.login("admin", ADMIN);
        assertThat(server.post("users/create", Map.of("username", "joe", "password", JOE)).status())
                .isEqualTo(200);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void withoutCredentialsNothingIsAnswered() {
        server.login("admin", "wrong");
        assertThat(server.get("experiments/get?experiment_id=0").status()).isEqualTo(401);
        assertThat(server.get("/get-artifact?run_id=x&path=y").status()).isEqualTo(401);
        assertThat(server.get("/api/2.0/mlflow-artifacts/artifacts/0/x").status()).isEqualTo(401);
        assertThat(server.get("users/list").status()).isEqualTo(401);
    }

    @Test
    void readersDoNotWriteUntilTheyMay() {
        String experiment = server.experiment("secret");
        server.login("joe", JOE);
        assertThat(server.get("experiments/get?experiment_id=" + experiment).status())
                .isEqualTo(200);
        Map<String, String> create = Map.of("experiment_id", experiment);
        assertThat(server.post("runs/create", create).status()).isEqualTo(403);
        assertThat(server.post("users/create", Map.of("username", "x", "password", JOE)).status())
                .isEqualTo(403);
        grant(experiment, "EDIT");
        assertThat(server.post("runs/create", create).status()).isEqualTo(200);
        assertThat(server.post("experiments/delete", create).status()).isEqualTo(403);
        grant(experiment, "MANAGE");
        assertThat(server.post("experiments/delete", create).status()).isEqualTo(200);
    }

    private void grant(String experiment, String level) {
        server.login("admin", ADMIN);
        assertThat(
                        server.post(
                                        "/api/3.0/mlflow/users/permissions/grant",
                                        Map.of(
                                                "username",
                                                "joe",
                                                "resource_type",
                                                "experiment",
                                                "resource_id",
                                                experiment,
                                                "permission",
                                                level))
                                .status())
                .isEqualTo(200);
        server.login("joe", JOE);
    }

    @Test
    void whatMayNotBeReadIsNotFoundBySearches() {
        String experiment = server.experiment("hidden");
        server.run(experiment, "run");
        grant(experiment, "NO_PERMISSIONS");
        assertThat(server.get("experiments/get-by-name?experiment_name=hidden").status())
                .isEqualTo(403);
        assertThat(server.post("experiments/search", Map.of("max_results", 10)).text())
                .contains("Default")
                .doesNotContain("hidden");
        assertThat(
                        server.post("runs/search", Map.of("experiment_ids", List.of(experiment)))
                                .at("runs"))
                .isEqualTo("");
        assertThat(server.get("/api/2.0/mlflow-artifacts/artifacts/" + experiment + "/x").status())
                .isEqualTo(403);
    }

    @Test
    void whoMakesSomethingManagesIt() {
        server.login("joe", JOE);
        String experiment = server.experiment("own");
        assertThat(server.run(experiment, "run")).isNotEmpty();
        assertThat(
                        server.post(
                                        "experiments/update",
                                        Map.of("experiment_id", experiment, "new_name", "mine"))
                                .status())
                .isEqualTo(200);
    }

    @Test
    void whoChangesTheOwnPasswordGivesTheOldOne() {
        server.login("joe", JOE);
        Map<String, String> change = Map.of("username", "joe", "password", "another-password");
        assertThat(
                        server.send(
                                        "PATCH",
                                        "users/update-password",
                                        dev.jebena.base.HttpJson.bytes(change))
                                .status())
                .as("the old password is missing")
                .isEqualTo(400);
    }

    @Test
    void aWorkspaceBelongsToThoseWhoHaveARoleThere() {
        server.login("joe", JOE);
        String open = server.experiment("joes");
        assertThat(open).isNotEmpty();
        accounts.teams().create("vision team");
        accounts.permissions().setRole("vision", Holder.TEAM, "vision team", Level.EDIT);
        assertThat(server.post("experiments/create", Map.of("name", "vision/digits")).status())
                .isEqualTo(403);
        Map<String, String> renamed = Map.of("experiment_id", open, "new_name", "vision/joes");
        assertThat(server.post("experiments/update", renamed).status()).isEqualTo(403);
        server.login("admin", ADMIN);
        String digits = server.experiment("vision/digits");
        server.login("joe", JOE);
        assertThat(server.get("experiments/get?experiment_id=" + digits).status()).isEqualTo(403);
        accounts.teams().add("vision team", "joe");
        assertThat(server.get("experiments/get?experiment_id=" + digits).status()).isEqualTo(200);
        assertThat(server.post("runs/create", Map.of("experiment_id", digits)).status())
                .isEqualTo(200);
        assertThat(server.post("experiments/create", Map.of("name", "vision/letters")).status())
                .isEqualTo(200);
        assertThat(server.post("registered-models/create", Map.of("name", "vision.x")).status())
                .isEqualTo(200);
    }

    @Test
    void aTokenMayDoNoMoreThanItWasMadeFor() {
        String experiment = server.experiment("mine");
        for (Level level : new Level[] {Level.READ, Level.EDIT}) {
            String token = accounts.tokens().create("admin", level.name(), level, null);
            String[] bearer = {"Authorization", "Bearer " + token};
            server.login("", "");
            TrackingServer.Caller caller =
                    new TrackingServer.Caller(server.http.uri().toString().replaceFirst("/$", ""));
            assertThat(
                            caller.send(
                                            "GET",
                                            "experiments/get?experiment_id=" + experiment,
                                            null,
                                            bearer)
                                    .status())
                    .isEqualTo(200);
            byte[] run =
                    ("{\"experiment_id\": \"" + experiment + "\"}")
                            .getBytes(java.nio.charset.StandardCharsets.UTF_8);
            assertThat(caller.send("POST", "runs/create", run, bearer).status())
                    .isEqualTo(level == Level.READ ? 403 : 200);
            assertThat(caller.send("GET", "users/list", null, bearer).status()).isEqualTo(403);
            caller.close();
        }
    }

    @Test
    void accountsOfOlderVersionsMoveOver() {
        server.tracking
                .data()
                .write(sql -> {
                    sql.update(
                            "INSERT INTO account (id, username, password, admin)"
                                    + " VALUES (7, 'old', 'hash', 1)");
                    return sql.update(
                            "INSERT INTO permission (kind, resource, account, permission)"
                                    + " VALUES ('experiment', '0', 7, 'EDIT')");
                });
        server.close();
        accounts = Accounts.open(AccountsOptions.in(folder));
        server = new TrackingServer(TrackingOptions.in(folder), accounts);
        assertThat(accounts.users().get("old").admin()).isTrue();
        assertThat(accounts.permissions().list("old").toString()).contains("EDIT");
        long left = server.tracking.data().read(sql -> sql.number("SELECT count(*) FROM account"));
        assertThat(left).isZero();
    }
}
