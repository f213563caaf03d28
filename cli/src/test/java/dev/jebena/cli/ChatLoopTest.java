package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.llm.Generation;
import dev.jebena.testkit.FakeLlm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The conversation on a terminal that the test types at; the fake model keeps its prompts.
class ChatLoopTest {
    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private final PipedOutputStream keyboard = new PipedOutputStream();
    private final List<String> prompts = new CopyOnWriteArrayList<>();
    private volatile String answer = "Certainly.";
    private Terminal terminal;
    private Models models;
    private FutureTask<Integer> loop;

    @BeforeEach
    void begin() throws IOException {
        ToyModels.store("toy", ToyModels.chat());
        terminal =
                TerminalBuilder.builder()
                        .system(false)
                        .type("dumb")
                        .encoding(StandardCharsets.UTF_8)
                        .streams(new PipedInputStream(keyboard, 1 << 16), screen)
                        .build();
        models = Models.open();
        FakeLlm llm =
                FakeLlm.of(
                        FakeLlm.Settings.defaults()
                                .delay(Duration.ofMillis(2))
                                .script(prompt -> {
                                    prompts.add(prompt);
                                    return answer;
                                }));
        Conversation conversation =
                new Conversation(llm, models.local("toy"), Generation.defaults().maxTokens(1_000));
        loop = new FutureTask<>(() -> new ChatLoop(models, conversation).run(terminal));
        Thread.ofPlatform().daemon().start(loop);
        await(">>> ");
    }

    @AfterEach
    void end() throws Exception {
        if (!loop.isDone()) {
            type("/bye");
        }
        assertThat(loop.get(10, TimeUnit.SECONDS)).isZero();
        terminal.close();
        models.close();
        CommandRun.of("rm", "kept");
    }

    private void type(String line) throws IOException {
        keyboard.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        keyboard.flush();
    }

    private String shown() {
        return screen.toString(StandardCharsets.UTF_8);
    }

    /// Waits until `text` stands on the screen and forgets the screen up to there.
    private String await(String text) {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!shown().contains(text)) {
            if (System.nanoTime() > end || loop.isDone()) {
                throw new AssertionError("never shown: " + text + "\nthe screen: " + shown());
            }
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        String seen = shown();
        screen.reset();
        return seen;
    }

    @Test
    void helpListsEveryCommand() throws IOException {
        type("/help");
        assertThat(await("stops the answer")).contains(ChatCommands.NAMES);
    }

    @Test
    void aQuestionIsAnsweredAndRememberedUntilCleared() throws IOException {
        type("Who are you?");
        await("Certainly.");
        type("And what else?");
        await("Certainly.");
        assertThat(prompts.getLast()).contains("Who are you?", "Certainly.", "And what else?");
        type("/clear");
        await("forgotten");
        type("Again?");
        await("Certainly.");
        assertThat(prompts.getLast()).contains("Again?").doesNotContain("Who are you?");
    }

    @Test
    void threeQuotesBeginAndEndAMessageOfSeveralLines() throws IOException {
        type("\"\"\"first");
        await("... ");
        type("second\"\"\"");
        await("Certainly.");
        assertThat(prompts.getLast()).contains("first\nsecond");
    }

    @Test
    void parametersAreSetCheckedAndUsed() throws IOException {
        type("/set parameter num_predict 3");
        await("num_predict = 3");
        type("Hello");
        type("/show info");
        assertThat(await("context of")).contains("Cer").doesNotContain("Certainly");
        type("/set parameter hotness 3");
        await("no parameter hotness");
        type("/set parameter temperature hot");
        await("expected a number");
        type("/set nothing");
        await("usage: /set");
        type("/nothing");
        await("no such command: /nothing");
        type("/set system Be brief.");
        await("system message set");
        type("/set verbose");
        type("Hello");
        await("tokens/s");
        assertThat(prompts.getLast()).contains("Be brief.");
    }

    @Test
    void ctrlCStopsTheAnswerAndNotTheProgram() throws IOException {
        answer = "word ".repeat(10_000);
        type("Go on for ever");
        await("word word");
        terminal.raise(Terminal.Signal.INT);
        await(">>> ");
        answer = "Still here.";
        type("Are you there?");
        await("Still here.");
        assertThat(prompts.getLast()).contains("Go on for ever", "word word", "Are you there?");
    }

    @Test
    void aConversationIsSavedAsAModel() throws IOException {
        type("/set parameter temperature 0.25");
        await("temperature = 0.25");
        type("/set system Be kind.");
        await("system message set");
        type("Remember the number 7.");
        await("Certainly.");
        type("/save kept");
        await("saved as kept");
        assertThat(CommandRun.of("show", "kept", "--modelfile").out())
                .contains(
                        "PARAMETER temperature 0.25",
                        "SYSTEM",
                        "Be kind.",
                        "MESSAGE user",
                        "Remember the number 7.",
                        "MESSAGE assistant",
                        "Certainly.");
        type("/save");
        await("usage: /save NAME");
        type("/save bad name/with?marks");
        assertThat(await(">>> ")).isNotEmpty();
    }

    @Test
    void theEndOfInputEndsTheProgram() throws Exception {
        keyboard.close();
        assertThat(loop.get(10, TimeUnit.SECONDS)).isZero();
    }
}
