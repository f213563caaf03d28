package dev.jebena.data.internal;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader.CsvReaderBuilder;
import de.siegmar.fastcsv.reader.CsvRecord;
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
    private @Nullable CsvRecord current;
    private boolean again;
    private int columns;
    private long line;

    private CsvLines(String file, CsvReader format, Reader text) throws IOException {
        this.file = file;
        this.format = format;
        CsvReaderBuilder builder =
                de.siegmar.fastcsv.reader.CsvReader.builder()
                        .fieldSeparator(separator(format, text))
                        .allowExtraFields(true)
                        .allowMissingFields(true)
                        .maxBufferSize(format.limits().recordBytes());
        this.reader = builder.ofCsvRecord(text);
        this.records = reader.iterator();
    }

    static CsvLines open(DataFile file, CsvReader format) throws IOException {
        Reader text =
                new BufferedReader(Utf8.reader(Compression.open(file, format.limits())), 1 << 16);
        try {
            text.mark(1);
            if (text.read() != '\ufeff') {
                text.reset();
            }
            return new CsvLines(file.name(), format, text);
        } catch (CharacterCodingException e) {
            text.close();
            throw Damage.because(
                    file.name(), "the first " + FIRST_LINE + " bytes", "not UTF-8", Utf8.REMEDY, e);
        } catch (IOException | RuntimeException e) {
            text.close();
            throw e;
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

    String place() {
        return "line " + line;
    }

    /// The names of the columns; to be asked first.
    List<String> names() {
        if (!advance() || current == null) {
            throw Damage.at(file, "", "it is empty: no line names the columns");
        }
        List<String> names = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (int i = 0; i < current.getFieldCount(); i++) {
            String name = format.header() ? current.getField(i) : String.valueOf(i);
            String plain = name.isEmpty() ? "Unnamed: " + i : name;
            String unique = plain;
            for (int n = 1; !taken.add(unique); n++) {
                unique = plain + "." + n;
            }
            names.add(unique);
        }
        columns = names.size();
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
        String place = "behind line " + line;
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
