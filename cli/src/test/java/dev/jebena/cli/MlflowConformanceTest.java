package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jebena.accounts.Accounts;
import dev.jebena.accounts.AccountsOptions;
import dev.jebena.accounts.AccountsRoutes;
import dev.jebena.base.HttpServerOptions;
import dev.jebena.hub.Hub;
import dev.jebena.serving.JebenaServer;
import dev.jebena.serving.ServingOptions;
import dev.jebena.tracking.Tracking;
import dev.jebena.tracking.TrackingOptions;
import dev.jebena.tracking.TrackingRoutes;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real MLflow client in Python against the assembled server, without accounts and with: the
/// project's conformance script, 204 checks.
@Tag("slow")
class MlflowConformanceTest {
    private static final String PASSWORD = "jebena-admin-1";
    private static final Path SCRIPTS =
            Path.of(System.getProperty("jebena.shared", "../shared"), "conformance", "mlops");

    @TempDir Path folder;

    private JebenaServer start(String name, boolean guarded) {
        Path home = folder.resolve(name);
        Tracking tracking = Tracking.open(TrackingOptions.in(home.resolve("tracking")));
        Accounts accounts =
                Accounts.open(AccountsOptions.in(home.resolve("accounts")).adminPassword(PASSWORD));
        return JebenaServer.start(
                        ServingOptions.defaults().http(HttpServerOptions.defaults().port(0)),
                        Hub.open(folder.resolve(name)),
                        router -> {
                            TrackingRoutes.mount(router, tracking, guarded ? accounts : null);
                            if (guarded) {
                                AccountsRoutes.mount(router, accounts, null);
                            }
                        })
                .closing(tracking::close)
                .closing(accounts::close);
    }

    @Test
    void thePythonClientPasses() throws Exception {
        assumeTrue(Files.isRegularFile(SCRIPTS.resolve("run.sh")), "no scripts at " + SCRIPTS);
        try (JebenaServer open = start("open", false);
                JebenaServer guarded = start("guarded", true)) {
            ProcessBuilder builder =
                    new ProcessBuilder("bash", SCRIPTS.resolve("run.sh").toString())
                            .directory(folder.toFile())
                            .redirectErrorStream(true);
            builder.environment().put("JEBENA_URL", open.uri().toString().replaceAll("/$", ""));
            builder.environment()
                    .put("JEBENA_AUTH_URL", guarded.uri().toString().replaceAll("/$", ""));
            builder.environment().put("JEBENA_AUTH_PASSWORD", PASSWORD);
            builder.environment()
                    .put("JEBENA_CLIENTS_HOME", ConformanceTest.CACHE.resolve("mlops").toString());
            List<String> output = lines(builder.start());
            assertThat(output).noneMatch(line -> line.startsWith("FAIL"));
            assertThat(output.getLast()).matches("[12]\\d\\d passed, 0 failed.*");
        }
    }

    private static List<String> lines(Process process) throws Exception {
        List<String> lines = new ArrayList<>(List.of(""));
        process.getOutputStream().close();
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                System.out.println("  " + line);
                if (!line.isBlank()) {
                    lines.add(line);
                }
            }
        }
        process.waitFor();
        return lines;
    }
}
