package dev.jebena.compute.x86;

/// A place in the code, made by [Assembler#label] and set by [Assembler#bind].
public final class Label {
    final String name;
    int offset = -1;

    Label(String name) {
        this.name = name;
    }

    @Override
    public String toString() {
        return name;
    }
}
