package dev.jebena.tokenizers.internal.jinja;

/// What a name or attribute gives that does not exist: prints as nothing, is false and empty, and
/// every other use of it fails with `reason`.
record Undefined(String reason) {
    static Undefined name(String name) {
        return new Undefined("'" + name + "' is undefined");
    }

    static Undefined attribute(Object owner, Object key) {
        if (owner instanceof Undefined missing) {
            throw new JinjaException(missing.reason());
        }
        String shown = key instanceof String text ? "'" + text + "'" : Texts.repr(key);
        return new Undefined(
                owner == None.NONE
                        ? "None has no attribute " + shown
                        : "'" + Values.typeName(owner) + "' has no attribute " + shown);
    }
}
