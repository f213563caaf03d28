package dev.jebena.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {
    @Test
    void valuesBecomeJavaValues() {
        Object value =
                Json.parse(
                        """
                         {"a": [1, -2.5, true, false, null, "x"], "b": {}, "": []}
                        """);
        Map<String, @Nullable Object> expected = new LinkedHashMap<>();
        expected.put("a", Arrays.asList(1L, -2.5, true, false, null, "x"));
        expected.put("b", Map.of());
        expected.put("", List.of());
        assertThat(value).isEqualTo(expected);
        assertThat(Json.object(value).keySet()).containsExactly("a", "b", "");
    }

    @Test
    void anyValueMayStandAlone() {
        assertThat(Json.parse(" null ")).isNull();
        assertThat(Json.parse("\t\r\n7")).isEqualTo(7L);
        assertThat(Json.parse("\"\"")).isEqualTo("");
    }

    @Test
    void theLastOfRepeatedKeysCounts() {
        assertThat(Json.parse("{\"a\":1,\"b\":2,\"a\":3}")).isEqualTo(Map.of("a", 3L, "b", 2L));
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "-0,0",
        "9223372036854775807,9223372036854775807",
        "-9223372036854775808,-9223372036854775808",
        "999999999999999999,999999999999999999",
    })
    void wholeNumbersOf64BitsAreLongs(String text, long value) {
        assertThat(Json.parse(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9223372036854775808",
                "-9223372036854775809",
                "18446744073709551615",
                "123456789012345678901234567890"
            })
    void largerWholeNumbersKeepTheirDigits(String text) {
        assertThat(Json.parse(text)).isEqualTo(new BigInteger(text));
    }

    @ParameterizedTest
    @CsvSource({
        "1.0,1.0",
        "-0.0,-0.0",
        "1e0,1.0",
        "1E+2,100.0",
        "1.5e-3,0.0015",
        "0e99,0.0",
        "4.9e-324,4.9e-324",
        "1.7976931348623157e308,1.7976931348623157e308",
        "1e400,Infinity",
        "-1e99999999999,-Infinity",
        "1e-99999999999,0.0",
        "0.1000000000000000055511151231257827,0.1",
    })
    void otherNumbersAreTheNearestDoubles(String text, double value) {
        assertThat(Json.parse(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"\\\"\\\\\\/\" | \"\\/",
                "\"\\u0041\\u00e9\\u4E2d\" | Aé中",
                "\"\\ud83e\\udED6\" | \uD83E\uDED6",
                "\"é中\uD83E\uDED6\" | é中\uD83E\uDED6",
            })
    void escapesAreResolved(String text, String value) {
        assertThat(Json.parse(text)).isEqualTo(value);
    }

    @Test
    void controlCharactersAreReadWhenEscaped() {
        assertThat(Json.parse("\"\\b\\f\\n\\r\\t\\u0000\\u001f\""))
                .isEqualTo("\b\f\n\r\t\u0000\u001f");
    }

    @Test
    void textIsQuotedInAsciiOnRequest() {
        StringBuilder out = new StringBuilder();
        Json.quote("a\"é~\u007f\ud83d\ude00\n", true, out);
        assertThat(out).hasToString("\"a\\\"\\u00e9~\\u007f\\ud83d\\ude00\\n\"");
    }

    @Test
    void surrogatesAloneSurviveReadingAndWriting() {
        Object value = Json.parse("\"a\\ud800b\\udc00\"");
        assertThat(value).isEqualTo("a\ud800b\udc00");
        assertThat(Json.write(value)).isEqualTo("\"a\\ud800b\\udc00\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[",
                "]",
                "{",
                "}",
                "[1",
                "[1,",
                "[,1]",
                "[1,]",
                "[1 2]",
                "[1,,2]",
                "[1:2]",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":1,",
                "{\"a\":1,}",
                "{\"a\" 1}",
                "{\"a\",1}",
                "{1:1}",
                "{a:1}",
                "{'a':1}",
                "{,}",
                "{\"a\":1 \"b\":2}",
                "{\"a\"::1}",
                "[}",
                "{]",
                "01",
                "-01",
                "00",
                "-",
                "+1",
                ".5",
                "1.",
                "-.5",
                "1.e5",
                "1e",
                "1e+",
                "1E-",
                "0x10",
                "1a",
                "1 2",
                "NaN",
                "Infinity",
                "-Infinity",
                "--1",
                "1.2.3",
                "1e5.5",
                "１",
                "1_000",
                "nul",
                "nulll",
                "tru",
                "TRUE",
                "True",
                "fals",
                "none",
                "undefined",
                "a",
                "'a'",
                "\"",
                "\"a",
                "\"\\",
                "\"\\\"",
                "\"\\x41\"",
                "\"\\u\"",
                "\"\\u12\"",
                "\"\\u123g\"",
                "\"\\u+123\"",
                "\"\\uFF1１\"",
                "\"\\a\"",
                "\"\\'\"",
                "\"\\U0041\"",
                "\"\t\"",
                "\"\n\"",
                "\"\u0000\"",
                "\"\\n\u001f\"",
                "\"a\" \"b\"",
                "[\"a\"]]",
                "{}}",
                "// c\n1",
                "/*c*/1",
                "1 // c",
                "\ufeff1",
                "\u00a01",
                "\f1",
                "[1]\u0000",
                "\u2028[]",
                "*",
                "\\u0031"
            })
    void whatIsNotJsonIsRefused(String text) {
        assertThatThrownBy(() -> Json.parse(text))
                .isInstanceOf(JsonException.class)
                .hasMessageStartingWith("JSON, line ");
    }

    @Test
    void errorsNameTheirPlace() {
        assertThatThrownBy(() -> Json.parse("{\n  \"a\": 1,\n  \"b\" 2\n}"))
                .hasMessage("JSON, line 3, column 7: expected ':', found '2'");
        assertThatThrownBy(() -> Json.parse("[1,\n2"))
                .hasMessage("JSON, line 2, column 2: expected ',' or ']', the text ends");
        assertThatThrownBy(() -> Json.parse("[1, 02]"))
                .hasMessage("JSON, line 1, column 5: a number must not begin with 0, found '0'");
        assertThatThrownBy(() -> Json.parse("\"a\tb\""))
                .hasMessageContaining("column 3")
                .hasMessageContaining("must be escaped, found the character U+0009");
        assertThatThrownBy(() -> Json.parse("\"\\x\""))
                .hasMessage("JSON, line 1, column 3: no such escape: \\x, found 'x'");
    }

    @Test
    void nestingIsBounded() {
        int most = Json.MAX_DEPTH;
        Json.parse("[".repeat(most) + "]".repeat(most));
        for (String open : List.of("[", "{\"a\":")) {
            assertThatThrownBy(() -> Json.parse(open.repeat(1_000_000)))
                    .isInstanceOf(JsonException.class)
                    .hasMessageContaining("nested deeper than 512 levels");
        }
        assertThat(Json.array(Json.parse("[" + "[],".repeat(1_000) + "1]"))).hasSize(1_001);
    }

    @Test
    void theNumberOfValuesIsBoundedOnDemand() {
        assertThat(Json.parse("[1,{\"a\":2}]", 4)).isEqualTo(List.of(1L, Map.of("a", 2L)));
        assertThatThrownBy(() -> Json.parse("[1,{\"a\":2}]", 3))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("more than 3 values");
    }

    @Test
    void longNumbersAndStringsTakeTimeInProportion() {
        assertTimeout(
                Duration.ofSeconds(20),
                () -> {
                    Json.parse("0." + "1".repeat(5_000_000));
                    Json.parse("0." + "0".repeat(5_000_000) + "1e5");
                    Json.parse("1" + "0".repeat(999));
                    Json.parse("\"" + "\\n".repeat(5_000_000) + "\"");
                });
        assertThatThrownBy(() -> Json.parse("1".repeat(5_000_000)))
                .hasMessageContaining("more than 1000 digits");
    }

    @Test
    void writingIsTheInverseOfReading() {
        String text =
                """
                {"a":[1,-2.5,true,false,null,"x\\"\\\\\\n\\u0001é"],"b":{},"c":[],\
                "d":18446744073709551615,"e":1.0E-7,"f":-9223372036854775808}\
                """;
        assertThat(Json.write(Json.parse(text))).isEqualTo(text);
    }

    @Test
    void numbersThatJsonLacksAreWrittenAsNull() {
        List<Object> values = new ArrayList<>(List.of(Double.NaN, Float.NEGATIVE_INFINITY, 0.1f));
        assertThat(Json.write(values)).isEqualTo("[null,null,0.1]");
    }

    @Test
    void everyCharacterSurvivesWritingAndReading() {
        StringBuilder all = new StringBuilder();
        for (int c = 0; c < 0x1_0000; c++) {
            all.append((char) c);
        }
        assertThat(Json.parse(Json.write(all))).isEqualTo(all.toString());
    }

    @Test
    void otherKindsThanExpectedAreNamed() {
        assertThatThrownBy(() -> Json.object(Json.parse("[]")))
                .hasMessage("expected a JSON object, found array");
        assertThatThrownBy(() -> Json.array(Json.parse("\"a\"")))
                .hasMessage("expected a JSON array, found string");
        assertThat(Json.kind(null)).isEqualTo("null");
        assertThat(Json.kind(1)).isEqualTo("number");
        assertThat(Json.kind(true)).isEqualTo("boolean");
        assertThat(Json.kind(Map.of())).isEqualTo("object");
    }
}
