package dev.jebena.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CsvTest {
    private static final Path FILE = Path.of("t.csv");

    private static List<List<String>> rows(String text) {
        return Csv.rows(FILE, text, ',', 0);
    }

    @Test
    void fieldsInQuotesMayContainAnything() {
        assertThat(rows("a,\"b,\"\"c\"\"\nd\",\r\n\n1, 2 ,3"))
                .containsExactly(List.of("a", "b,\"c\"\nd", ""), List.of("1", "2", "3"));
    }

    @Test
    void linesBeforeTheTableAreLeftOut() {
        assertThat(Csv.rows(FILE, "569;2\n1;2\n", ';', 1)).containsExactly(List.of("1", "2"));
        assertThat(Csv.rows(FILE, "", ',', 3)).isEmpty();
    }

    @Test
    void whatIsWrongIsToldWithItsLine() {
        assertThatThrownBy(() -> rows("a,b\n1,2,3\n"))
                .hasMessageContaining("t.csv:2: 3 fields; the first row has 2")
                .hasMessageContaining("skip = 1");
        assertThatThrownBy(() -> rows("a\n\"b")).hasMessageContaining("t.csv:2: the quotes");
        assertThatThrownBy(() -> rows("\"a\"b")).hasMessageContaining("t.csv:1: 'b' after");
    }
}
