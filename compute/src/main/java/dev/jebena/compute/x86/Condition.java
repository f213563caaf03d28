package dev.jebena.compute.x86;

import java.util.Locale;

/// Conditions of jumps, in the order of their codes.
///
/// B, BE, A, AE compare unsigned numbers; L, LE, G, GE signed ones.
public enum Condition {
    O(0),
    NO(1),
    B(2),
    AE(3),
    E(4),
    NE(5),
    BE(6),
    A(7),
    S(8),
    NS(9),
    P(10),
    NP(11),
    L(12),
    GE(13),
    LE(14),
    G(15);

    private final int code;

    Condition(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /// The condition that holds when this one does not.
    public Condition not() {
        return values()[code ^ 1];
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
