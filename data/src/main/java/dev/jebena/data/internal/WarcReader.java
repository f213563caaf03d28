package dev.jebena.data.internal;

import dev.jebena.data.DataFile;
import dev.jebena.data.DataLimits;
import dev.jebena.data.FeatureType.Value;
import dev.jebena.data.Features;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.netpreserve.jwarc.HttpResponse;
import org.netpreserve.jwarc.ParsingException;
import org.netpreserve.jwarc.WarcRecord;
import org.netpreserve.jwarc.WarcResponse;

/// Web archives (ISO 28500), also compressed record by record. A row for each record; of responses
/// the `body` is the page without the HTTP headers, which have columns of their own.
public record WarcReader(DataLimits limits) implements FormatReader {
    private static final Features FEATURES =
            Features.of("type", Value.STRING)
                    .with("url", Value.STRING)
                    .with("date", Value.INSTANT)
                    .with("id", Value.STRING)
                    .with("status", Value.INT64)
                    .with("content_type", Value.STRING)
                    .with("body", Value.BINARY);

    @Override
    public Features features(List<DataFile> files) {
        return FEATURES;
    }

    @Override
    public RecordCursor open(DataFile file, Features features) throws IOException {
        // Records are compressed one by one, which their reader knows by itself.
        boolean gzip = Compression.of(file.name()) == Compression.GZIP;
        InputStream in =
                gzip
                        ? new BufferedInputStream(file.open(0), 1 << 16)
                        : Compression.open(file, limits);
        try {
            return new Rows(file.name(), in, limits);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw damaged(file.name(), "", e);
        }
    }

    private static RuntimeException damaged(String file, String place, Exception e) {
        if (e instanceof dev.jebena.base.Problem problem) {
            return problem;
        }
        return Damage.because(
                file,
                place,
                "not a valid WARC file: " + e.getMessage(),
                "is it whole? compressed ones are compressed record by record",
                e);
    }

    /// The records of one file.
    private static final class Rows implements RecordCursor {
        private final String file;
        private final InputStream in;
        private final org.netpreserve.jwarc.WarcReader reader;
        private final DataLimits limits;
        private long record;
        private long bytes;

        Rows(String file, InputStream in, DataLimits limits) throws IOException {
            this.file = file;
            this.in = in;
            this.limits = limits;
            this.reader = new org.netpreserve.jwarc.WarcReader(in);
        }

        private String place() {
            return "record " + record;
        }

        @Override
        public @Nullable Object @Nullable [] next() throws IOException {
            try {
                Optional<WarcRecord> next = advance();
                return next.isEmpty() ? null : values(next.get());
            } catch (IOException | RuntimeException e) {
                throw damaged(file, place(), e);
            }
        }

        /// Going on costs the time to decompress what is passed over.
        private Optional<WarcRecord> advance() throws IOException {
            Optional<WarcRecord> next = reader.next();
            if (next.isPresent()) {
                record++;
                bytes += next.get().body().size();
                if (bytes > limits.fileBytes()) {
                    throw Damage.tooLarge(
                            file, place(), "so many bytes up to here", limits.fileBytes());
                }
            }
            return next;
        }

        @Override
        public long skip(long count) throws IOException {
            long skipped = 0;
            try {
                while (skipped < count && advance().isPresent()) {
                    skipped++;
                }
            } catch (IOException | RuntimeException e) {
                throw damaged(file, place(), e);
            }
            return skipped;
        }

        private @Nullable Object[] values(WarcRecord record) throws IOException {
            Long status = null;
            String type = record.headers().first("Content-Type").orElse(null);
            InputStream body = record.body().stream();
            if (record instanceof WarcResponse response && isHttp(type)) {
                try {
                    HttpResponse http = response.http();
                    status = (long) http.status();
                    type = http.headers().first("Content-Type").orElse(null);
                    body = http.body().stream();
                } catch (ParsingException e) {
                    throw Damage.because(file, place(), "its HTTP headers are not valid", null, e);
                }
            }
            byte[] bytes = body.readNBytes(limits.recordBytes());
            if (bytes.length == limits.recordBytes() && body.read() >= 0) {
                throw Damage.tooLarge(
                        file, place(), "the record is longer than allowed", limits.recordBytes());
            }
            return new @Nullable Object[] {
                record.type(),
                record.headers().first("WARC-Target-URI").orElse(null),
                record.date(),
                record.headers().first("WARC-Record-ID").orElse(null),
                status,
                type,
                bytes
            };
        }

        private static boolean isHttp(@Nullable String type) {
            return type != null && type.startsWith("application/http");
        }

        @Override
        public void close() throws IOException {
            reader.close();
            in.close();
        }
    }
}
