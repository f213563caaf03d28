package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// `jebena accounts` over the data folder of the tests.
class AccountsCommandTest {
    private static final String PASSWORD = "a long password";

    private static CommandRun accounts(String... args) {
        return withInput("", args);
    }

    private static CommandRun withInput(String input, String... args) {
        List<String> words = new ArrayList<>(List.of("accounts"));
        words.addAll(List.of(args));
        return CommandRun.withInput(input, words.toArray(String[]::new));
    }

    @AfterEach
    void clear() {
        accounts("rm", "ada");
        accounts("rm", "joe");
        accounts("team", "delete", "seers");
    }

    @Test
    void usersAreMadeChangedAndRemoved() {
        assertThat(withInput(PASSWORD + "\n", "add", "ada", "--admin").status()).isZero();
        assertThat(withInput(PASSWORD, "add", "joe").status()).isZero();
        assertThat(accounts("set", "joe", "--disabled").status()).isZero();
        Map<?, ?> all =
                (Map<?, ?>) Objects.requireNonNull(Json.parse(accounts("ls", "--json").out()));
        assertThat(String.valueOf(all.get("users")))
                .contains(
                        "username=ada, is_admin=true",
                        "username=joe, is_admin=false, disabled=true")
                .doesNotContain(PASSWORD);
        assertThat(withInput("another password", "passwd", "joe").status()).isZero();
        assertThat(accounts("rm", "joe").status()).isZero();
        assertThat(accounts("ls").out()).contains("ada").doesNotContain("joe");
        assertThat(accounts("audit").out()).contains("user.create", "user.disable", "user.delete");
    }

    @Test
    void teamsAndRolesAreGivenAndTaken() {
        withInput(PASSWORD, "add", "ada");
        assertThat(accounts("team", "create", "seers").status()).isZero();
        assertThat(accounts("team", "add", "seers", "ada").status()).isZero();
        assertThat(accounts("ls", "teams").out()).contains("seers", "ada");
        assertThat(accounts("role", "vision", "seers", "EDIT", "--team").status()).isZero();
        assertThat(accounts("role", "vision", "ada", "READ").status()).isZero();
        assertThat(accounts("ls", "roles").out()).contains("EDIT", "READ");
        assertThat(accounts("role", "vision", "ada", "none").status()).isZero();
        assertThat(accounts("ls", "roles").out()).doesNotContain("READ");
    }

    @Test
    void tokensAreShownOnceAndEnded() {
        withInput(PASSWORD, "add", "ada");
        String secret =
                accounts("token", "ada", "ci", "--level", "READ", "--days", "7").out().strip();
        assertThat(secret).startsWith("jebena_").hasSizeGreaterThan(40);
        CommandRun list = accounts("token", "ada");
        assertThat(list.out()).contains("ci", "READ").doesNotContain(secret);
        String id = list.out().lines().skip(1).findFirst().orElseThrow().split(" ")[0];
        assertThat(accounts("token", "ada", "--end", id).status()).isZero();
        assertThat(accounts("token", "ada").out()).isEqualTo("no tokens\n");
    }

    @Test
    void wrongInputIsOneClearMessage() {
        assertThat(withInput("short", "add", "joe").err()).contains("12");
        assertThat(accounts("add", "joe").status()).isEqualTo(ExitCode.USAGE);
        assertThat(accounts("passwd", "nobody").status()).isEqualTo(ExitCode.FAILED);
        assertThat(accounts("passwd", "nobody").err()).contains("nobody");
        assertThat(accounts("set", "nobody").status()).isEqualTo(ExitCode.USAGE);
        assertThat(accounts("ls", "cats").err()).contains("users, teams or roles");
        assertThat(accounts("team", "create").status()).isEqualTo(ExitCode.USAGE);
        assertThat(accounts("team", "join", "a", "b").err()).contains("team add|remove");
        assertThat(accounts("role", "v", "nobody", "GOD").err()).contains("Invalid permission");
        assertThat(accounts("audit", "--max", "0").status()).isEqualTo(ExitCode.USAGE);
        assertThat(accounts("dance").status()).isEqualTo(ExitCode.USAGE);
    }
}
