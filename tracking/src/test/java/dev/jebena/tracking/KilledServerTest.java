package dev.jebena.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.HttpServer;
import dev.jebena.base.HttpServerOptions;
import dev.jebena.base.Router;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server that is killed under full load has everything that it confirmed, once. The system
/// property `jebena.kills` says how often.
@Tag("slow")
class KilledServerTest {
    @TempDir Path folder;

    /// The process that is killed: a tracking server that prints its port.
    public static final class Main {
        private Main() {}

        public static void main(String[] arguments) throws InterruptedException {
            Tracking tracking = Tracking.open(TrackingOptions.in(Path.of(arguments[0])));
            Router router = new Router();
            TrackingRoutes.mount(router, tracking);
            HttpServer server = HttpServer.start(HttpServerOptions.defaults().port(0), router);
            System.out.println(server.uri());
            Thread.currentThread().join();
        }
    }

    @Test
    void nothingConfirmedIsLostAndNothingIsDoubled() throws Exception {
        int kills = Integer.getInteger("jebena.kills", 3);
        WriteLoad load = new WriteLoad();
        for (int kill = 0; kill < kills; kill++) {
            Process process = start();
            int before = load.confirmed();
            load.start(String.valueOf(process.inputReader().readLine()));
            long end = System.nanoTime() + 60_000_000_000L;
            // Not always at the same point of a round.
            while (load.confirmed() < before + 40 + kill % 17 && System.nanoTime() < end) {
                Thread.sleep(1 + kill % 5);
            }
            process.destroyForcibly().waitFor();
            load.join(false);
            assertThat(load.confirmed()).isGreaterThan(before + 10);
        }
        try (Tracking tracking = Tracking.open(TrackingOptions.in(folder.resolve("data")))) {
            load.check(tracking);
            tracking.artifacts().put("check", new ByteArrayInputStream(new byte[1]));
        }
        System.out.printf(
                "%d kills; %,d points of metrics confirmed and there, once%n",
                kills, load.confirmedPoints());
    }

    private Process start() throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        folder.resolve("data").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
