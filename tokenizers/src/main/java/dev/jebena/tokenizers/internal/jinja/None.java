package dev.jebena.tokenizers.internal.jinja;

/// Python's `None`. Inside the interpreter a Java null never stands for a value.
enum None {
    NONE
}
