package dev.jebena.tokenizers;

/// An end of a sequence of tokens.
public enum Side {
    LEFT,
    RIGHT
}
