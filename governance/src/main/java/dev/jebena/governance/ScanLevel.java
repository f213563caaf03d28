package dev.jebena.governance;

import java.util.Locale;

/// How bad something is. The words are those of the hub's `securityFileStatus`.
public enum ScanLevel {
    SAFE,
    /// Worth a look before it is used.
    SUSPICIOUS,
    /// Not to be loaded, or not to be published.
    UNSAFE;

    ScanLevel or(ScanLevel other) {
        return compareTo(other) >= 0 ? this : other;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
