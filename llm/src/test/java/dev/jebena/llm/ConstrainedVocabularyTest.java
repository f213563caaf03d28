package dev.jebena.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.downloads.Downloads;
import dev.jebena.formats.Gguf;
import dev.jebena.json.Json;
import dev.jebena.llm.internal.constraint.TokenFilter;
import dev.jebena.llm.internal.constraint.TokenFilters;
import dev.jebena.tokenizers.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Constraints over vocabularies of published models: what comes out is JSON, and the masks are
/// cheap.
@Tag("slow")
class ConstrainedVocabularyTest {
    private static final String SCHEMA =
            """
            {"type": "object", "properties": {
               "name": {"type": "string", "maxLength": 40},
               "tags": {"type": "array", "items": {"enum": ["red", "green", "blue"]}, "maxItems": 5},
               "text": {"type": "string"},
               "score": {"type": "number", "minimum": 0, "maximum": 1},
               "when": {"type": "string", "format": "date-time"}},
             "required": ["name", "tags", "text", "score", "when"], "additionalProperties": false}
            """;

    @Test
    void smollm2SaysJson() {
        walks(Downloads.smollm2(), 60);
    }

    @Test
    void gemma3SaysJson() {
        walks(Downloads.gemma3(), 12);
    }

    private static void walks(Path model, int count) {
        try (Gguf file = Gguf.open(model)) {
            Tokenizer tokenizer = Tokenizer.ofGguf(file.metadata());
            Map<String, @Nullable Object> schema = Json.object(Json.parse(SCHEMA));
            long begin = System.nanoTime();
            TokenFilters filters = new TokenFilters(tokenizer);
            filters.of(new Constraint.JsonObject());
            double first = (System.nanoTime() - begin) / 1e6;
            Walk any = new Walk(tokenizer, filters, new Constraint.JsonObject());
            Walk strict = new Walk(tokenizer, filters, new Constraint.JsonSchema(schema));
            for (int seed = 0; seed < count; seed++) {
                Map<String, @Nullable Object> object =
                        Json.object(Json.parse(strict.text(new Random(seed))));
                assertThat(object.keySet())
                        .containsExactly("name", "tags", "text", "score", "when");
                assertThat(Json.object(Json.parse(any.text(new Random(seed))))).isNotNull();
            }
            System.out.printf(
                    "%s: %d tokens, first filter %.0f ms, mask %s (any object), %s (schema)%n",
                    model.getFileName(), tokenizer.vocabularySize(), first, any, strict);
            assertThat(any.meanMillis()).isLessThan(20);
            assertThat(strict.meanMillis()).isLessThan(50);
        }
    }

    private static final class Walk {
        private final Tokenizer tokenizer;
        private final TokenFilters filters;
        private final Constraint constraint;
        private long nanos;
        private int masks;

        Walk(Tokenizer tokenizer, TokenFilters filters, Constraint constraint) {
            this.tokenizer = tokenizer;
            this.filters = filters;
            this.constraint = constraint;
        }

        /// Random tokens; after a while such that come to an end.
        String text(Random random) {
            TokenFilter filter = filters.of(constraint);
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            for (int i = 0; i < 4_000; i++) {
                long begin = System.nanoTime();
                long[] mask = filter.allowed(Integer.MAX_VALUE);
                nanos += System.nanoTime() - begin;
                masks++;
                int id = choose(mask, random, i > 40);
                if (tokenizer.endsGeneration(id)) {
                    return text.toString(StandardCharsets.UTF_8);
                }
                text.writeBytes(tokenizer.bytes(id, false));
                filter.accept(id);
            }
            throw new AssertionError("does not end: " + text.toString(StandardCharsets.UTF_8));
        }

        private int choose(long[] mask, Random random, boolean closing) {
            int count = 0;
            int chosen = -1;
            for (int word = 0; word < mask.length; word++) {
                for (long bits = mask[word]; bits != 0; bits &= bits - 1) {
                    int id = word * 64 + Long.numberOfTrailingZeros(bits);
                    if (tokenizer.endsGeneration(id)) {
                        return id;
                    }
                    byte[] bytes = tokenizer.bytes(id, false);
                    boolean closes = bytes.length == 1 && "\"}]".indexOf((char) bytes[0]) >= 0;
                    if (closing && closes && random.nextInt(4) > 0) {
                        return id;
                    }
                    if (random.nextInt(++count) == 0) {
                        chosen = id;
                    }
                }
            }
            return chosen;
        }

        double meanMillis() {
            return nanos / 1e6 / Math.max(1, masks);
        }

        @Override
        public String toString() {
            return "%.3f ms".formatted(meanMillis());
        }
    }
}
