package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.compute.Kernels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/// What makes a start fast, as far as it can be held without a clock: the classes that an answer
/// loads, and that the practice of the launcher works.
class FastStartTest {
    @TempDir Path home;

    private record Run(int status, String out) {
        /// Names of loaded classes, from the JVM's log.
        List<String> classes() {
            return out.lines()
                    .filter(line -> line.startsWith("[class,load] "))
                    .map(line -> line.split(" ", 3)[1])
                    .toList();
        }
    }

    private Run run(List<String> flags, String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1"));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(Main.class.getName());
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JEBENA_HOME", home.toString());
        builder.environment().remove("JEBENA_STDERR");
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return new Run(process.exitValue(), out);
    }

    static boolean assembled() {
        return Kernels.best().name().startsWith("x86-");
    }

    @Test
    void practiceSaysWhichKernelsThereAre() throws Exception {
        Run run = run(List.of(), "warmup", home.resolve("kernels").toString());
        assertThat(run.status()).as(run.out()).isZero();
        assertThat(run.out()).doesNotContain("error", "WARNING").contains("answer 4 tokens");
        assertThat(Files.readString(home.resolve("kernels")))
                .isEqualTo(assembled() ? Kernels.best().name() + "\n" : "scalar\n");
    }

    @Test
    @EnabledIf("assembled")
    void anAnswerLoadsNoClassesThatTakeTime() throws Exception {
        Path model = home.resolve("practice.gguf");
        PracticeModel.write(model);
        Run run =
                run(
                        List.of("-Xlog:class+load:stdout:tags"),
                        "run",
                        model.toString(),
                        "Hi",
                        "--max-tokens",
                        "1");
        assertThat(run.status()).as(run.out()).isZero();
        assertThat(run.classes())
                .contains("dev.jebena.llm.LocalLlm")
                .noneMatch(name ->
                        name.startsWith("picocli.")
                                || name.startsWith("org.eclipse.jetty.")
                                || name.startsWith("tools.jackson.")
                                || name.startsWith("org.jline.")
                                || name.startsWith("org.slf4j.")
                                || name.startsWith("jdk.incubator.")
                                || name.startsWith("java.util.logging.")
                                || name.startsWith("java.net.http.")
                                || name.startsWith("java.time.zone."));
    }

    @Test
    void aRestartTakesTheModuleInsteadOfTheFlagsOfAFastStart() {
        assertThat(
                        Restart.changed(
                                List.of(
                                        "java",
                                        "-cp",
                                        "x.jar",
                                        "-XX:TieredStopAtLevel=1",
                                        "-XX:AOTCache=y.aot",
                                        "-Djebena.restart=true",
                                        "-Xss1m",
                                        "dev.jebena.cli.Main",
                                        "run",
                                        "m",
                                        "-XX:AOTCache=y.aot")))
                .containsExactly(
                        "java",
                        "--add-modules=jdk.incubator.vector",
                        "-cp",
                        "x.jar",
                        "-Xss1m",
                        "dev.jebena.cli.Main",
                        "run",
                        "m",
                        "-XX:AOTCache=y.aot");
    }

    @Test
    @EnabledIf("assembled")
    void aModelThatNeedsTheModuleGetsItAndItsInput() throws Exception {
        // Float32 weights have assembled kernels; those of an unknown format count as without.
        PracticeModel.write(home.resolve("practice.gguf"));
        Run run =
                run(
                        List.of("-Djebena.restart=true", "-Djebena.kernels=scalar"),
                        "run",
                        home.resolve("practice.gguf").toString(),
                        "Hi",
                        "--max-tokens",
                        "2",
                        "--stats");
        assertThat(run.status()).as(run.out()).isZero();
        assertThat(run.out())
                .contains("Using incubator modules: jdk.incubator.vector", "answer 2 tokens");
    }
}
