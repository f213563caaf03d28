package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.llm.Generation;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class HelpTest {
    static Stream<String> commands() {
        return Commands.whole().getSubcommands().values().stream()
                .filter(line -> !line.getCommandSpec().usageMessage().hidden())
                .map(CommandLine::getCommandName)
                .distinct();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandSaysWhatItDoesAndGivesExamples(String name) {
        CommandRun run = CommandRun.of(name, "--help");
        assertThat(run.status()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith("Usage: jebena " + name + " [OPTIONS]");
        assertThat(run.out().lines().skip(2).findFirst().orElse("")).isNotBlank();
        assertThat(run.out().substring(run.out().indexOf("\nExamples:")))
                .contains("jebena " + name);
        assertThat(run.out()).doesNotContain("Default:", "null", "${");
        assertThat(run.out().lines()).allMatch(line -> line.length() <= 80);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyOptionAndArgumentIsDescribed(String name) {
        CommandLine line = Objects.requireNonNull(Commands.whole().getSubcommands().get(name));
        assertThat(line.getCommandSpec().args())
                .allMatch(arg -> arg.description().length > 0 && !arg.description()[0].isBlank());
    }

    @Test
    void theProgramListsItsCommandsWithOneLineEach() {
        CommandRun run = CommandRun.of("--help");
        assertThat(run.status()).isZero();
        assertThat(run.out().lines()).allMatch(line -> line.length() <= 80);
        assertThat(run.out()).doesNotContain("warmup");
        commands()
                .forEach(
                        name -> assertThat(run.out()).containsPattern("\n  " + name + "[, ].*\\."));
        assertThat(CommandRun.of()).isEqualTo(run);
        assertThat(CommandRun.of("help")).isEqualTo(run);
    }

    @Test
    void helpOfACommandCanBeAskedForBothWays() {
        assertThat(CommandRun.of("help", "run")).isEqualTo(CommandRun.of("run", "--help"));
    }

    @Test
    void theDefaultsInTheHelpAreThoseOfTheEngine() {
        String help = CommandRun.of("run", "--help").out().replaceAll("\\s+", " ");
        Generation defaults = Generation.defaults();
        assertThat(defaults.maxTokens()).isNegative();
        assertThat(defaults.seed()).isNull();
        assertThat(help)
                .contains("likeliest token (default " + defaults.temperature() + ")")
                .contains("0 for all (default " + defaults.topK() + ")")
                .contains("this probability (default " + defaults.topP() + ")")
                .contains("times the likeliest (default " + defaults.minP() + ")")
                .contains("1 is off (default " + (int) defaults.repeatPenalty() + ")");
    }

    @Test
    void theVersionIsOneLine() {
        CommandRun run = CommandRun.of("--version");
        assertThat(run.status()).isZero();
        assertThat(run.out()).matches("jebena \\S+ \\(Java 2.*\\)\\R");
    }
}
