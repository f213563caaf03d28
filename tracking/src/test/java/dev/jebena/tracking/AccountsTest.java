package dev.jebena.tracking;

import static org.assertj.core.api.Assertions.assertThat;

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

    @BeforeEach
    void start() {
        server = new TrackingServer(TrackingOptions.in(folder).adminPassword(ADMIN));
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
    void passwordsAreKeptAsHashes() {
        String hash =
                server.tracking
                        .data()
                        .read(sql ->
                                sql.first(
                                        "SELECT password FROM account WHERE username = 'joe'",
                                        row -> row.text(1)))
                        .orElseThrow();
        assertThat(hash).startsWith("$argon2id$").doesNotContain(JOE);
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
}
