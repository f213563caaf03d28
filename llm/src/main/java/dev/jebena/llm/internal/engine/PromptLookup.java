package dev.jebena.llm.internal.engine;

import java.util.Arrays;

/// Guesses how a text goes on by where its last tokens stood before: answers often repeat their
/// prompt or themselves (Saxena, "Prompt lookup decoding", 2023).
final class PromptLookup {
    /// Tokens that must agree.
    private static final int GRAM = 3;

    /// Tokens that are compared at most; more do not make a guess better.
    private static final int LONGEST = 16;

    // Where a gram of this hash began last, plus one.
    private int[] places = {};
    private int indexed;

    /// Looks for the last tokens. Returns the position of the token that followed them the last
    /// time, or -1.
    int find(int[] tokens, int length) {
        if (length <= GRAM) {
            return -1;
        }
        if (places.length < 2 * length) {
            places = new int[Math.max(256, Integer.highestOneBit(length) * 4)];
            indexed = 0;
        }
        for (int last = length - GRAM; indexed < last; indexed++) {
            places[slot(tokens, indexed)] = indexed + 1;
        }
        int place = places[slot(tokens, length - GRAM)] - 1;
        return place >= 0 && matches(tokens, place, length) ? place + GRAM : -1;
    }

    private static boolean matches(int[] tokens, int place, int length) {
        return Arrays.equals(tokens, place, place + GRAM, tokens, length - GRAM, length);
    }

    /// Tokens before `next` that agree with the last ones.
    static int agreement(int[] tokens, int length, int next) {
        int count = GRAM;
        while (count < LONGEST
                && count < next
                && tokens[next - 1 - count] == tokens[length - 1 - count]) {
            count++;
        }
        return count;
    }

    private int slot(int[] tokens, int at) {
        int hash = 0;
        for (int i = 0; i < GRAM; i++) {
            hash = (hash + tokens[at + i]) * 0x9E3779B1;
            hash ^= hash >>> 15;
        }
        return hash & places.length - 1;
    }

    /// Forgets everything, when tokens have moved.
    void clear() {
        Arrays.fill(places, 0);
        indexed = 0;
    }
}
