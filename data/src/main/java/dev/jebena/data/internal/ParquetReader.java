package dev.jebena.data.internal;

import dev.hardwood.InputFile;
import dev.hardwood.metadata.ColumnChunk;
import dev.hardwood.metadata.FileMetaData;
import dev.hardwood.metadata.RowGroup;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.jebena.base.Problem;
import dev.jebena.data.DataFile;
import dev.jebena.data.DataLimits;
import dev.jebena.data.FeatureType;
import dev.jebena.data.Features;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Parquet files, also over the network: only the footer and the pages of the rows that are read
/// are fetched. The types are the file's.
public record ParquetReader(DataLimits limits) implements FormatReader {
    private static final int MAGIC = 0x31524150;
    private static final int TAIL = 8;

    @Override
    public Features features(List<DataFile> files) throws IOException {
        try (ParquetFileReader reader = open(files.getFirst(), input(files.getFirst()))) {
            return features(files.getFirst().name(), reader);
        }
    }

    private static Features features(String file, ParquetFileReader reader) {
        try {
            Features stored =
                    ParquetTypes.features(reader.getFileSchema().getRootNode().children());
            return FeaturesJson.refine(
                    stored, reader.getFileMetaData().keyValueMetadata().get("huggingface"));
        } catch (Problem e) {
            throw e;
        } catch (RuntimeException e) {
            throw damaged(file, "the schema", e);
        }
    }

    @Override
    public OptionalLong rows(DataFile file) throws IOException {
        try (ParquetFileReader reader = open(file, input(file))) {
            return OptionalLong.of(reader.getFileMetaData().numRows());
        }
    }

    @Override
    public RecordCursor open(DataFile file, Features features) throws IOException {
        BoundedInput input = input(file);
        ParquetFileReader reader = open(file, input);
        try {
            Features own = features(file.name(), reader);
            if (!own.names().equals(features.names())) {
                throw Damage.at(
                        file.name(),
                        "",
                        "its columns are %s".formatted(own.names()),
                        "the first file's are " + features.names());
            }
            return new Rows(file.name(), input, reader, features.types());
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    private static BoundedInput input(DataFile file) {
        Path path = file.path();
        return new BoundedInput(path == null ? new Ranges(file) : InputFile.of(path), file.size());
    }

    private ParquetFileReader open(DataFile file, BoundedInput input) throws IOException {
        checkTail(file);
        ParquetFileReader reader = null;
        try {
            reader = ParquetFileReader.open(input);
            check(file.name(), reader.getFileMetaData());
            return reader;
        } catch (Problem e) {
            close(reader);
            throw e;
        } catch (IOException | RuntimeException | OutOfMemoryError | StackOverflowError e) {
            close(reader);
            throw damaged(file.name(), "the footer", e);
        }
    }

    private static void close(@Nullable ParquetFileReader reader) throws IOException {
        if (reader != null) {
            reader.close();
        }
    }

    /// The footer's own length is the first thing that a damaged file lies about.
    private static void checkTail(DataFile file) throws IOException {
        long size = file.size();
        if (size < TAIL + 4) {
            throw Damage.at(
                    file.name(),
                    "",
                    "%,d bytes are no Parquet file".formatted(size),
                    "is it whole?");
        }
        ByteBuffer tail = file.range(size - TAIL, TAIL).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        long footer = tail.getInt() & 0xffff_ffffL;
        if (tail.getInt() != MAGIC) {
            throw Damage.at(
                    file.name(),
                    "the last 4 bytes",
                    "not PAR1, so not a Parquet file",
                    "was it cut off? compare its size with the original's");
        }
        if (footer > size - TAIL - 4) {
            throw Damage.at(
                    file.name(),
                    "the footer",
                    "it says %,d bytes, the file has %,d".formatted(footer, size));
        }
    }

    private void check(String file, FileMetaData meta) {
        long rows = 0;
        for (RowGroup group : meta.rowGroups()) {
            rows = Math.addExact(rows, group.numRows());
            for (ColumnChunk chunk : group.columns()) {
                long bytes = chunk.metaData().totalUncompressedSize();
                if (bytes > limits.blockBytes() || bytes < 0) {
                    throw Damage.tooLarge(
                            file,
                            "column " + chunk.metaData().pathInSchema(),
                            "%,d bytes decompressed in one row group".formatted(bytes),
                            limits.blockBytes());
                }
            }
        }
        if (rows != meta.numRows() || rows < 0) {
            throw Damage.at(
                    file,
                    "the footer",
                    "%,d rows, its row groups have %,d".formatted(meta.numRows(), rows));
        }
    }

    private static Problem damaged(String file, String place, Throwable e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return Damage.because(
                file, place, "cannot be read: " + message, "is the file whole? fetch it anew", e);
    }

    /// A file that is read by ranges.
    private record Ranges(DataFile file) implements InputFile {
        @Override
        public void open() {}

        @Override
        public ByteBuffer readRange(long offset, int length) throws IOException {
            return file.range(offset, length);
        }

        @Override
        public long length() {
            return file.size();
        }

        @Override
        public String name() {
            return file.name();
        }

        @Override
        public void close() {}
    }

    /// The rows of one file.
    private static final class Rows implements RecordCursor {
        private final String file;
        private final BoundedInput input;
        private final ParquetFileReader reader;
        private final List<FeatureType> types;
        private @Nullable RowReader rows;
        private long row;

        Rows(String file, BoundedInput input, ParquetFileReader reader, List<FeatureType> types) {
            this.file = file;
            this.input = input;
            this.reader = reader;
            this.types = types;
        }

        @Override
        public @Nullable Object @Nullable [] next() throws IOException {
            try {
                RowReader from = rows == null ? build() : rows;
                rows = from;
                if (!from.hasNext()) {
                    return null;
                }
                from.next();
                @Nullable Object[] values = new Object[types.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] =
                            from.isNull(i)
                                    ? null
                                    : ParquetTypes.value(from.getValue(i), types.get(i));
                }
                row++;
                return values;
            } catch (UncheckedIOException e) {
                throw e.getCause();
            } catch (Problem e) {
                throw e;
            } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
                throw damaged(file, "row " + row, e);
            }
        }

        private RowReader build() {
            input.allow();
            return reader.buildRowReader().skip(row).build();
        }

        @Override
        public long skip(long count) throws IOException {
            long left = Math.max(0, reader.getFileMetaData().numRows() - row);
            long skipped = Math.min(count, left);
            row += skipped;
            if (skipped > 0 && rows != null) {
                rows.close();
                rows = null;
            }
            return skipped;
        }

        @Override
        public void close() throws IOException {
            if (rows != null) {
                rows.close();
            }
            reader.close();
        }
    }
}
