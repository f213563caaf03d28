package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerCommandsTest {
    private static final String TOY = ToyModels.chat().toString();
    private static final String EMBEDDER = ToyModels.embedding().toString();

    private static CommandRun answer(String input, String... more) {
        List<String> args =
                new ArrayList<>(
                        List.of("run", TOY, "--max-tokens", "12", "--seed", "7", "--temperature"));
        args.add("0");
        args.addAll(List.of(more));
        CommandRun run = CommandRun.withInput(input, args.toArray(String[]::new));
        assertThat(run.status()).as(run.err()).isZero();
        return run;
    }

    private static Map<String, @Nullable Object> object(String json) {
        return Json.object(Json.parse(json));
    }

    @Test
    void theAnswerAloneIsOnStandardOutputAndTheSameEachTime() {
        CommandRun run = answer("", "Hello", "there");
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isNotBlank().endsWith("\n");
        assertThat(answer("", "Hello there").out()).isEqualTo(run.out());
        String json = answer("", "Hello there", "--json").out();
        assertThat(object(json).get("answer") + "\n").isEqualTo(run.out());
    }

    @Test
    void pipedInputIsThePromptOrFollowsIt() {
        assertThat(answer("Hello there\n").out()).isEqualTo(answer("", "Hello there").out());
        assertThat(answer("the change\n", "Describe").out())
                .isEqualTo(answer("", "Describe\n\nthe change").out());
    }

    @Test
    void jsonTellsTokensTimesAndWhyItEnded() {
        Map<String, @Nullable Object> fields = object(answer("", "Hello", "--json").out());
        assertThat(fields)
                .containsEntry("finish_reason", "length")
                .containsEntry("answer_tokens", 12L)
                .containsEntry("seed", 7L);
        assertThat((Long) fields.get("prompt_tokens")).isPositive();
    }

    @Test
    void ratesGoToStandardErrorWhenAskedFor() {
        CommandRun run = answer("", "Hello", "--stats");
        assertThat(run.err()).matches("prompt \\d+ tokens in .* tokens/s\\), seed 7\\R");
        assertThat(run.out()).isEqualTo(answer("", "Hello").out());
    }

    @Test
    void keysAndValuesMayBeKeptIn8Bits() {
        assertThat(answer("", "Hello", "--kv-type", "q8_0").out()).isNotBlank();
        assertThat(answer("", "Hello", "--kv-type", "f16").out())
                .isEqualTo(answer("", "Hello").out());
        assertThat(memoryInBench("q8_0")).isLessThan(memoryInBench("f16"));
        assertThat(memoryInBench("f16")).isLessThan(memoryInBench("f32"));
    }

    private static long memoryInBench(String kvType) {
        String[] words =
                "bench model %s --prompt 64 --generate 8 --runs 1 --threads 1 --json --kv-type %s"
                        .formatted(TOY, kvType)
                        .split(" ");
        CommandRun run = CommandRun.of(words);
        assertThat(run.status()).as(run.err()).isZero();
        return (Long) Objects.requireNonNull(object(run.out()).get("memory_bytes"));
    }

    @Test
    void theSystemMessageAndTheTemplateChangeThePromptAndRawLeavesThemOut() {
        Object plain = object(answer("", "Hello", "--json").out()).get("prompt_tokens");
        Object system =
                object(answer("", "Hello", "--json", "--system", "Be brief").out())
                        .get("prompt_tokens");
        Object raw = object(answer("", "Hello", "--json", "--raw").out()).get("prompt_tokens");
        assertThat((Long) system).isGreaterThan((Long) plain);
        assertThat((Long) raw).isLessThan((Long) plain);
    }

    @Test
    void tokensOfATextGiveTheTextBack() {
        String ids = CommandRun.of("tokenize", TOY, "--ids", "--no-special", "Hello there").out();
        assertThat(ids.lines()).isNotEmpty().allMatch(line -> line.matches("[0-9]+"));
        assertThat(CommandRun.withInput(ids, "tokenize", TOY, "--decode").out().strip())
                .isEqualTo("Hello there");
        Map<String, @Nullable Object> json =
                object(
                        CommandRun.of("tokenize", TOY, "--json", "--no-special", "Hello there")
                                .out());
        assertThat(json.get("count")).isEqualTo(ids.lines().count());
        CommandRun wrong = CommandRun.of("tokenize", TOY, "--decode", "7", "word");
        assertThat(wrong.status()).isEqualTo(ExitCode.USAGE);
        assertThat(wrong.err()).contains("\"word\" is not a token id");
    }

    @Test
    void embeddingsOfTheSameTextAreTheSame() {
        CommandRun run = CommandRun.of("embed", EMBEDDER, "--compare", "a cat", "a cat", "a tree");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out().lines().toList().getFirst()).isEqualTo("1.0000  a cat");
        assertThat(run.out().lines()).hasSize(2);
        CommandRun lines = CommandRun.withInput("one\ntwo\n", "embed", EMBEDDER, "--json");
        assertThat(lines.out().lines().map(line -> object(line).get("text")))
                .containsExactly("one", "two");
        assertThat(CommandRun.of("embed", EMBEDDER, "--compare", "one").status())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aSessionGoesOnWhereItEnded(@TempDir Path folder) {
        String file = folder.resolve("talk.session").toString();
        Map<String, @Nullable Object> first =
                object(answer("", "Hello", "--json", "--session", file).out());
        Map<String, @Nullable Object> second =
                object(answer("", "Go on", "--json", "--session", file).out());
        assertThat((Long) second.get("prompt_tokens"))
                .isGreaterThan((Long) Objects.requireNonNull(first.get("prompt_tokens")) + 12);
        CommandRun raw = CommandRun.of("run", TOY, "--session", file, "--raw", "Hello");
        assertThat(raw.status()).isEqualTo(ExitCode.USAGE);
        assertThat(raw.err()).contains("--session keeps plain conversations");
    }

    @Test
    void aFileThatIsNoSessionIsRefused(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("bad.session");
        Files.writeString(file, "this is no session but some text that is long enough to be read");
        CommandRun run = CommandRun.of("run", TOY, "--session", file.toString(), "Hello");
        assertThat(run.status()).isNotZero();
        assertThat(run.err()).contains("bad.session").doesNotContain("internal error");
    }

    @Test
    void anAdapterThatIsNoneIsRefused(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("adapter.gguf");
        Files.writeString(file, "no adapter");
        for (String adapter : List.of(file.toString(), file + "=0.5")) {
            CommandRun run = CommandRun.of("run", TOY, "--lora", adapter, "Hello");
            assertThat(run.status()).as(run.err()).isNotZero();
            assertThat(run.err()).contains("adapter.gguf").doesNotContain("internal error");
        }
        CommandRun none =
                CommandRun.of("run", TOY, "--lora", folder.resolve("none").toString(), "Hello");
        assertThat(none.status()).isNotZero();
        assertThat(none.err()).contains("none");
        CommandRun factor = CommandRun.of("run", TOY, "--lora", file + "=loud", "Hello");
        assertThat(factor.status()).isNotZero();
        assertThat(factor.err()).contains("loud");
    }

    @Test
    void optionsOfThinkingAreCheckedAndChangeNothingForAModelThatDoesNotThink() {
        String plain = answer("", "Hello").out();
        for (String option : List.of("--think", "--no-think", "--hide-thinking")) {
            assertThat(answer("", "Hello", option).out()).as(option).isEqualTo(plain);
        }
        CommandRun both = CommandRun.of("run", TOY, "--think", "--no-think", "Hello");
        assertThat(both.status()).isEqualTo(ExitCode.USAGE);
        assertThat(both.err()).contains("--think and --no-think exclude each other");
    }

    @Test
    void aModelThatCannotDoItSaysSo() {
        CommandRun run = CommandRun.of("run", EMBEDDER, "Hello");
        assertThat(run.status()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).startsWith("jebena: ").doesNotContain("internal error");
    }

    @Test
    void benchPrintsRatesAsTextAndAsJson() {
        String[] args = {"bench", "model", TOY, "--prompt", "8", "--generate", "4", "--runs", "1"};
        CommandRun text = CommandRun.of(args);
        assertThat(text.status()).as(text.err()).isZero();
        assertThat(text.out()).contains("pp8 ", "tg4 ", "tokens/s", "memory");
        List<String> json = new ArrayList<>(List.of(args));
        json.add("--json");
        Map<String, @Nullable Object> fields =
                object(CommandRun.of(json.toArray(String[]::new)).out());
        assertThat((Double) fields.get("decode_tokens_per_second")).isPositive();
        assertThat((Double) fields.get("prefill_tokens_per_second")).isPositive();
    }

    @Test
    void benchPrintsALineForEachCase() {
        CommandRun run =
                CommandRun.of(
                        "bench",
                        "model",
                        TOY,
                        "--prompt",
                        "8,16",
                        "--generate",
                        "4",
                        "--batch",
                        "1,3",
                        "--threads",
                        "1,2",
                        "--runs",
                        "1",
                        "--markdown");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out().lines().filter(line -> line.startsWith("|"))).hasSize(2 + 2 * 4);
        assertThat(run.out()).contains("| 1 | pp16 |", "| 2 | tg4 x3 |", "% of memory |", "GB/s");
        CommandRun wrong = CommandRun.of("bench", "model", TOY, "--batch", "1,0");
        assertThat(wrong.status()).isEqualTo(ExitCode.USAGE);
        assertThat(wrong.err()).contains("--batch", "at least 1");
    }
}
