package dev.jebena.governance;

import java.time.Duration;

/// How far a scan goes. What lies beyond is reported as not looked into.
///
/// @param depth archives within archives
/// @param unpacked bytes that all archives of a file may unpack to while they are looked into
/// @param entries of all archives of a file
/// @param time for one file
public record ScanOptions(int depth, long unpacked, int entries, Duration time) {
    /// Four archives deep, 4 GiB, 200,000 entries, ten minutes.
    public static ScanOptions defaults() {
        return new ScanOptions(4, 4L << 30, 200_000, Duration.ofMinutes(10));
    }

    public ScanOptions withDepth(int most) {
        return new ScanOptions(most, unpacked, entries, time);
    }

    public ScanOptions withUnpacked(long most) {
        return new ScanOptions(depth, most, entries, time);
    }

    public ScanOptions withEntries(int most) {
        return new ScanOptions(depth, unpacked, most, time);
    }

    public ScanOptions withTime(Duration most) {
        return new ScanOptions(depth, unpacked, entries, most);
    }
}
