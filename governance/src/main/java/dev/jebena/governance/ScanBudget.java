package dev.jebena.governance;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// What is left of the limits while one file is scanned.
final class ScanBudget {
    /// A limit was reached.
    static final class Exhausted extends IOException {
        private static final long serialVersionUID = 1;

        Exhausted(String message) {
            super(message);
        }
    }

    private final ScanOptions options;
    private final long deadline;
    private long unpacked;
    private int entries;

    ScanBudget(ScanOptions options) {
        this.options = options;
        this.deadline = System.nanoTime() + options.time().toNanos();
    }

    int depth() {
        return options.depth();
    }

    long unpacked() {
        return options.unpacked();
    }

    void entry() throws IOException {
        if (++entries > options.entries()) {
            throw new Exhausted(
                    "its archives have more than %d entries".formatted(options.entries()));
        }
        checkTime();
    }

    private void checkTime() throws IOException {
        if (System.nanoTime() - deadline > 0) {
            throw new Exhausted(
                    "looking into it took more than %d s".formatted(options.time().toSeconds()));
        }
    }

    private void read(long bytes) throws IOException {
        unpacked += bytes;
        if (unpacked > options.unpacked()) {
            throw new Exhausted(
                    "its archives unpack to more than %d bytes".formatted(options.unpacked()));
        }
        checkTime();
    }

    /// `in`, which ends with an error when the time is over.
    InputStream timed(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                checkTime();
                return in.read(bytes, offset, length);
            }
        };
    }

    /// `in`, whose bytes count.
    InputStream counting(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                int next = in.read();
                ScanBudget.this.read(1);
                return next;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int count = in.read(bytes, offset, length);
                ScanBudget.this.read(Math.max(0, count));
                return count;
            }

            @Override
            public long skip(long count) throws IOException {
                // Skipping unpacks too.
                byte[] passed = new byte[(int) Math.min(count, 1 << 16)];
                return Math.max(0, read(passed, 0, passed.length));
            }
        };
    }
}
