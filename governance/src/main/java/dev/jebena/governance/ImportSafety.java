package dev.jebena.governance;

import java.util.Locale;

/// What a name that a pickle imports can do. The words are those of the hub's pickle scan.
public enum ImportSafety {
    /// Builds a plain value.
    INNOCUOUS,
    /// Not known: code of a library, which may do anything.
    SUSPICIOUS,
    /// Runs code, starts programs, or reaches files and networks.
    DANGEROUS;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
