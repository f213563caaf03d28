package dev.jebena.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A PostgreSQL server that is restarted under full load: what was confirmed is there, once, and
/// the tracking server goes on without being started again. The system property `jebena.restarts`
/// says how often; every second time it is not given the time to shut down.
@Tag("slow")
class RestartedPostgresTest {
    @TempDir Path folder;

    /// A PostgreSQL server of this test alone, run by `postgres` where the test is run by root.
    private static final class Postgres implements AutoCloseable {
        private final Path programs;
        private final Path data;
        private final int port;

        Postgres(Path programs, int port) throws IOException {
            this.programs = programs;
            this.port = port;
            data = Files.createTempDirectory("jebena-postgres");
            if (isRoot()) {
                new ProcessBuilder("chown", "postgres", data.toString()).start().onExit().join();
            }
            run("initdb -D %s/db -A trust -U postgres -E UTF8 --locale=C".formatted(data));
            control("start");
            run("createdb -h 127.0.0.1 -p %d -U postgres jebena".formatted(port));
        }

        static Optional<Path> programs() throws IOException {
            Path all = Path.of("/usr/lib/postgresql");
            if (!Files.isDirectory(all)) {
                return Optional.empty();
            }
            try (Stream<Path> versions = Files.list(all)) {
                return versions.map(v -> v.resolve("bin"))
                        .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                        .max(java.util.Comparator.naturalOrder());
            }
        }

        private static boolean isRoot() {
            return "root".equals(System.getProperty("user.name"));
        }

        /// @param action of `pg_ctl`
        void control(String action) throws IOException {
            run(
                    "pg_ctl -D %1$s/db -l %1$s/log -w -o '-p %2$d -k %1$s -h 127.0.0.1' %3$s"
                            .formatted(data, port, action));
        }

        private void run(String command) throws IOException {
            String line = programs + "/" + command + " >/dev/null 2>&1 </dev/null";
            ProcessBuilder builder =
                    isRoot()
                            ? new ProcessBuilder("su", "postgres", "-s", "/bin/sh", "-c", line)
                            : new ProcessBuilder("/bin/sh", "-c", line);
            int status = builder.directory(data.toFile()).start().onExit().join().exitValue();
            assertThat(status).as(command).isZero();
        }

        String address() {
            return "postgresql://postgres@127.0.0.1:" + port + "/jebena";
        }

        @Override
        public void close() throws IOException {
            control("-m immediate stop");
            dev.jebena.base.DurableFiles.deleteTree(data);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void nothingConfirmedIsLostAndNothingIsDoubled() throws Exception {
        Optional<Path> programs = Postgres.programs();
        assumeTrue(programs.isPresent(), "no PostgreSQL on this machine");
        int restarts = Integer.getInteger("jebena.restarts", 3);
        try (Postgres postgres = new Postgres(programs.get(), freePort());
                TrackingServer server =
                        new TrackingServer(
                                TrackingOptions.in(folder).database(postgres.address()))) {
            WriteLoad load = new WriteLoad();
            load.start(server.http.uri().toString());
            for (int restart = 0; restart < restarts; restart++) {
                waitFor(load, load.confirmed() + 40);
                postgres.control((restart % 2 == 0 ? "-m fast" : "-m immediate") + " restart");
            }
            waitFor(load, load.confirmed() + 40);
            load.join(true);
            load.check(server.tracking);
            System.out.printf(
                    "%d restarts; %,d points of metrics confirmed and there, once%n",
                    restarts, load.confirmedPoints());
        }
    }

    private static void waitFor(WriteLoad load, int confirmed) throws InterruptedException {
        long end = System.nanoTime() + 60_000_000_000L;
        while (load.confirmed() < confirmed) {
            assertThat(System.nanoTime()).as("writes go on").isLessThan(end);
            Thread.sleep(5);
        }
    }
}
