package dev.jebena.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.diff.HistogramDiff;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;

/// The lines that differ between two texts.
public final class TextDiff {
    private TextDiff() {}

    /// As `diff -u` writes it, without the names of files; empty for equal texts.
    public static String unified(String before, String after) {
        RawText a = new RawText(before.getBytes(StandardCharsets.UTF_8));
        RawText b = new RawText(after.getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DiffFormatter formatter = new DiffFormatter(out)) {
            formatter.format(new HistogramDiff().diff(RawTextComparator.DEFAULT, a, b), a, b);
            formatter.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // nothing is read or written but memory
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
