package dev.jebena.formats;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Importance matrices as llama.cpp wrote them before 2025: the number of tensors; of each the
/// length of its name, the name, the number of calls, the number of columns (of all experts), and
/// for each column the mean square times the calls; then, in most files, the number of chunks and
/// the name of the text. All numbers have four bytes.
final class LegacyImportance {
    private static final long MOST_BYTES = 1L << 30;
    private static final int MOST_TENSORS = 100_000;
    private static final int LONGEST_NAME = 1024;

    private final Path file;
    private final ByteBuffer in;

    private LegacyImportance(Path file, ByteBuffer in) {
        this.file = file;
        this.in = in;
    }

    /// Whether a file begins as GGUF files do; what cannot be read is left to their reader.
    static boolean isGguf(Path file) {
        try (var stream = Files.newInputStream(file)) {
            byte[] magic = stream.readNBytes(4);
            return magic.length < 4
                    || new String(magic, StandardCharsets.ISO_8859_1).equals("GGUF");
        } catch (IOException e) {
            return true;
        }
    }

    static ImportanceMatrix read(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new FormatException(file + ": larger than 1 GiB, so no importance matrix");
            }
            ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file));
            return new LegacyImportance(file, in.order(ByteOrder.LITTLE_ENDIAN)).matrix();
        } catch (IOException e) {
            throw new FormatException(file + ": cannot be read: " + e, e);
        }
    }

    private ImportanceMatrix matrix() {
        int tensors = number("the number of tensors", 1, MOST_TENSORS);
        SortedMap<String, ImportanceMatrix.Sums> sums = new TreeMap<>();
        for (int i = 0; i < tensors; i++) {
            String name = text("a tensor's name");
            int calls = number("the calls of " + Names.quoted(name), 1, Integer.MAX_VALUE);
            int columns = number("the columns of " + Names.quoted(name), 1, in.remaining() / 4);
            float[] squares = new float[columns];
            for (int k = 0; k < columns; k++) {
                squares[k] = in.getFloat();
                if (!(squares[k] >= 0 && squares[k] <= Float.MAX_VALUE)) {
                    throw damaged("%s has %s".formatted(Names.quoted(name), squares[k]));
                }
            }
            sums.put(name, new ImportanceMatrix.Sums(squares, new float[] {calls}));
        }
        int chunks = in.remaining() >= 4 ? number("the chunks", 0, Integer.MAX_VALUE) : 0;
        List<String> datasets = in.remaining() >= 4 ? List.of(text("the text's name")) : List.of();
        return new ImportanceMatrix(sums, datasets, chunks, 0);
    }

    private int number(String what, int least, int most) {
        if (in.remaining() < 4) {
            throw damaged("it ends before " + what);
        }
        int value = in.getInt();
        if (value < least || value > most) {
            throw damaged("%s is %d; expected %d to %d".formatted(what, value, least, most));
        }
        return value;
    }

    private String text(String what) {
        byte[] bytes =
                new byte
                        [number(
                                "the length of " + what,
                                0,
                                Math.min(LONGEST_NAME, in.remaining()))];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private FormatException damaged(String what) {
        return new FormatException(
                "%s: neither GGUF nor an older importance matrix: %s; make one with: jebena imatrix MODEL TEXT -o FILE"
                        .formatted(file, what));
    }
}
