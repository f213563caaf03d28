package dev.jebena.data;

import dev.jebena.data.internal.ArrowReader;
import dev.jebena.data.internal.Compression;
import dev.jebena.data.internal.CsvReader;
import dev.jebena.data.internal.FormatReader;
import dev.jebena.data.internal.JsonReader;
import dev.jebena.data.internal.ParquetReader;
import dev.jebena.data.internal.TextReader;
import dev.jebena.data.internal.WarcReader;
import dev.jebena.data.internal.WebDatasetReader;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The formats of files, by the ends of their names; text formats, tar and WARC may be compressed
/// (`.gz`, `.zst`, `.bz2`, `.lz4`).
public enum Format {
    CSV("csv"),
    TSV("tsv", "tab"),
    /// One list of objects, or an object a line.
    JSON("json"),
    JSONL("jsonl", "ndjson"),
    PARQUET("parquet"),
    /// Arrow's file and stream formats.
    ARROW("arrow", "feather", "ipc", "arrows"),
    TEXT("txt", "text"),
    /// Files in a tar archive; those with one name and several endings are a row.
    WEBDATASET("tar", "tgz"),
    WARC("warc"),
    /// A folder of pictures, with labels from its folders or `metadata.csv`.
    IMAGES("jpg", "jpeg", "png", "gif", "bmp", "webp", "tif", "tiff"),
    /// A folder of sounds.
    SOUNDS("wav", "mp3", "flac", "ogg", "opus", "m4a", "aac");

    /// Between commas.
    private final String endings;

    Format(String... endings) {
        this.endings = "," + String.join(",", endings) + ",";
    }

    /// The format of a file of this name; null when it is none of a data set.
    public static @Nullable Format of(String name) {
        String plain = Compression.strip(name.substring(name.lastIndexOf('/') + 1));
        int dot = plain.lastIndexOf('.');
        String ending = dot < 0 ? "" : plain.substring(dot + 1).toLowerCase(Locale.ROOT);
        for (Format format : values()) {
            if (format.endings.contains("," + ending + ",")) {
                return format;
            }
        }
        return null;
    }

    /// True where each file is a row.
    boolean isMedia() {
        return this == IMAGES || this == SOUNDS;
    }

    /// Formats whose files may stand side by side in one data set.
    Format family() {
        return this == JSONL ? JSON : this;
    }

    FormatReader reader(LoadOptions options) {
        DataLimits limits = options.limits();
        return switch (this) {
            case CSV -> new CsvReader(options.separator(), options.header(), limits);
            case TSV ->
                    new CsvReader(
                            options.separator() == 0 ? '\t' : options.separator(),
                            options.header(),
                            limits);
            case JSON, JSONL -> new JsonReader(options.field(), limits);
            case PARQUET -> new ParquetReader(limits);
            case ARROW -> new ArrowReader(limits);
            case TEXT -> new TextReader(limits);
            case WEBDATASET -> new WebDatasetReader(limits);
            case WARC -> new WarcReader(limits);
            case IMAGES, SOUNDS -> throw new IllegalStateException("each file is a row");
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
