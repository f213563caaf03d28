package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is completed, and that real shells do it.
class CompletionTest {
    @TempDir Path folder;

    @BeforeEach
    void storeToy() {
        ToyModels.store("toy", ToyModels.chat());
    }

    @ParameterizedTest
    @CsvSource({
        "ru, run",
        "sh, show",
        "run --temp, --temperature",
        "list --js, --json",
        "run --kv-type q, q8_0",
        "run --kv-type=q, --kv-type=q8_0",
        "completion f, fish",
        "show to, toy",
        "run smoll, smollm2",
        "run --stats to, toy",
        "config s, set",
        "config set serve.po, serve.port",
        "man qu, quantize",
        "mcp se, serve"
    })
    void whatWasBegunIsCompleted(String typed, String expected) {
        assertThat(Completion.of(List.of(typed.split(" "))).candidates())
                .containsKey(expected)
                .hasSizeLessThan(5);
    }

    @Test
    void filesStandWhereFilesAreMeant() {
        assertThat(Completion.of(List.of("run", "")).files()).isTrue();
        assertThat(Completion.of(List.of("create", "x", "-f", "")).files()).isTrue();
        assertThat(Completion.of(List.of("pull", "")).files()).isFalse();
        assertThat(Completion.of(List.of("nonsense", "")).candidates()).isEmpty();
        assertThat(Completion.of(List.of("")).candidates())
                .containsKeys("run", "help")
                .doesNotContainKeys("warmup", "complete");
        assertThat(Completion.of(List.of("run", "--json", "--")).candidates())
                .doesNotContainKey("--json");
    }

    /// A `jebena` on the path that answers for the program without a JVM: commands, and models with
    /// a colon.
    private void fakeProgram() throws IOException {
        Path program =
                Files.writeString(
                        folder.resolve("jebena"),
                        """
                        #!/bin/sh
                        shift 2
                        case "$*" in
                          "run gemma3:"*) printf 'gemma3:270m\\tof the catalog\\ngemma3:1b\\n' ;;
                          "run --temp") printf -- '--temperature\\t0 is greedy\\n' ;;
                          "ru") printf 'run\\tAnswers: a prompt\\n' ;;
                          "show Read") printf ':files\\n' ;;
                        esac
                        """);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(folder.resolve("Readme.md"), "");
    }

    private String shell(String shell, String script) throws IOException, InterruptedException {
        String executable = "/usr/bin/" + shell;
        assumeTrue(Files.isExecutable(Path.of(executable)), shell + " is not installed");
        fakeProgram();
        CommandRun run = CommandRun.of("completion", shell);
        assertThat(run.status()).isZero();
        Files.writeString(folder.resolve("script"), run.out());
        // A shell that waits for a key for ever ends all the same.
        List<String> command = new ArrayList<>(List.of("timeout", "60", executable));
        if (shell.equals("zsh")) {
            command.add("-f");
        }
        command.addAll(List.of("-c", script));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).directory(folder.toFile());
        builder.environment().put("PATH", folder + ":" + System.getenv("PATH"));
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("TERM", "dumb");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return output.strip();
    }

    @ParameterizedTest
    @CsvSource({
        "jebena ru, run",
        "jebena run --temp, --temperature",
        "jebena run gemma3:, 270m 1b",
        "jebena show Read, Readme.md"
    })
    void bashCompletes(String typed, String expected) throws Exception {
        String query =
                """
                source script
                COMP_LINE="%s"; COMP_POINT=%d
                _jebena
                echo "${COMPREPLY[@]}"
                """
                        .formatted(typed, typed.length());
        assertThat(shell("bash", query)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "jebena ru, run",
        "jebena run --temp, --temperature",
        "jebena run gemma3:, gemma3:270m"
    })
    void fishCompletes(String typed, String expected) throws Exception {
        String out = shell("fish", "source script; complete -C '" + typed + "'");
        assertThat(out.lines().map(line -> line.split("\t")[0])).contains(expected);
    }

    @Test
    void zshCompletesOnATerminal() throws Exception {
        String query =
                """
                zmodload zsh/zpty
                zpty z 'TERM=dumb PS1="> " zsh -f -i'
                zpty -w z 'source ./script; bindkey "^I" complete-word; print REA""DY'
                zpty -r z out '*READY*'
                zpty -n -w z $'jebena ru\t'
                zpty -r z out '*jebena run *'
                zpty -n -w z $'gemma3:27\t'
                zpty -r z out '*270m*'
                print -r -- "$out"
                """;
        assertThat(shell("zsh", query)).contains("gemma3:270m");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void theScriptIsReadWithoutAWord(String shell) throws Exception {
        assertThat(shell(shell, "source ./script")).isEmpty();
    }
}
