package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@EnabledIf("hasBash")
class CompletionTest {
    @TempDir Path folder;

    static boolean hasBash() {
        return Files.isExecutable(Path.of("/bin/bash"));
    }

    private String bash(String... arguments) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>(List.of("/bin/bash"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.strip();
    }

    private Path script() throws IOException {
        CommandRun run = CommandRun.of("completion", "bash");
        assertThat(run.status()).isZero();
        return Files.writeString(folder.resolve("completion.bash"), run.out());
    }

    @Test
    void bashReadsTheScriptWithoutAWord() throws Exception {
        assertThat(bash("-n", script().toString())).isEmpty();
        assertThat(bash("-c", "source " + script())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "jebena ru, run",
        "jebena sh, show",
        "jebena run --temp, --temperature",
        "jebena list --js, --json",
        "jebena run --kv-type q, q8_0",
        "jebena completion z, zsh"
    })
    void whatWasBegunIsCompleted(String typed, String expected) throws Exception {
        String query =
                """
                compopt() { :; }
                source %s
                COMP_WORDS=(%s); COMP_CWORD=%d; COMP_LINE="%s"; COMP_POINT=%d
                _complete_jebena
                echo "${COMPREPLY[@]}"
                """
                        .formatted(
                                script(),
                                typed,
                                typed.split(" ").length - 1,
                                typed,
                                typed.length());
        assertThat(bash("-c", query)).isEqualTo(expected);
    }
}
