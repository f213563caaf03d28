package dev.jebena.data.internal;

import com.github.luben.zstd.ZstdInputStream;
import dev.jebena.data.DataFile;
import dev.jebena.data.DataLimits;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
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

    /// The decompressed bytes. They are read as they are asked for, so a bomb costs no memory; and
    /// no more time than the limit for a file allows.
    public static InputStream open(DataFile file, DataLimits limits) throws IOException {
        Compression how = of(file.name());
        InputStream in = file.open(0);
        try {
            InputStream plain = how.wrap(in);
            return how == NONE ? plain : limited(plain, file.name(), limits);
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

    /// Fails behind the decompressed bytes that a file may have.
    static InputStream limited(InputStream in, String file, DataLimits limits) {
        return new FilterInputStream(in) {
            private long left = limits.fileBytes();

            @Override
            public int read() throws IOException {
                return (int) taken(super.read(), 1);
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int count = super.read(bytes, offset, length);
                return (int) taken(count, count);
            }

            @Override
            public long skip(long count) throws IOException {
                long skipped = super.skip(count);
                return taken(skipped, skipped);
            }

            private long taken(long result, long count) {
                left -= result < 0 ? 0 : count;
                if (left < 0) {
                    throw Damage.tooLarge(
                            file, "decompressed", "it does not end", limits.fileBytes());
                }
                return result;
            }

            @Override
            public boolean markSupported() {
                return false;
            }
        };
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
