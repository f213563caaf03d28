package dev.jebena.data.internal;

import com.github.luben.zstd.ZstdInputStream;
import dev.jebena.data.DataFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import net.jpountz.lz4.LZ4FrameInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/// Compressions of whole files, known by the end of the name.
public enum Compression {
    NONE(""),
    GZIP(".gz"),
    ZSTD(".zst"),
    BZIP2(".bz2"),
    LZ4(".lz4");

    private final String ending;

    Compression(String ending) {
        this.ending = ending;
    }

    public static Compression of(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        for (Compression one : values()) {
            if (one != NONE && lower.endsWith(one.ending)) {
                return one;
            }
        }
        return NONE;
    }

    /// The name without the ending.
    public static String strip(String name) {
        return name.substring(0, name.length() - of(name).ending.length());
    }

    /// The decompressed bytes. They are read as they are asked for, so a bomb costs time, not
    /// memory.
    public static InputStream open(DataFile file) throws IOException {
        InputStream in = file.open(0);
        try {
            return of(file.name()).wrap(in);
        } catch (IOException e) {
            in.close();
            throw Damage.because(
                    file.name(),
                    "",
                    "not what its name says: " + e.getMessage(),
                    "decompress it to see",
                    e);
        } catch (RuntimeException e) {
            in.close();
            throw e;
        }
    }

    private InputStream wrap(InputStream in) throws IOException {
        InputStream buffered = new BufferedInputStream(in, 1 << 16);
        return switch (this) {
            case NONE -> buffered;
            case GZIP -> new GZIPInputStream(buffered, 1 << 16);
            case ZSTD -> new ZstdInputStream(buffered).setLongMax(27);
            case BZIP2 -> new BZip2CompressorInputStream(buffered, true);
            case LZ4 -> new LZ4FrameInputStream(buffered);
        };
    }
}
