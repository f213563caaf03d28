package dev.jebena.data;

/// What is refused, so that a file from a stranger cannot use up memory or time.
///
/// @param recordBytes one row, line, archive member or page
/// @param blockBytes one decompressed block of rows: an Arrow record batch, a column of a Parquet
///   row group
/// @param fileBytes what a file that is compressed as a whole becomes
/// @param sampleRows so many rows tell the types of a format that has none (CSV, JSON)
public record DataLimits(int recordBytes, long blockBytes, long fileBytes, int sampleRows) {
    public static DataLimits defaults() {
        return new DataLimits(64 << 20, 1L << 30, Long.MAX_VALUE, 10_000);
    }

    public DataLimits recordBytes(int bytes) {
        return new DataLimits(bytes, blockBytes, fileBytes, sampleRows);
    }

    public DataLimits blockBytes(long bytes) {
        return new DataLimits(recordBytes, bytes, fileBytes, sampleRows);
    }

    public DataLimits fileBytes(long bytes) {
        return new DataLimits(recordBytes, blockBytes, bytes, sampleRows);
    }

    public DataLimits sampleRows(int rows) {
        return new DataLimits(recordBytes, blockBytes, fileBytes, rows);
    }
}
