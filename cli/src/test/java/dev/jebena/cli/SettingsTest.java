package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SettingsTest {
    private static final Path FILE = ToyModels.HOME.resolve("config");

    @TempDir Path folder;

    @BeforeEach
    void makeHome() throws IOException {
        Files.createDirectories(ToyModels.HOME);
    }

    @AfterEach
    void remove() throws IOException {
        Files.deleteIfExists(FILE);
    }

    private Settings load(String file, Map<String, String> environment) throws IOException {
        Path path = Files.writeString(folder.resolve("settings"), file);
        java.util.Map<String, String> all = new java.util.HashMap<>(environment);
        all.put("JEBENA_CONFIG", path.toString());
        return Settings.load(all, Commands.names());
    }

    private static ServeCommand serve(Settings settings, String... words) {
        ServeCommand command = new ServeCommand();
        CommandLine line = new CommandLine(command);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.parseArgs(
                SettingKeys.complete(line.getCommandSpec(), settings, List.of(words))
                        .toArray(String[]::new));
        return command;
    }

    @Test
    void theCommandLineComesFirstThenTheEnvironmentThenTheFile() throws IOException {
        String file = "# a comment\n\nserve.port = 1\nserve.parallel=2\nserve.queue = 3\n";
        Settings settings = load(file, Map.of("JEBENA_SERVE_PORT", "4", "JEBENA_SERVE_QUEUE", "5"));
        ServeCommand command = serve(settings, "--port", "6");
        assertThat(command.port).isEqualTo(6);
        assertThat(command.queue).isEqualTo(5);
        assertThat(command.parallel).isEqualTo(2);
        assertThat(command.grace).isEqualTo(30);
        assertThat(serve(settings, "--port=7").port).isEqualTo(7);
        assertThat(serve(settings).port).isEqualTo(4);
    }

    @Test
    void flagsListsAndChoicesAreSettingsToo() throws IOException {
        Settings settings =
                load(
                        """
                        serve.open = true
                        serve.pull = false
                        serve.cors = https://a.b, https://c.d
                        serve.kv-type = Q8_0
                        serve.draft = m=d
                        """,
                        Map.of());
        assertThat(SettingKeys.all().problems(settings)).isEmpty();
        ServeCommand command = serve(settings);
        assertThat(command.open).isTrue();
        assertThat(command.pull).isFalse();
        assertThat(command.origins).containsExactly("https://a.b", "https://c.d");
        assertThat(command.cache.type).isEqualTo(CacheOptions.Type.q8_0);
        assertThat(command.drafts).containsEntry("m", "d");
    }

    @Test
    void everyOptionOfEveryCommandIsASetting() {
        assertThat(SettingKeys.all().options())
                .containsKeys("serve.port", "run.temperature", "run.mcp", "bench.runs", "list.json")
                .doesNotContainKeys("run.help", "run.debug", "warmup.home");
    }

    @Test
    void allProblemsAreToldTogetherWithTheirLines() throws IOException {
        Settings settings =
                load(
                        """
                        serve.prot = 1
                        nonsense
                        run.temperature = warm
                        serve.port = 1
                        serve.port = 2
                        serve.open = maybe
                        """,
                        Map.of("JEBENA_RUN_TEMPRATURE", "1"));
        Path file = folder.resolve("settings");
        assertThat(SettingKeys.all().problems(settings))
                .anyMatch(p ->
                        p.startsWith(
                                file
                                        + ":1: there is no setting serve.prot; did you mean serve.port?"))
                .anyMatch(p -> p.startsWith(file + ":2: expected key = value, found nonsense"))
                .anyMatch(p -> p.startsWith(file + ":3: run.temperature: ") && p.contains("'warm'"))
                .anyMatch(p -> p.startsWith(file + ":5: serve.port is set twice"))
                .anyMatch(p -> p.contains("serve.open is \"maybe\"; expected true or false"))
                .anyMatch(p ->
                        p.startsWith("JEBENA_RUN_TEMPRATURE: ") && p.contains("run.temperature"))
                .hasSize(6);
        Files.copy(file, FILE);
        CommandRun run = CommandRun.of("list");
        assertThat(run.status()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("the settings cannot be used", "serve.prot", "nonsense");
        assertThat(CommandRun.of("run", "m", "Hi").err()).contains("serve.prot");
        assertThat(CommandRun.of("list", "--help").status()).isZero();
        assertThat(CommandRun.of("config", "list").err()).contains("serve.prot");
    }

    @Test
    void settingsOfRunAreReadWithoutTheLibrary() throws IOException {
        Settings settings =
                load("run.temperature = 0.5\nrun.stats = true\nrun.exact = false\n", Map.of());
        List<String> words = settings.before("run", List.of("m", "Hi", "--temperature", "1"));
        assertThat(words).containsExactly("--stats", "m", "Hi", "--temperature", "1");
        assertThat(RunArguments.read(words)).isNotNull();
    }

    @Test
    void configSetsGetsListsAndUnsets() throws IOException {
        Files.deleteIfExists(FILE);
        assertThat(CommandRun.of("config", "set", "run.max-tokens", "3").status()).isZero();
        assertThat(CommandRun.of("config", "set", "run.seed", "5").status()).isZero();
        assertThat(CommandRun.of("config", "set", "run.max-tokens", "4").status()).isZero();
        assertThat(Files.readAllLines(FILE))
                .hasSize(3)
                .endsWith("run.max-tokens = 4", "run.seed = 5");
        assertThat(CommandRun.of("config", "get", "run.max-tokens").out()).isEqualTo("4\n");
        assertThat(CommandRun.of("config", "get", "serve.port").out()).isEqualTo("11500\n");
        assertThat(CommandRun.of("config", "list").out())
                .contains("run.max-tokens", FILE + ":2")
                .doesNotContain("serve.port");
        assertThat(CommandRun.of("config", "list", "--all").out())
                .containsPattern("serve.port +11500 +default");
        ToyModels.store("toy", ToyModels.chat());
        assertThat(CommandRun.of("run", "toy", "Hi", "--json").out())
                .contains("\"answer_tokens\":4");
        assertThat(CommandRun.of("run", "toy", "Hi", "--json", "--max-tokens", "2").out())
                .contains("\"answer_tokens\":2");
        assertThat(CommandRun.of("config", "unset", "run.max-tokens").status()).isZero();
        assertThat(CommandRun.of("config", "get", "run.max-tokens").out()).isEmpty();
        assertThat(CommandRun.of("config", "path").out()).isEqualTo(FILE + "\n");
    }

    @Test
    void configRefusesWhatTheCommandWould() {
        assertThat(CommandRun.of("config", "set", "serve.prot", "1").err())
                .contains("did you mean serve.port?");
        assertThat(CommandRun.of("config", "set", "serve.port", "x").err())
                .contains("'x' is not an int");
        assertThat(CommandRun.of("config", "get").err()).contains("get needs a KEY");
        assertThat(CommandRun.of("config", "set", "serve.port").err()).contains("a VALUE");
        assertThat(FILE).doesNotExist();
    }

    @Test
    void aKeyOfTheServerIsNotShown() {
        CommandRun.of("config", "set", "serve.api-key", "secret");
        assertThat(CommandRun.of("config", "list").out())
                .contains("********")
                .doesNotContain("secret");
        assertThat(CommandRun.of("config", "list", "--json").out()).doesNotContain("secret");
    }
}
