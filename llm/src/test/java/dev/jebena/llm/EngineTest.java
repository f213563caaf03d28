package dev.jebena.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.compute.DataType;
import dev.jebena.tokenizers.Detokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class EngineTest {
    private static final Generation ENDLESS =
            Generation.defaults().ignoreEos(true).seed(7).maxTokens(24);

    @TempDir static Path folder;
    private static Path file = Path.of("");

    @BeforeAll
    static void unzip() {
        file = GoldenModel.open("llama-F32", folder).file();
    }

    private static Llm load(LlmOptions options) {
        return Llm.load(file, options);
    }

    private static int[] prompt(int seed, int length) {
        return new Random(seed).ints(length, 3, 320).toArray();
    }

    private static List<Integer> ids(Answer answer) {
        List<Integer> ids = new ArrayList<>();
        answer.forEachRemaining(token -> {
            if (!token.isText()) {
                ids.add(token.id());
            }
        });
        return ids;
    }

    private static void assertIdle(Llm llm) throws InterruptedException {
        for (int i = 0; i < 2000 && llm.stats().running() + llm.stats().waiting() > 0; i++) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        EngineStats stats = llm.stats();
        assertThat(stats.running()).isZero();
        assertThat(stats.waiting()).isZero();
        assertThat(stats.kvPagesUsed()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "llama-F32, F16",
        "llama-F32, Q8_0",
        "llama-Q8_0, F16",
        "llama-q-Q4_K_M, F16",
        "llama-q-Q4_K_M, Q8_0",
        "qwen2-Q4_0, F16",
        "gemma3-Q4_0, F16"
    })
    void tokensDoNotDependOnCompanyOrThreads(String name, DataType kvType) {
        Path model = GoldenModel.open(name, folder).file();
        LlmOptions defaults = LlmOptions.defaults().kvType(kvType);
        for (Generation options : List.of(ENDLESS, ENDLESS.temperature(0))) {
            List<List<Integer>> alone = new ArrayList<>();
            try (Llm llm = Llm.load(model, defaults.threads(1))) {
                for (int i = 0; i < 16; i++) {
                    alone.add(ids(llm.generate(prompt(i, 5 + 11 * i), options.seed(i))));
                }
            }
            for (int threads = 1; threads <= 2; threads++) {
                try (Llm llm = Llm.load(model, defaults.threads(threads).batchTokens(48))) {
                    for (int batch : new int[] {2, 7, 16}) {
                        List<Answer> answers = new ArrayList<>();
                        for (int i = 0; i < batch; i++) {
                            answers.add(llm.generate(prompt(i, 5 + 11 * i), options.seed(i)));
                        }
                        for (int i = 0; i < batch; i++) {
                            assertThat(ids(answers.get(i)))
                                    .as("answer %d of %d, %d threads", i, batch, threads)
                                    .isEqualTo(alone.get(i));
                        }
                    }
                }
            }
        }
    }

    @Test
    void sequencesThatTakeTurnsForPagesLoseNothing() throws InterruptedException {
        List<Integer> expected;
        try (Llm llm = load(LlmOptions.defaults())) {
            expected = ids(llm.generate(prompt(1, 30), ENDLESS.maxTokens(100)));
        }
        // Eight pages for sequences of up to five each.
        LlmOptions tight = LlmOptions.defaults().kvPositions(256).contextLength(256);
        try (Llm llm = load(tight)) {
            assertThat(llm.stats().kvPages()).isEqualTo(8);
            List<Answer> answers = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                answers.add(llm.generate(prompt(1, 30), ENDLESS.maxTokens(100)));
            }
            for (Answer answer : answers) {
                assertThat(ids(answer)).isEqualTo(expected);
            }
            assertIdle(llm);
        }
    }

    @Test
    void vanishedReadersLeaveNothingBehind() throws InterruptedException {
        int threadsBefore = Thread.activeCount();
        LlmOptions options = LlmOptions.defaults().kvPositions(1024);
        try (Llm llm = load(options)) {
            Random random = new Random(3);
            CountDownLatch done = new CountDownLatch(200);
            AtomicReference<@Nullable Throwable> problem = new AtomicReference<>();
            for (int i = 0; i < 200; i++) {
                int number = i;
                int leaveAfter = i % 3 == 0 ? random.nextInt(20) : -1;
                Thread.startVirtualThread(() -> {
                    try {
                        read(llm, number, leaveAfter);
                    } catch (Throwable e) {
                        problem.set(e);
                    } finally {
                        done.countDown();
                    }
                });
            }
            assertThat(done.await(50, TimeUnit.SECONDS)).isTrue();
            assertThat(problem.get()).isNull();
            assertIdle(llm);
        }
        assertThat(Thread.activeCount()).isLessThanOrEqualTo(threadsBefore);
    }

    private static void read(Llm llm, int number, int leaveAfter) {
        try (Answer answer = llm.generate(prompt(number, 1 + number % 90), ENDLESS)) {
            int read = 0;
            while (read != leaveAfter && answer.hasNext()) {
                answer.next();
                read++;
            }
            if (leaveAfter < 0) {
                assertThat(read).isEqualTo(24);
                assertThat(answer.finishReason()).isEqualTo(FinishReason.LENGTH);
            }
        }
    }

    @Test
    void aClosedAnswerEndsWithinAStep() throws InterruptedException {
        try (Llm llm = load(LlmOptions.defaults())) {
            Answer answer = llm.generate(prompt(1, 10), ENDLESS.maxTokens(-1).contextShift(true));
            answer.next();
            answer.close();
            assertThat(answer.hasNext()).isFalse();
            assertThat(answer.finishReason()).isEqualTo(FinishReason.CANCELLED);
            assertIdle(llm);
        }
    }

    @Test
    void aFullContextEndsTheAnswerOrShiftsIt() {
        try (Llm llm = load(LlmOptions.defaults().contextLength(64))) {
            assertThat(llm.contextLength()).isEqualTo(64);
            Answer answer = llm.generate(prompt(1, 40), ENDLESS.maxTokens(-1));
            assertThat(ids(answer)).hasSize(24);
            assertThat(answer.finishReason()).isEqualTo(FinishReason.LENGTH);
            Answer longer = llm.generate(prompt(1, 40), ENDLESS.maxTokens(150).contextShift(true));
            assertThat(ids(longer)).hasSize(150);
        }
    }

    @Test
    void aShiftKeepsTheBeginningAndGoesOnAsAfterWhatIsLeft() {
        try (Llm llm = load(LlmOptions.defaults().contextLength(64))) {
            Generation greedy = ENDLESS.temperature(0).contextShift(true);
            int[] prompt = prompt(1, 40);
            List<Integer> answer = ids(llm.generate(prompt, greedy.maxTokens(30).keep(10)));
            int[] left = new int[37];
            System.arraycopy(prompt, 0, left, 0, 10);
            for (int i = 10; i < 37; i++) {
                int at = i + 27;
                left[i] = at < 40 ? prompt[at] : answer.get(at - 40);
            }
            assertThat(ids(llm.generate(left, greedy.maxTokens(6))))
                    .isEqualTo(answer.subList(24, 30));
            assertThat(ids(llm.generate(prompt, greedy.maxTokens(100).keep(-1)))).hasSize(100);
        }
    }

    @Test
    void requestsThatCannotBeAnsweredAreRefused() {
        try (Llm llm = load(LlmOptions.defaults().contextLength(64))) {
            assertProblem(
                    () -> llm.generate(prompt(1, 64), ENDLESS),
                    LlmException.Code.CONTEXT_OVERFLOW,
                    "64 tokens leaves no room for an answer in the context of 64 tokens");
            assertProblem(
                    () -> llm.generate(new int[0], ENDLESS),
                    LlmException.Code.BAD_REQUEST,
                    "no tokens");
            assertProblem(
                    () -> llm.generate(new int[] {1, 320}, ENDLESS),
                    LlmException.Code.BAD_REQUEST,
                    "token 1 of the prompt is 320; expected 0 to 319");
            assertProblem(
                    () -> llm.generate(new int[] {1}, ENDLESS.topP(2).minTokens(-1)),
                    LlmException.Code.BAD_REQUEST,
                    "topP is 2.0; expected 0.0 to 1.0; minTokens is -1; expected at least 0");
            assertProblem(
                    () -> llm.embed(new int[] {1}), LlmException.Code.UNSUPPORTED, "embeddings");
        }
    }

    @Test
    void aCacheOf8BitsTakesAboutHalfTheMemory() {
        long[] bytes = new long[2];
        for (DataType type : List.of(DataType.F16, DataType.Q8_0)) {
            try (Llm llm = load(LlmOptions.defaults().kvType(type))) {
                long before = llm.stats().memoryBytes();
                ids(llm.generate(prompt(1, 200), ENDLESS));
                bytes[type == DataType.F16 ? 0 : 1] = llm.stats().memoryBytes() - before;
            }
        }
        assertThat(bytes[1] * 32).isEqualTo(bytes[0] * 17);
    }

    @Test
    void aTypeOfTheCacheThatDoesNotFitTheModelIsRefused() {
        Path gemma = GoldenModel.open("gemma3-Q4_0", folder).file();
        assertProblem(
                () -> Llm.load(gemma, LlmOptions.defaults().kvType(DataType.Q8_0)),
                LlmException.Code.BAD_REQUEST,
                "kvType Q8_0 needs heads of a multiple of 32 numbers, but this model's have 48;"
                        + " set it to F16");
        assertProblem(
                () -> load(LlmOptions.defaults().kvType(DataType.Q4_0)),
                LlmException.Code.BAD_REQUEST,
                "kvType is Q4_0; expected F16, F32 or Q8_0");
    }

    @Test
    void aFullQueueRefusesOneMore() {
        try (Llm llm = load(LlmOptions.defaults().maxSequences(2).maxQueue(1))) {
            Generation endless = ENDLESS.maxTokens(-1).contextShift(true);
            List<Answer> answers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                answers.add(llm.generate(prompt(i, 5), endless));
            }
            assertProblem(
                    () -> llm.generate(prompt(9, 5), endless),
                    LlmException.Code.QUEUE_FULL,
                    "3 requests");
            answers.forEach(Answer::close);
        }
    }

    @Test
    void closingEndsAllAnswers() {
        Llm llm = load(LlmOptions.defaults().maxSequences(1));
        Generation endless = ENDLESS.maxTokens(-1).contextShift(true);
        Answer running = llm.generate(prompt(1, 5), endless);
        Answer waiting = llm.generate(prompt(2, 5), endless);
        running.next();
        llm.close();
        llm.close();
        assertProblem(running::text, LlmException.Code.CLOSED, "closed");
        assertProblem(waiting::text, LlmException.Code.CLOSED, "closed");
        assertProblem(
                () -> llm.generate(prompt(1, 5), endless), LlmException.Code.CLOSED, "closed");
    }

    @Test
    void usageCountsTokens() {
        try (Llm llm = load(LlmOptions.defaults())) {
            Answer answer = llm.generate(prompt(1, 33), ENDLESS);
            String text = answer.text();
            assertThat(answer.text()).isEqualTo(text);
            assertThat(answer.usage().promptTokens()).isEqualTo(33);
            assertThat(answer.usage().answerTokens()).isEqualTo(24);
            assertThat(answer.seed()).isEqualTo(7);
            assertThat(llm.stats().promptTokens()).isEqualTo(33);
            assertThat(ids(llm.generate(prompt(1, 33), ENDLESS.maxTokens(0)))).isEmpty();
        }
    }

    @Test
    void stopStringsEndTheAnswerAndAreNoPartOfIt() {
        try (Llm llm = load(LlmOptions.defaults())) {
            String whole = llm.generate(prompt(4, 9), ENDLESS).text();
            String stop = whole.substring(whole.length() / 2, whole.length() / 2 + 3);
            Answer answer = llm.generate(prompt(4, 9), ENDLESS.stop(List.of(stop)));
            assertThat(answer.text()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
            assertThat(answer.finishReason()).isEqualTo(FinishReason.STOP_STRING);
            assertThat(answer.stopString()).isEqualTo(stop);
        }
    }

    @Test
    void tokensThatAReaderGetsSpellTheTextBeforeTheStop() {
        try (Llm llm = load(LlmOptions.defaults())) {
            String whole = llm.generate(prompt(4, 9), ENDLESS).text();
            for (int at = 1; at + 4 <= whole.length(); at++) {
                String stop = whole.substring(at, at + 4);
                String expected = whole.substring(0, whole.indexOf(stop));
                Answer answer = llm.generate(prompt(4, 9), ENDLESS.stop(List.of(stop)));
                List<Integer> ids = new ArrayList<>();
                answer.forEachRemaining(token -> {
                    if (!token.isText()) {
                        ids.add(token.id());
                    }
                });
                assertThat(spelled(llm, ids)).startsWith(expected.replaceAll("\uFFFD+\\z", ""));
                if (!expected.isEmpty()) {
                    String shorter = spelled(llm, ids.subList(0, ids.size() - 1));
                    assertThat(shorter.length()).isLessThan(expected.length());
                }
                assertThat(answer.usage().answerTokens()).isGreaterThanOrEqualTo(ids.size());
            }
        }
    }

    /// Without a character that is incomplete at the end.
    private static String spelled(Llm llm, List<Integer> ids) {
        Detokenizer detokenizer = llm.tokenizer().newDetokenizer(false);
        StringBuilder text = new StringBuilder();
        ids.forEach(id -> text.append(detokenizer.add(id)));
        return text.toString();
    }

    private static void assertProblem(
            ThrowingCallable call, LlmException.Code code, String message) {
        assertThatThrownBy(call)
                .isInstanceOf(LlmException.class)
                .hasMessageContaining(message)
                .extracting(problem -> ((LlmException) problem).code())
                .isEqualTo(code);
    }
}
