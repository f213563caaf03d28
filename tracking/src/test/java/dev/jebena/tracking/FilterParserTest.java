package dev.jebena.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.base.HttpException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FilterParserTest {
    private static List<FilterClause> parse(String filter) {
        return FilterParser.parse(RunFilter.GRAMMAR, filter);
    }

    @Test
    void clausesAreReadWithAllQuotes() {
        assertThat(
                        parse(
                                "metrics.acc > -1.5e3 and params.`my param` = 'a''b' AND tags.\"x.y\" LIKE \"%z\""
                                        + " AND status != 'FAILED' AND attr.run_id NOT IN ('a', 'b')"
                                        + " AND tag.t IS NOT NULL AND Created >= 12"))
                .containsExactly(
                        new FilterClause("metric", "acc", ">", -1500.0),
                        new FilterClause("parameter", "my param", "=", "a''b"),
                        new FilterClause("tag", "x.y", "LIKE", "%z"),
                        new FilterClause("attribute", "status", "!=", "FAILED"),
                        new FilterClause("attribute", "run_id", "NOT IN", List.of("a", "b")),
                        new FilterClause("tag", "t", "IS NOT NULL", null),
                        new FilterClause("attribute", "start_time", ">=", 12L));
    }

    @Test
    void wrongFiltersSayWhatIsWrong() {
        wrong(
                "params.depth > 3",
                "Expected a quoted string value for parameter (e.g. 'my-value'). Got value 3");
        wrong("params.depth > 'x'", "Invalid comparator '>'");
        wrong("metrics.a > 'x'", "Expected numeric value type for metric. Found 'x'");
        wrong(
                "metrics.a > 1 OR metrics.a < 0",
                "Invalid clause(s) in filter string: 'OR metrics.a < 0'");
        wrong("attributes.foo = 'x'", "Invalid attribute key 'foo' specified");
        wrong("bogus.foo = 'x'", "Invalid entity type 'bogus'");
        wrong("metrics.a >", "Expected 'value' found 'end of filter'");
        wrong("metrics.a IS NULL", "only supported for tags and params");
        wrong("status IN ('a')", "attributes support comparison with a list");
        wrong("run_id IN ('a' 'b')", "Expected ')' found ''b''");
        wrong("name = 'x", "Invalid clause(s)");
        wrong("datasets.size = 'x'", "Invalid dataset key 'size' specified");
        wrong("metrics.a = 1 AND", "found 'end of filter'");
        wrong("a".repeat(200_000), "more than the");
    }

    private static void wrong(String filter, String message) {
        assertThatThrownBy(() -> parse(filter))
                .as(filter.length() > 100 ? "long" : filter)
                .isInstanceOf(HttpException.class)
                .hasMessageContaining(message);
    }

    @Test
    void noTextMakesItFailOtherwise() {
        int cases = Integer.getInteger("jebena.fuzz.cases", 2000);
        long seed = 20_261_123;
        Random random = new Random(seed);
        String[] parts = {
            "metrics.",
            "params.",
            "acc",
            " = ",
            " > ",
            "'",
            "\"",
            "`",
            "1",
            "-",
            "e5",
            " AND ",
            " IN ",
            "(",
            ")",
            ",",
            " IS ",
            "NOT ",
            "NULL",
            "tags.a",
            " LIKE ",
            "%",
            ".",
            "run_id",
            "\\",
            "ü",
            "\0",
            " ilike "
        };
        for (int i = 0; i < cases; i++) {
            StringBuilder filter = new StringBuilder();
            for (int j = random.nextInt(14); j >= 0; j--) {
                filter.append(parts[random.nextInt(parts.length)]);
            }
            try {
                parse(filter.toString());
            } catch (HttpException e) {
                assertThat(e.code()).as("seed %s: %s", seed, filter).isEqualTo(MlflowError.INVALID);
            }
        }
    }
}
