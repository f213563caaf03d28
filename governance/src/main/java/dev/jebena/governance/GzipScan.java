package dev.jebena.governance;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/// What a gzip file unpacks to.
record GzipScan(FileScan scan, String path) {
    /// A file may always unpack to so much, and beyond it to so many times its own size.
    private static final long ALWAYS = 1L << 30;

    private static final int TIMES = 100;

    void of(InputStream in, int depth) throws IOException {
        String inner =
                path.substring(path.lastIndexOf('/') + 1)
                        .replaceFirst("(?i)\\.tgz$", ".tar.gz")
                        .replaceFirst("(?i)\\.(gz|z)$", "");
        ByteCount packed = new ByteCount(in);
        try {
            ByteCount unpacked = new ByteCount(new GZIPInputStream(packed, 1 << 16));
            scan.content(path + "!" + inner, scan.budget().counting(unpacked), null, depth + 1);
            drain(packed, unpacked);
        } catch (ScanBudget.Exhausted e) {
            throw e;
        } catch (IOException e) {
            scan.damaged(path, "gzip data", e);
        }
    }

    /// Reads on until it is clear whether this is a bomb.
    private void drain(ByteCount packed, ByteCount unpacked) throws IOException {
        byte[] passed = new byte[1 << 16];
        long most = Math.min(ALWAYS, scan.budget().unpacked());
        InputStream timed = scan.budget().timed(unpacked);
        while (unpacked.count() <= most) {
            if (timed.read(passed, 0, passed.length) < 0) {
                return;
            }
        }
        if (unpacked.count() / TIMES > packed.count()) {
            scan.add(
                    ScanKind.ARCHIVE,
                    ScanLevel.UNSAFE,
                    path,
                    "an archive bomb: %d bytes unpack to %d and more"
                            .formatted(packed.count(), most),
                    "do not unpack it");
        }
    }

    /// Counts what is read.
    private static final class ByteCount extends FilterInputStream {
        private long count;

        ByteCount(InputStream in) {
            super(in);
        }

        long count() {
            return count;
        }

        @Override
        public int read() throws IOException {
            int next = in.read();
            count += next < 0 ? 0 : 1;
            return next;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = in.read(bytes, offset, length);
            count += Math.max(0, read);
            return read;
        }
    }
}
