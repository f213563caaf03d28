package dev.jebena.governance;

import java.util.Locale;

/// What a card is about.
public enum CardKind {
    MODEL,
    DATASET;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
