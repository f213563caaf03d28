package dev.jebena.llm.internal.constraint;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes `^` and `$` out of regular expressions, wherever they stand.
///
/// What an expression matches is told apart by what must hold around it: nothing, that the text
/// begins before it, that the text ends after it, or both. A match of a sequence in which `^` comes
/// after a character, or a character after `$`, is none.
final class Anchors {
    private static final int START = 1;
    private static final int END = 2;
    private static final int MOST_UNROLLED = 40;
    private static final int MOST_NODES = 50_000;
    private static final RegexNode EMPTY = new RegexNode.Sequence(List.of());

    /// What an expression matches under each demand.
    ///
    /// @param texts without anchors; null for none
    /// @param empty whether the empty text is matched
    private record Matches(@Nullable RegexNode[] texts, boolean[] empty) {
        static Matches none() {
            return new Matches(new @Nullable RegexNode[4], new boolean[4]);
        }
    }

    private int nodes;

    private Anchors() {}

    /// An expression without anchors that matches the same.
    ///
    /// @param around what may stand before a match that does not demand the text's beginning, and
    ///   after one that does not demand its end; null for nothing
    static RegexNode resolve(RegexNode regex, @Nullable RegexNode around) {
        if (!has(regex)) {
            return around == null ? regex : new RegexNode.Sequence(List.of(around, regex, around));
        }
        Matches all = new Anchors().matches(regex);
        List<RegexNode> alternatives = new ArrayList<>();
        for (int demand = 0; demand < 4; demand++) {
            RegexNode inner = whole(all, demand);
            if (inner == null) {
                continue;
            }
            List<RegexNode> parts = new ArrayList<>();
            if (around != null && (demand & START) == 0) {
                parts.add(around);
            }
            parts.add(inner);
            if (around != null && (demand & END) == 0) {
                parts.add(around);
            }
            alternatives.add(parts.size() == 1 ? inner : new RegexNode.Sequence(parts));
        }
        return alternatives.size() == 1
                ? alternatives.getFirst()
                : new RegexNode.Choice(alternatives);
    }

    private static boolean has(RegexNode regex) {
        return switch (regex) {
            case RegexNode.Anchor anchor -> true;
            case RegexNode.OneOf one -> false;
            case RegexNode.Sequence sequence -> sequence.parts().stream().anyMatch(Anchors::has);
            case RegexNode.Choice choice -> choice.alternatives().stream().anyMatch(Anchors::has);
            case RegexNode.Repeat repeat -> has(repeat.part());
        };
    }

    private static @Nullable RegexNode whole(Matches matches, int demand) {
        RegexNode texts = matches.texts[demand];
        if (texts == null) {
            return matches.empty[demand] ? EMPTY : null;
        }
        return matches.empty[demand] ? new RegexNode.Choice(List.of(EMPTY, texts)) : texts;
    }

    private Matches matches(RegexNode regex) {
        if (!has(regex)) {
            return plain(regex);
        }
        Matches found = Matches.none();
        switch (regex) {
            case RegexNode.Anchor anchor -> found.empty[anchor.start() ? START : END] = true;
            case RegexNode.OneOf one -> throw new AssertionError("has no anchor");
            case RegexNode.Sequence sequence -> {
                Matches all = Matches.none();
                all.empty[0] = true;
                List<RegexNode> run = new ArrayList<>();
                for (RegexNode part : sequence.parts()) {
                    if (has(part)) {
                        all =
                                joined(
                                        joined(all, plain(new RegexNode.Sequence(run))),
                                        matches(part));
                        run = new ArrayList<>();
                    } else {
                        run.add(part);
                    }
                }
                return joined(all, plain(new RegexNode.Sequence(run)));
            }
            case RegexNode.Choice choice -> {
                for (RegexNode alternative : choice.alternatives()) {
                    Matches more = matches(alternative);
                    for (int demand = 0; demand < 4; demand++) {
                        add(found, demand, more.texts[demand]);
                        found.empty[demand] |= more.empty[demand];
                    }
                }
            }
            case RegexNode.Repeat repeat -> {
                return repeated(repeat);
            }
        }
        return found;
    }

    private void add(Matches to, int demand, @Nullable RegexNode texts) {
        if (texts == null) {
            return;
        }
        if (++nodes > MOST_NODES) {
            throw Grammar.refused(
                    "a regular expression with '^' or '$' within groups is too large");
        }
        RegexNode before = to.texts[demand];
        List<RegexNode> all = new ArrayList<>();
        if (before instanceof RegexNode.Choice(List<RegexNode> alternatives)) {
            all.addAll(alternatives);
        } else if (before != null) {
            all.add(before);
        }
        all.add(texts);
        to.texts[demand] = all.size() == 1 ? texts : new RegexNode.Choice(all);
    }

    /// Both, one after the other; long sequences stay flat.
    private static RegexNode both(RegexNode first, RegexNode second) {
        List<RegexNode> parts = new ArrayList<>();
        for (RegexNode one : List.of(first, second)) {
            if (one instanceof RegexNode.Sequence(List<RegexNode> inner)) {
                parts.addAll(inner);
            } else {
                parts.add(one);
            }
        }
        return new RegexNode.Sequence(parts);
    }

    /// What an expression without anchors matches.
    private static Matches plain(RegexNode regex) {
        Matches found = Matches.none();
        found.empty[0] = canBeEmpty(regex);
        boolean nothing =
                regex instanceof RegexNode.Sequence(List<RegexNode> parts) && parts.isEmpty();
        found.texts[0] = nothing ? null : regex;
        return found;
    }

    private static boolean canBeEmpty(RegexNode regex) {
        return switch (regex) {
            case RegexNode.Anchor anchor -> true;
            case RegexNode.OneOf one -> false;
            case RegexNode.Sequence all -> all.parts().stream().allMatch(Anchors::canBeEmpty);
            case RegexNode.Choice any -> any.alternatives().stream().anyMatch(Anchors::canBeEmpty);
            case RegexNode.Repeat repeat -> repeat.least() == 0 || canBeEmpty(repeat.part());
        };
    }

    private Matches joined(Matches first, Matches second) {
        Matches all = Matches.none();
        for (int a = 0; a < 4; a++) {
            for (int b = 0; b < 4; b++) {
                boolean textEnds = (a & END) != 0;
                boolean textBegins = (b & START) != 0;
                int demand = a | b;
                if (!textEnds && !textBegins && first.texts[a] != null && second.texts[b] != null) {
                    add(all, demand, both(first.texts[a], second.texts[b]));
                }
                if (second.empty[b] && !textBegins) {
                    add(all, demand, first.texts[a]);
                }
                if (first.empty[a] && !textEnds) {
                    add(all, demand, second.texts[b]);
                }
                all.empty[demand] |= first.empty[a] && second.empty[b];
            }
        }
        return all;
    }

    private Matches repeated(RegexNode.Repeat repeat) {
        if (!has(repeat.part())) {
            return plain(repeat);
        }
        int unrolled = Math.max(repeat.least(), repeat.most());
        if (unrolled > MOST_UNROLLED) {
            throw Grammar.refused(
                    "a regular expression repeats a group with '^' or '$' %d times; at most %d are supported"
                            .formatted(unrolled, MOST_UNROLLED));
        }
        Matches part = matches(repeat.part());
        Matches all = Matches.none();
        all.empty[0] = true;
        for (int i = 0; i < repeat.least(); i++) {
            all = joined(all, part);
        }
        if (repeat.most() < 0) {
            return joined(all, star(part));
        }
        Matches maybe = new Matches(part.texts.clone(), part.empty.clone());
        maybe.empty[0] = true;
        for (int i = repeat.least(); i < repeat.most(); i++) {
            all = joined(all, maybe);
        }
        return all;
    }

    /// Any number of parts: of those with demands one at the beginning and one at the end are of
    /// use.
    private Matches star(Matches part) {
        Matches middle = Matches.none();
        middle.empty[0] = true;
        if (part.texts[0] != null) {
            middle.texts[0] = new RegexNode.Repeat(part.texts[0], 1, -1);
        }
        Matches once = new Matches(part.texts.clone(), part.empty.clone());
        once.empty[0] = true;
        return joined(joined(once, middle), once);
    }
}
