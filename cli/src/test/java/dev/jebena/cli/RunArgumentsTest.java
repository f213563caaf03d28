package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class RunArgumentsTest {
    private static RunCommand byLibrary(List<String> words) {
        RunCommand command = new RunCommand();
        new CommandLine(command).parseArgs(words.toArray(String[]::new));
        return command;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "smollm2",
                "smollm2 Hi",
                "smollm2 Why is the sky blue?",
                "smollm2 Hi --max-tokens 1",
                "--temperature 0.5 smollm2 --seed 12345678901 Hi --stats",
                "m --raw --json --exact --debug --accept-license p",
                "m p --top-k 5 --top-p 0.5 --min-p 0.1 --repeat-penalty 1.1",
                "m p --stop a --stop b --system Be_brief --context 100 --threads 2",
                "m p --mirostat 2 --dry-sequence-breaker x --dry-sequence-breaker y",
                "m p --draft other --draft-tokens 4 --kv-type q8_0"
            })
    void readsWhatTheLibraryReads(String line) {
        List<String> words = List.of(line.split(" "));
        assertThat(RunArguments.read(words))
                .usingRecursiveComparison()
                .ignoringFields("spec", "given")
                .isEqualTo(byLibrary(words));
    }

    @Test
    void knowsEveryOptionOfTheCommand() {
        for (OptionSpec option : new CommandLine(new RunCommand()).getCommandSpec().options()) {
            if (option.usageHelp() || option.versionHelp()) {
                continue;
            }
            Iterable<String> choices = option.completionCandidates();
            String value = choices == null ? "7" : choices.iterator().next();
            List<String> words =
                    option.arity().max() == 0
                            ? List.of("model", option.longestName())
                            : List.of("model", option.longestName(), value);
            RunCommand read = RunArguments.read(words);
            assertThat(read).as(option.longestName()).isNotNull();
            assertThat(read)
                    .usingRecursiveComparison()
                    .ignoringFields("spec", "given")
                    .isEqualTo(byLibrary(words));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--help",
                "m --help",
                "m --max-tokens",
                "m --max-tokens x",
                "m --max-tokens -1",
                "m --max-tokens=1",
                "m --seed 1 --seed 2",
                "m --sytem x",
                "m --kv-type q4_0",
                "m -- --raw",
                "m @file",
                "m --stop \"a"
            })
    void leavesTheRestToTheLibrary(String line) {
        assertThat(RunArguments.read(line.isEmpty() ? List.of() : List.of(line.split(" "))))
                .isNull();
    }
}
