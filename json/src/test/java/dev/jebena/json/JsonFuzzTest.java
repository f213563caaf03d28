package dev.jebena.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Random and damaged JSON; the system property `jebena.fuzz.cases` says how much.
final class JsonFuzzTest {
    private static final int CASES = Integer.getInteger("jebena.fuzz.cases", 2_000);
    private static final String ALPHABET =
            "{}[]:,\"\\/ \n\t0123456789.-+eEtrufalsn\u0000é\ud83e\udED6";
    private static final String[] PIECES = {
        "{", "}", "[", "]", ",", ":", "\"", "\\u12", "\\ud800", "null", "-", "1e999", "00",
        "{\"a\":"
    };

    @Test
    void whatWasWrittenIsReadBack() {
        for (long seed = 1; seed <= CASES; seed++) {
            Object value = value(new Random(seed), 0);
            String text = Json.write(value);
            assertThat(Json.parse(text)).as("seed %d: %s", seed, text).isEqualTo(value);
        }
    }

    @Test
    void damagedTextIsReadOrRefused() {
        int read = 0;
        for (long seed = 1; seed <= CASES; seed++) {
            Random random = new Random(seed);
            String text = damage(Json.write(value(random, 0)), random);
            try {
                Object value = Json.parse(text);
                String again = Json.write(value);
                assertThat(Json.write(Json.parse(again))).as("seed %d", seed).isEqualTo(again);
                read++;
            } catch (JsonException e) {
                assertThat(e).as("seed %d", seed).message().startsWith("JSON, line ");
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError("seed " + seed + ": " + text, e);
            }
        }
        assertThat(read).isPositive();
    }

    private static @Nullable Object value(Random random, int depth) {
        return switch (random.nextInt(depth > 4 ? 6 : 9)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextLong() >> random.nextInt(64);
            case 3 -> Double.longBitsToDouble(random.nextLong() & ~(1L << 62));
            case 4, 5 -> string(random);
            case 6, 7 -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    map.put(string(random), value(random, depth + 1));
                }
                yield map;
            }
            default -> {
                List<@Nullable Object> list = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    list.add(value(random, depth + 1));
                }
                yield list;
            }
        };
    }

    private static String string(Random random) {
        StringBuilder out = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            out.append(
                    (char)
                            (random.nextInt(4) == 0
                                    ? random.nextInt(0x1_0000)
                                    : random.nextInt(128)));
        }
        return out.toString();
    }

    private static String damage(String text, Random random) {
        StringBuilder out = new StringBuilder(text);
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            int at = random.nextInt(out.length() + 1);
            int end = Math.min(out.length(), at + random.nextInt(3));
            switch (random.nextInt(4)) {
                case 0 -> out.setLength(at);
                case 1 -> out.delete(at, end);
                case 2 -> out.insert(at, PIECES[random.nextInt(PIECES.length)]);
                default ->
                        out.replace(
                                at,
                                end,
                                String.valueOf(ALPHABET.charAt(random.nextInt(ALPHABET.length()))));
            }
        }
        return out.toString();
    }
}
