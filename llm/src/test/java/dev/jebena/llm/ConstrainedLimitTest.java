package dev.jebena.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.downloads.Downloads;
import dev.jebena.json.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A small published model, which left alone nests objects without end, says whole JSON values
/// within limits.
@Tag("slow")
class ConstrainedLimitTest {
    private static final List<Message> PROMPT =
            List.of(Message.user("Reply as JSON with a key a."));
    private static final Constraint OBJECT = new Constraint.JsonObject();
    private static final Generation GREEDY =
            Generation.defaults().temperature(0).constraint(OBJECT);

    @Test
    void objectsAreCompleteWithinMaxTokens() {
        try (Llm llm = Llm.load(Downloads.smollm2())) {
            int[] prompt = llm.tokenizer().encode(llm.prompt(PROMPT, Map.of()), false, true);
            for (int most : new int[] {3, 32, 64, 128}) {
                assertObject(llm.generate(prompt, GREEDY.maxTokens(most)), most);
                Generation random = Generation.defaults().seed(5).constraint(OBJECT);
                assertObject(llm.generate(prompt, random.maxTokens(most)), most);
                assertObject(llm.generate(prompt, random.maxTokens(most).ignoreEos(true)), most);
            }
            Answer cut = llm.generate(prompt, GREEDY.maxTokens(1));
            assertThat(cut.text()).startsWith("{");
            assertThat(cut.finishReason()).isEqualTo(FinishReason.LENGTH);
        }
    }

    @Test
    void objectsAreCompleteWithinTheContext() {
        LlmOptions small = LlmOptions.defaults().contextLength(96);
        try (Llm llm = Llm.load(Downloads.smollm2(), small)) {
            int[] prompt = llm.tokenizer().encode(llm.prompt(PROMPT, Map.of()), false, true);
            assertObject(llm.generate(prompt, GREEDY), 96 - prompt.length);
        }
    }

    private static void assertObject(Answer answer, int most) {
        String text = answer.text();
        assertThat(Json.object(Json.parse(text))).as("%d: %s", most, text).isNotNull();
        assertThat(answer.finishReason()).isEqualTo(FinishReason.END);
    }
}
