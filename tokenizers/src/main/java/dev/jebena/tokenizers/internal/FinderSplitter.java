package dev.jebena.tokenizers.internal;

import java.util.Arrays;

/// Cuts text at the matches of a [Finder].
final class FinderSplitter implements Splitter {
    /// What becomes of a match.
    enum Behavior {
        REMOVED,
        ISOLATED,
        CONTIGUOUS,
        MERGED_WITH_PREVIOUS,
        MERGED_WITH_NEXT;

        static Behavior of(Fields fields) {
            String name = fields.string("behavior", "Isolated");
            return switch (name) {
                case "Removed" -> REMOVED;
                case "Isolated" -> ISOLATED;
                case "Contiguous" -> CONTIGUOUS;
                case "MergedWithPrevious" -> MERGED_WITH_PREVIOUS;
                case "MergedWithNext" -> MERGED_WITH_NEXT;
                default -> throw fields.wrong("behavior", "a known behavior", name);
            };
        }
    }

    private final Finder finder;
    private final Behavior behavior;
    private final boolean invert;

    /// @param invert the stretches between matches count as matches, and matches do not
    FinderSplitter(Finder finder, Behavior behavior, boolean invert) {
        this.finder = finder;
        this.behavior = behavior;
        this.invert = invert;
    }

    @Override
    public void split(Text text, int from, int to, Pieces sink) {
        int[] found = finder.find(text.bytes, from, to);
        // Piece i lies between bounds[i] and bounds[i + 1]; every second one is a match.
        int[] bounds = new int[found.length + 2];
        bounds[0] = from;
        System.arraycopy(found, 0, bounds, 1, found.length);
        bounds[found.length + 1] = to;
        int count = bounds.length - 1;
        boolean[] starts = starts(bounds, count);
        int begin = -1;
        for (int i = 0; i < count; i++) {
            if (bounds[i] == bounds[i + 1]) {
                continue;
            }
            if (starts[i] && begin >= 0) {
                sink.piece(text, begin, bounds[i]);
                begin = -1;
            }
            boolean dropped = behavior == Behavior.REMOVED && isMatch(i);
            begin = dropped ? -1 : begin < 0 ? bounds[i] : begin;
        }
        if (begin >= 0) {
            sink.piece(text, begin, to);
        }
    }

    private boolean isMatch(int piece) {
        return (piece % 2 == 1) != invert;
    }

    /// Which stretches begin a piece; the others continue the one before.
    private boolean[] starts(int[] bounds, int count) {
        boolean[] starts = new boolean[count];
        Arrays.fill(starts, true);
        switch (behavior) {
            case REMOVED, ISOLATED -> {}
            case CONTIGUOUS -> contiguous(bounds, count, starts);
            case MERGED_WITH_PREVIOUS -> withPrevious(bounds, count, starts);
            case MERGED_WITH_NEXT -> withNext(bounds, count, starts);
        }
        return starts;
    }

    private void contiguous(int[] bounds, int count, boolean[] starts) {
        int last = -1;
        for (int i = 0; i < count; i++) {
            if (bounds[i] < bounds[i + 1]) {
                starts[i] = last < 0 || isMatch(last) != isMatch(i);
                last = i;
            }
        }
    }

    private void withPrevious(int[] bounds, int count, boolean[] starts) {
        boolean previousMatch = false;
        for (int i = 0; i < count; i++) {
            if (bounds[i] < bounds[i + 1]) {
                starts[i] = !(isMatch(i) && !previousMatch);
                previousMatch = isMatch(i);
            }
        }
    }

    private void withNext(int[] bounds, int count, boolean[] starts) {
        boolean nextMatch = false;
        int next = -1;
        for (int i = count - 1; i >= 0; i--) {
            if (bounds[i] < bounds[i + 1]) {
                if (next >= 0 && isMatch(i) && !nextMatch) {
                    starts[next] = false;
                }
                nextMatch = isMatch(i);
                next = i;
            }
        }
    }
}
