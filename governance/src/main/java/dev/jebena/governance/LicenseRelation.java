package dev.jebena.governance;

import java.util.Locale;

/// How one thing came of another.
public enum LicenseRelation {
    /// Its weights were trained on.
    FINETUNE,
    /// An adapter to be used with it.
    ADAPTER,
    /// Its weights were mixed with others.
    MERGE,
    /// The same weights in other numbers.
    QUANTIZED,
    /// The same weights in another file.
    CONVERTED,
    /// It was trained on this data.
    TRAINED_ON,
    /// Made of it in a way that is not told.
    DERIVED;

    /// Whether the new thing holds the old one, changed or not.
    boolean copies() {
        return this != TRAINED_ON && this != ADAPTER;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /// The relation that a card's `base_model_relation` names.
    static LicenseRelation of(String word) {
        return switch (word) {
            case "finetune" -> FINETUNE;
            case "adapter" -> ADAPTER;
            case "merge" -> MERGE;
            case "quantized" -> QUANTIZED;
            default -> DERIVED;
        };
    }
}
