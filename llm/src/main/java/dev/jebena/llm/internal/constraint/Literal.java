package dev.jebena.llm.internal.constraint;

import org.jspecify.annotations.Nullable;

/// A schema that must hold, or must not. Equal where it is the same object of the document.
///
/// @param schema a map of keywords, or true or false
/// @param pointer its place, for errors
record Literal(Object schema, boolean holds, String pointer) {
    static Literal of(@Nullable Object schema, boolean holds, String pointer) {
        if (schema instanceof Boolean all) {
            return new Literal(true, all == holds, pointer);
        }
        return new Literal(SchemaKeywords.object(schema, pointer), holds, pointer);
    }

    static Literal yes(@Nullable Object schema, String pointer) {
        return of(schema, true, pointer);
    }

    static Literal no(@Nullable Object schema, String pointer) {
        return of(schema, false, pointer);
    }

    boolean isTrue() {
        return schema == Boolean.TRUE && holds;
    }

    boolean isFalse() {
        return schema == Boolean.TRUE && !holds;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Literal literal
                && literal.schema == schema
                && literal.holds == holds;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(schema) * 2 + (holds ? 1 : 0);
    }
}
