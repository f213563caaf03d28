package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A program of one file that records a run, and `jebena reproduce` of it, each in a process.
@Tag("slow")
@DisabledOnOs(OS.WINDOWS)
class ReproducedProgramTest {
    private static final String PROGRAM =
            """
            import dev.jebena.tracking.Tracker;
            import java.nio.file.*;
            import java.util.*;
            void main(String[] args) throws Exception {
                try (Tracker tracker = Tracker.here().experiment("programs")) {
                    tracker.run("walk", Map.of(), run -> {
                        run.input("data", Path.of(args[0]), "training");
                        Random random = new Random(SEED);
                        for (int i = 0; i < 20; i++) run.metric("x", random.nextGaussian(), i);
                        run.artifact("end.txt", Files.readString(Path.of(args[0])));
                    });
                }
            }
            """;

    @TempDir Path folder;
    private Path launcher;

    private record Run(int status, String out) {}

    /// What the launcher does after it has found everything.
    @BeforeEach
    void makeALauncher() throws IOException {
        launcher = folder.resolve("launch");
        List<String> words =
                List.of(
                        "exec",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        "'" + System.getProperty("java.class.path") + "'",
                        "--enable-native-access=ALL-UNNAMED",
                        "--add-exports=jdk.compiler/com.sun.tools.javac.launcher=ALL-UNNAMED",
                        Main.class.getName(),
                        "\"$@\"");
        Files.writeString(
                launcher,
                "#!/bin/sh\nexport JEBENA_LAUNCHER=%s JEBENA_HOME=%s\n%s\n"
                        .formatted(launcher, folder.resolve("home"), String.join(" ", words)));
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(folder.resolve("data.txt"), "some data");
    }

    private Run launch(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(words));
        Process process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), out);
    }

    private void program(String seed) throws Exception {
        Path file = folder.resolve("Walk.java");
        Files.writeString(file, PROGRAM.replace("SEED", seed));
        Run first = launch("java", "Walk.java", "data.txt");
        assertThat(first.status()).as(first.out()).isZero();
        Files.delete(file);
        Files.delete(folder.resolve("data.txt"));
    }

    @Test
    void aProgramIsMadeAgainWithItsSourceAndData() throws Exception {
        program("7");
        Run again = launch("reproduce", "walk");
        assertThat(again.out()).contains("identical: 20 values of metrics and 1 files");
        assertThat(again.status()).isZero();
    }

    @Test
    void aProgramThatDrawsOtherNumbersEachTimeIsFound() throws Exception {
        program("System.nanoTime()");
        Run again = launch("reproduce", "walk");
        assertThat(again.out())
                .contains("DIFFERENT from step 0 on")
                .contains("Nothing that is recorded is different");
        assertThat(again.status()).isEqualTo(ExitCode.FAILED);
    }
}
