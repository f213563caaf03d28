package dev.jebena.data.internal;

import de.siegmar.fastcsv.writer.CsvWriter;
import dev.jebena.base.Problem;
import dev.jebena.data.Features;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes rows as text.
public final class TextWriter {
    private TextWriter() {}

    /// Lists, structs and bytes are JSON in their fields; a missing value is an empty field.
    public static void csv(Features features, Duck.Source rows, OutputStream out, char separator)
            throws IOException {
        try (CsvWriter writer =
                CsvWriter.builder()
                        .fieldSeparator(separator)
                        .lineDelimiter(de.siegmar.fastcsv.writer.LineDelimiter.LF)
                        .build(new java.io.OutputStreamWriter(out, StandardCharsets.UTF_8))) {
            writer.writeRecord(features.names());
            @Nullable Object[] values = rows.next();
            while (values != null) {
                String[] fields = new String[values.length];
                for (int i = 0; i < fields.length; i++) {
                    fields[i] = field(values[i]);
                }
                writer.writeRecord(fields);
                values = rows.next();
            }
        }
    }

    private static String field(@Nullable Object value) {
        Object plain = Values.jsonValue(value);
        return plain == null
                ? ""
                : plain instanceof List<?> || plain instanceof Map<?, ?>
                        ? Values.json(plain)
                        : plain.toString();
    }

    /// An object a line, or one list of them.
    public static void json(Features features, Duck.Source rows, OutputStream out, boolean list)
            throws IOException {
        @Nullable Object[] values = rows.next();
        out.write(bytes(list ? "[" : ""));
        boolean first = true;
        while (values != null) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            for (int i = 0; i < values.length; i++) {
                row.put(features.name(i), values[i]);
            }
            out.write(bytes((list ? (first ? "\n" : ",\n") : "") + Values.json(row)));
            out.write(bytes(list ? "" : "\n"));
            first = false;
            values = rows.next();
        }
        out.write(bytes(list ? "\n]\n" : ""));
    }

    /// The one column's texts as lines.
    public static void lines(Features features, Duck.Source rows, OutputStream out)
            throws IOException {
        if (features.size() != 1) {
            throw new Problem(
                    Problem.Code.BAD_REQUEST,
                    "a text file has one column, not %d".formatted(features.size()),
                    "choose one (--columns): " + String.join(", ", features.names()));
        }
        @Nullable Object[] values = rows.next();
        for (long row = 0; values != null; row++) {
            String line = field(values[0]);
            if (line.indexOf('\n') >= 0) {
                throw new Problem(
                        Problem.Code.BAD_REQUEST,
                        "row %,d has a text of several lines".formatted(row),
                        "write JSON lines (.jsonl) instead");
            }
            out.write(bytes(line + "\n"));
            values = rows.next();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
