package dev.jebena.tokenizers;

import static org.assertj.core.api.Assertions.fail;

import dev.jebena.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Damaged templates either render or give a [TokenizerException], soon.
class ChatTemplateFuzzTest {
    private static final int CASES = Integer.getInteger("jebena.fuzz.cases", 4_000);
    private static final long MAX_NANOS = 20_000_000_000L;
    private static final List<String> PIECES =
            List.of(
                    "{{",
                    "}}",
                    "{%",
                    "%}",
                    "{#",
                    "#}",
                    "-",
                    "+",
                    "(",
                    ")",
                    "[",
                    "]",
                    "{",
                    "}",
                    "'",
                    "\"",
                    "|",
                    ".",
                    ":",
                    "*",
                    "**",
                    "%",
                    " is ",
                    " not ",
                    " if ",
                    " else ",
                    " for ",
                    " in ",
                    "endfor",
                    "endif",
                    "\\",
                    "\n",
                    "0",
                    "99999999999",
                    "1e308",
                    "none",
                    "[::-1]",
                    "|list",
                    "|tojson",
                    "|sort",
                    "| map('",
                    "range(",
                    "loop(",
                    "messages",
                    "~",
                    "😀",
                    "\u0000",
                    "{% set x = ",
                    "{% macro m() %}",
                    "{{ m() }}",
                    "*10000");

    @Test
    void damagedTemplatesNeverCrash() throws IOException {
        Map<String, @Nullable Object> fixture = fixture();
        List<@Nullable Object> templates = Json.array(fixture.get("templates"));
        List<@Nullable Object> variables = Json.array(fixture.get("variables"));
        long seed = Long.getLong("jebena.fuzz.seed", 20260305L);
        Random random = new Random(seed);
        for (int i = 0; i < CASES; i++) {
            String source = String.valueOf(templates.get(random.nextInt(templates.size())));
            String damaged = damage(source, random);
            long begin = System.nanoTime();
            try {
                ChatTemplate.of(damaged)
                        .render(Json.object(variables.get(random.nextInt(variables.size()))));
            } catch (TokenizerException expected) {
                // A clear refusal is what a damaged template should give.
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                fail("seed " + seed + ", case " + i + ": " + damaged, e);
            }
            if (System.nanoTime() - begin > MAX_NANOS) {
                fail("seed " + seed + ", case " + i + " takes too long: " + damaged);
            }
        }
    }

    private static String damage(String source, Random random) {
        StringBuilder text = new StringBuilder(source);
        int edits = 1 + random.nextInt(4);
        for (int i = 0; i < edits; i++) {
            int at = random.nextInt(text.length() + 1);
            int end = Math.min(text.length(), at + random.nextInt(8));
            switch (random.nextInt(4)) {
                case 0 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                case 1 -> text.delete(at, end);
                case 2 -> text.replace(at, end, PIECES.get(random.nextInt(PIECES.size())));
                default -> text.insert(at, text.substring(at, Math.min(text.length(), at + 40)));
            }
        }
        return text.toString();
    }

    private static Map<String, @Nullable Object> fixture() throws IOException {
        try (InputStream in =
                ChatTemplateFuzzTest.class.getResourceAsStream("chat_templates.json")) {
            if (in == null) {
                throw new IOException("chat_templates.json is missing");
            }
            return Json.object(Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        }
    }
}
