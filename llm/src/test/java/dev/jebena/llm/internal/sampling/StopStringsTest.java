package dev.jebena.llm.internal.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StopStringsTest {
    private static String joined(StopStrings stops, String... texts) {
        StringBuilder out = new StringBuilder();
        for (String text : texts) {
            out.append(stops.add(text));
            if (stops.found() != null) {
                return out.toString();
            }
        }
        return out.append(stops.flush()).toString();
    }

    @Test
    void textBeforeTheStopIsShownAndNothingAfter() {
        for (int size = 1; size < 12; size++) {
            StopStrings stops = new StopStrings(List.of("\nUser:", "###"));
            String text = "One.\nUs\n\nUser: hi ###";
            String[] pieces = text.split("(?<=\\G.{" + size + "})(?s)");
            assertThat(joined(stops, pieces)).isEqualTo("One.\nUs\n");
            assertThat(stops.found()).isEqualTo("\nUser:");
        }
    }

    @Test
    void whatMayBeginAStopIsHeldBack() {
        StopStrings stops = new StopStrings(List.of("END"));
        assertThat(stops.add("the E")).isEqualTo("the ");
        assertThat(stops.add("N")).isEmpty();
        assertThat(stops.add("E")).isEqualTo("EN");
        assertThat(stops.flush()).isEqualTo("E");
        assertThat(stops.found()).isNull();
    }

    @Test
    void ofTwoStopsTheFirstThenTheLongerWins() {
        StopStrings stops = new StopStrings(List.of("b", "ab", "abc"));
        assertThat(stops.add("xxabcd")).isEqualTo("xx");
        assertThat(stops.found()).isEqualTo("abc");
    }

    @Test
    void repeatedBeginningsAreFound() {
        StopStrings stops = new StopStrings(List.of("aab"));
        assertThat(joined(stops, "a", "a", "a", "b", "c")).isEqualTo("a");
        assertThat(stops.found()).isEqualTo("aab");
    }

    @Test
    void withoutStopsTextPasses() {
        assertThat(joined(new StopStrings(List.of()), "a", "b")).isEqualTo("ab");
    }
}
