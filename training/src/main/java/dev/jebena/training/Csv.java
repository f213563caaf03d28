package dev.jebena.training;

import dev.jebena.base.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Rows of comma-separated values (RFC 4180): fields in quotes may contain separators, line breaks
/// and, doubled, quotes. Empty lines are left out.
final class Csv {
    private static final int MOST_CELLS = 200_000_000;
    private final Path file;
    private final String text;
    private final char separator;
    private int at;
    private int line = 1;

    private Csv(Path file, String text, char separator) {
        this.file = file;
        this.text = text;
        this.separator = separator;
    }

    /// All rows, which have one number of fields.
    ///
    /// @param skipped lines at the begin that are no rows
    static List<List<String>> rows(Path file, String text, char separator, int skipped) {
        Csv reader = new Csv(file, text, separator);
        for (int i = 0; i < skipped; i++) {
            reader.skipLine();
        }
        List<List<String>> rows = new ArrayList<>();
        long cells = 0;
        while (reader.at < text.length()) {
            int line = reader.line;
            List<String> row = reader.row();
            if (row.size() == 1 && row.getFirst().isBlank()) {
                continue;
            }
            if (!rows.isEmpty() && row.size() != rows.getFirst().size()) {
                throw Problem.badRequest(
                        "%s:%d: %d fields; the first row has %d%s"
                                .formatted(
                                        file,
                                        line,
                                        row.size(),
                                        rows.getFirst().size(),
                                        rows.size() == 1
                                                ? " (lines before the table: [data] skip = 1)"
                                                : ""));
            }
            cells += row.size();
            if (cells > MOST_CELLS) {
                throw Problem.badRequest(file + " has more than " + MOST_CELLS + " fields");
            }
            rows.add(row);
        }
        return rows;
    }

    private void skipLine() {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end + 1;
        line++;
    }

    private List<String> row() {
        List<String> row = new ArrayList<>();
        do {
            row.add(at < text.length() && text.charAt(at) == '"' ? quoted() : plain());
        } while (follows(separator));
        follows('\r');
        if (at < text.length() && !follows('\n')) {
            throw Problem.badRequest(
                    "%s:%d: '%s' after a field in quotes".formatted(file, line, text.charAt(at)));
        }
        line++;
        return row;
    }

    private boolean follows(char wanted) {
        boolean found = at < text.length() && text.charAt(at) == wanted;
        at += found ? 1 : 0;
        return found;
    }

    private String plain() {
        int begin = at;
        while (at < text.length() && text.charAt(at) != separator && text.charAt(at) != '\n') {
            at++;
        }
        boolean carriage = at > begin && text.charAt(at - 1) == '\r';
        return text.substring(begin, carriage ? at - 1 : at).strip();
    }

    private String quoted() {
        int started = line;
        StringBuilder field = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '"') {
                line += c == '\n' ? 1 : 0;
                field.append(c);
            } else if (follows('"')) {
                field.append('"');
            } else {
                return field.toString();
            }
        }
        throw Problem.badRequest("%s:%d: the quotes are not closed".formatted(file, started));
    }
}
