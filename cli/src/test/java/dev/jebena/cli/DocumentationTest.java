package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.HttpServerOptions;
import dev.jebena.base.Router;
import dev.jebena.console.ConsoleRoutes;
import dev.jebena.hub.Hub;
import dev.jebena.serving.JebenaServer;
import dev.jebena.serving.ServingOptions;
import dev.jebena.testkit.FakeLlm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The pages of `docs/` say what the program does. With `-Djebena.docs.write=true` the page of the
/// commands is written anew.
class DocumentationTest {
    private static final Path ROOT = Path.of(System.getProperty("jebena.root", ".."));
    private static final Path COMMANDS = ROOT.resolve("docs/commands.md");
    private static final Path HTTP = ROOT.resolve("docs/http-api.md");
    private static final Pattern FIELD =
            Pattern.compile(
                    "(?<!HttpJson)\\.(?:string|flag|integer|number|has|value|objects?|required|strings|list)"
                            + "\\(\\s*\"(\\w+)\"");
    private static final Pattern SETTING = Pattern.compile("\"((?:JEBENA|HF)_[A-Z_]+)\"");

    @Test
    void thePageOfTheCommandsIsWhatTheProgramSays() throws IOException {
        if (Boolean.getBoolean("jebena.docs.write")) {
            Files.writeString(COMMANDS, CommandsPage.text());
        }
        assertThat(Files.readString(COMMANDS))
                .as("docs/commands.md; -Djebena.docs.write=true writes it anew")
                .isEqualTo(CommandsPage.text());
    }

    @Test
    void thePageOfTheConfigurationIsWhatTheProgramReads() throws IOException {
        Path page = ROOT.resolve("docs/configuration.md");
        if (Boolean.getBoolean("jebena.docs.write")) {
            Files.writeString(page, ConfigurationPage.text());
        }
        assertThat(Files.readString(page))
                .as("docs/configuration.md; -Djebena.docs.write=true writes it anew")
                .isEqualTo(ConfigurationPage.text());
    }

    @Test
    void thePageOfTheHttpApiListsTheServersRoutes(@TempDir Path home) throws IOException {
        assertThat(documentedRoutes()).isEqualTo(servedRoutes(home));
    }

    /// Rows of the page's tables begin with the methods and the path: `| POST | /v1/completions |`.
    private static Set<String> documentedRoutes() throws IOException {
        Pattern row = Pattern.compile("^\\| ([A-Z, ]+) \\| `(/\\S*)` \\|.*");
        Set<String> routes = new TreeSet<>();
        Files.readString(HTTP)
                .lines()
                .map(row::matcher)
                .filter(java.util.regex.Matcher::matches)
                .forEach(m -> {
                    for (String method : m.group(1).split(", ")) {
                        routes.add(method + " " + m.group(2));
                    }
                });
        return routes;
    }

    /// What the assembled server mounts. A path that is served with everything below it counts
    /// once.
    private static Set<String> servedRoutes(Path home) {
        HttpServerOptions http = HttpServerOptions.defaults().port(0);
        Router[] mounted = new Router[1];
        JebenaServer.start(
                        ServingOptions.defaults().http(http),
                        Hub.open(home),
                        (_, _) -> FakeLlm.of(FakeLlm.Settings.defaults()),
                        router -> {
                            ConsoleRoutes.mount(router);
                            DoctorRoutes.mount(router, home);
                            mounted[0] = router;
                        })
                .close();
        List<String> patterns = mounted[0].patterns();
        return patterns.stream()
                .filter(p -> !p.endsWith("/{rest...}") || !patterns.contains(above(p)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String above(String pattern) {
        return pattern.substring(0, pattern.length() - "/{rest...}".length());
    }

    @Test
    void thePageOfTheHttpApiNamesEveryFieldThatIsRead() throws IOException {
        String page = Files.readString(HTTP);
        Set<String> missing = found(FIELD, ROOT.resolve("serving/src/main"));
        missing.removeIf(field -> page.matches("(?s).*\\b" + field + "\\b.*"));
        assertThat(missing).isEmpty();
    }

    @Test
    void everySettingOfTheEnvironmentIsInTheHelp() throws IOException {
        Set<String> settings = new TreeSet<>();
        for (String module : List.of("cli", "console", "serving", "hub", "base", "llm")) {
            settings.addAll(found(SETTING, ROOT.resolve(module + "/src/main")));
        }
        // Between the launcher and the program, not for users.
        settings.removeAll(Set.of("JEBENA_STDERR", "JEBENA_LAUNCHER"));
        assertThat(settings).contains("JEBENA_HOME", "HF_TOKEN");
        assertThat(CommandRun.of("--help").out()).contains(settings);
    }

    @Test
    void optionsThatMessagesOfTheServerNameExist() throws IOException {
        // An option in a sentence; an argument for another program stands alone in its string.
        Pattern option = Pattern.compile("(?m)^ *\\+? *\"[^\"]* (--[a-z][a-z-]+)");
        Set<String> named = found(option, ROOT.resolve("base/src/main"));
        named.addAll(found(option, ROOT.resolve("serving/src/main")));
        assertThat(named).contains("--cors", "--memory");
        assertThat(named).allSatisfy(name -> assertThat(COMMANDS).content().contains("`" + name));
    }

    private static Set<String> found(Pattern pattern, Path sources) throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.walk(sources)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                pattern.matcher(Files.readString(file))
                        .results()
                        .map((MatchResult m) -> m.group(1))
                        .forEach(names::add);
            }
        }
        return names;
    }
}
