package dev.jebena.data.internal;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader.CsvReaderBuilder;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.jebena.data.DataFile;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The records of one CSV file, with their lines.
final class CsvLines implements Closeable {
    private static final int FIRST_LINE = 1 << 16;
    private static final char[] SEPARATORS = {',', ';', '\t', '|'};

    private final String file;
    private final CsvReader format;
    private final de.siegmar.fastcsv.reader.CsvReader<CsvRecord> reader;
    private final CloseableIterator<CsvRecord> records;
    private final char separator;

    /// Where the first record begins: behind a byte order mark.
    private final long begin;

    private @Nullable CsvRecord current;
    private boolean again;
    private int columns;
    private List<String> names = List.of();
    private long line;

    /// Records before the first one, where that is not the file's first; else -1.
    private long before = -1;

    private CsvLines(String file, CsvReader format, Reader text, char separator, long begin) {
        this.file = file;
        this.format = format;
        this.separator = separator;
        this.begin = begin;
        CsvReaderBuilder builder =
                de.siegmar.fastcsv.reader.CsvReader.builder()
                        .fieldSeparator(separator)
                        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .maxBufferSize(format.limits().recordBytes());
        this.reader = builder.ofCsvRecord(text);
        this.records = reader.iterator();
    }

    static CsvLines open(DataFile file, CsvReader format) throws IOException {
        Reader text =
                new BufferedReader(Utf8.reader(Compression.open(file, format.limits())), 1 << 16);
        try {
            text.mark(1);
            boolean marked = text.read() == '\ufeff';
            if (!marked) {
                text.reset();
            }
            return new CsvLines(file.name(), format, text, separator(format, text), marked ? 3 : 0);
        } catch (CharacterCodingException e) {
            text.close();
            throw Damage.because(
                    file.name(), "the first " + FIRST_LINE + " bytes", "not UTF-8", Utf8.REMEDY, e);
        } catch (IOException | RuntimeException e) {
            text.close();
            throw e;
        }
    }

    /// From a record in the middle of the file on.
    ///
    /// @param row so many are before it, without the one that names the columns
    static CsvLines openAt(DataFile file, CsvReader format, long offset, long row)
            throws IOException {
        try (CsvLines head = open(file, format)) {
            List<String> names = head.names();
            Reader text = new BufferedReader(Utf8.reader(file.open(offset)), 1 << 16);
            CsvLines lines = new CsvLines(file.name(), format, text, head.separator, head.begin);
            lines.names = names;
            lines.columns = names.size();
            lines.before = row;
            return lines;
        }
    }

    private static char separator(CsvReader format, Reader text) throws IOException {
        if (format.separator() != 0) {
            return format.separator();
        }
        text.mark(FIRST_LINE + 1);
        int[] counts = new int[SEPARATORS.length];
        boolean quoted = false;
        for (int i = 0; i < FIRST_LINE; i++) {
            int c = text.read();
            if (c < 0 || (!quoted && (c == '\n' || c == '\r'))) {
                break;
            }
            quoted ^= c == '"';
            for (int s = 0; s < counts.length; s++) {
                counts[s] += !quoted && c == SEPARATORS[s] ? 1 : 0;
            }
        }
        text.reset();
        int best = 0;
        for (int s = 1; s < counts.length; s++) {
            best = counts[s] > counts[best] ? s : best;
        }
        return SEPARATORS[best];
    }

    String file() {
        return file;
    }

    char separator() {
        return separator;
    }

    long begin() {
        return begin;
    }

    String place() {
        return before < 0 ? "line " + line : "row " + before;
    }

    /// The names of the columns; to be asked first.
    List<String> names() {
        if (!names.isEmpty()) {
            return names;
        }
        if (!advance() || current == null) {
            throw Damage.at(file, "", "it is empty: no line names the columns");
        }
        List<String> found = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (int i = 0; i < current.getFieldCount(); i++) {
            String name = format.header() ? current.getField(i) : String.valueOf(i);
            String plain = name.isEmpty() ? "Unnamed: " + i : name;
            String unique = plain;
            for (int n = 1; !taken.add(unique); n++) {
                unique = plain + "." + n;
            }
            found.add(unique);
        }
        columns = found.size();
        names = found;
        again = !format.header();
        return names;
    }

    /// Moves to the next record; false at the end.
    boolean advance() {
        if (again) {
            again = false;
            return true;
        }
        try {
            current = records.hasNext() ? records.next() : null;
        } catch (CsvParseException | UncheckedIOException e) {
            throw bad(e);
        }
        if (current == null) {
            return false;
        }
        line = current.getStartingLineNumber();
        before += before < 0 ? 0 : 1;
        int found = current.getFieldCount();
        if (columns > 0 && found > columns) {
            throw Damage.at(
                    file,
                    place(),
                    "%d fields where the first line has %d".formatted(found, columns),
                    "is a separator within a field that is not in quotes?");
        }
        return true;
    }

    List<String> fields() {
        return current == null ? List.of() : current.getFields();
    }

    private RuntimeException bad(RuntimeException e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String place = "behind " + place();
        if (cause instanceof CharacterCodingException) {
            return Damage.because(file, place, "not UTF-8", Utf8.REMEDY, e);
        }
        if (String.valueOf(cause.getMessage()).contains("buffer")) {
            return Damage.because(
                    file,
                    place,
                    "a record of more than %,d characters".formatted(format.limits().recordBytes()),
                    "is a quote not closed? else raise the limit (DataLimits, --max-record)",
                    e);
        }
        return Damage.because(file, place, String.valueOf(cause.getMessage()), null, e);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
