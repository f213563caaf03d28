package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
    private static String drawn(Progress.Unit unit, long total) throws InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ProgressBar bar =
                new ProgressBar(new PrintStream(out, true, StandardCharsets.UTF_8), false);
        for (long done = 0; done <= total; done += total / 2) {
            bar.on(new Progress("book.txt", "scoring", done, total, unit, null));
            Thread.sleep(20);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void bytesHaveTheirUnitInAmountAndSpeed() throws InterruptedException {
        assertThat(drawn(Progress.Unit.BYTES, 4_000_000))
                .containsPattern("100%  4.0+ MB/4.0+ MB  [0-9.]+ .B/s");
    }

    @Test
    void itemsAreCountedWithoutBytes() throws InterruptedException {
        assertThat(drawn(Progress.Unit.ITEMS, 4))
                .containsPattern("100%  4/4  [0-9.]+/s")
                .doesNotContain("B");
    }
}
