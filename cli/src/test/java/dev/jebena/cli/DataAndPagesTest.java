package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jebena.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `--json` wherever data comes out, manual pages, findings of the doctor.
class DataAndPagesTest {
    /// What they print is for a shell, a pager or a log, or a program's own.
    private static final Set<String> NO_DATA = Set.of("serve", "java", "completion", "man");

    @TempDir Path folder;

    @Test
    void everyCommandThatGivesDataGivesItAsJson() {
        Set<String> without = new TreeSet<>();
        Commands.whole()
                .getSubcommands()
                .forEach((name, line) -> {
                    if (!line.getCommandSpec().usageMessage().hidden()
                            && line.getCommandSpec().findOption("--json") == null) {
                        without.add(name);
                    }
                });
        assertThat(without).isEqualTo(new TreeSet<>(NO_DATA));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "list --json",
                "show toy --json",
                "cp toy other --json",
                "create third -f Modelfile --json",
                "rm other --json",
                "tokenize toy --json Hi",
                "embed toy-embed --json Hi",
                "run toy --json --max-tokens 2 Hi",
                "config list --json",
                "config list --all --json",
                "config get serve.port --json",
                "config path --json",
                "doctor --json"
            })
    void theJsonIsValidAndAlone(String line) throws IOException {
        ToyModels.store("toy", ToyModels.chat());
        ToyModels.store("toy-embed", ToyModels.embedding());
        CommandRun.of("cp", "toy", "other");
        Path modelfile = Files.writeString(folder.resolve("Modelfile"), "FROM toy\n");
        CommandRun run = CommandRun.of(line.replace("Modelfile", modelfile.toString()).split(" "));
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(Json.parse(run.out())).isNotNull();
        CommandRun.of("rm", "other");
        CommandRun.of("rm", "third");
    }

    static List<String> commands() {
        return HelpTest.commands().toList();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void theManualPageHasTheOptionsAndIsGoodTroff(String name) throws Exception {
        CommandRun run = CommandRun.of("man", name);
        assertThat(run.status()).isZero();
        assertThat(run.out())
                .startsWith(".TH \"JEBENA-" + name.toUpperCase(java.util.Locale.ROOT) + "\" 1")
                .contains(".SH NAME", ".SH OPTIONS", ".SH EXAMPLES")
                .doesNotContain("${", "null");
        check(run.out());
    }

    @Test
    void allPagesAreWrittenIntoAFolder() throws Exception {
        assertThat(CommandRun.of("man", "--to", folder.toString()).status()).isZero();
        assertThat(folder.resolve("jebena-run.1")).exists();
        check(Files.readString(folder.resolve("jebena.1")));
        assertThat(folder.resolve("jebena-warmup.1")).doesNotExist();
    }

    /// mandoc says what it does not understand.
    private void check(String page) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/mandoc")), "mandoc is not installed");
        Path file = Files.writeString(folder.resolve("page.1"), page);
        Process process =
                new ProcessBuilder("/usr/bin/mandoc", "-Tlint", "-Wwarning", file.toString())
                        .redirectErrorStream(true)
                        .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        // The date is left away on purpose: the same program has the same pages.
        assertThat(out.lines().filter(l -> !l.contains("missing date"))).isEmpty();
    }

    @Test
    void theDoctorSaysWhatItMeansAndWhatMendsIt() throws IOException {
        Path settings = Files.writeString(folder.resolve("config"), "serve.prot = 1\n");
        List<Diagnosis.Finding> findings =
                Diagnosis.of(folder, java.util.Map.of("JEBENA_CONFIG", settings.toString()));
        assertThat(findings)
                .anySatisfy(finding -> {
                    assertThat(finding.severity()).isEqualTo(Diagnosis.Severity.problem);
                    assertThat(finding.what()).contains("did you mean serve.port?");
                    assertThat(finding.remedy()).contains("jebena config unset");
                });
        assertThat(Diagnosis.of(settings.resolve("below-a-file"), java.util.Map.of()))
                .anySatisfy(finding -> assertThat(finding.what()).contains("cannot be written"));
    }
}
