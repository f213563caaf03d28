package dev.jebena.llm.internal.constraint;

import dev.jebena.llm.LlmException;
import dev.jebena.llm.internal.constraint.Node.Edge;
import dev.jebena.llm.internal.constraint.Situation.Place;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads texts of a grammar byte by byte, and knows for each situation which tokens may follow.
///
/// The grammar is a pushdown automaton with choices; the sets of its configurations that texts lead
/// to are made deterministic on the way and kept (lazily built DFA), and so are the token masks of
/// the situations between tokens. Safe for use by many threads.
final class Automaton {
    /// Levels of nesting that a text may have.
    static final int MAX_NESTING = 64;

    private static final int MAX_SITUATIONS = 20_000;
    private static final int MAX_PLACES = 20_000;
    private static final long KEPT_MASK_BYTES = 32L << 20;

    private record Key(Set<Place> places, boolean complete) {}

    private final Vocabulary vocabulary;
    private final Situation start;
    private final Map<Key, Situation> situations = new HashMap<>();
    private final Map<CallStack, CallStack> stacks = new HashMap<>();
    private final MaskCache masks;
    private final WayOut wayOut;
    private final boolean bytesSuffice;

    Automaton(Rule root, Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        this.wayOut = new WayOut(this, vocabulary.trie());
        this.bytesSuffice = vocabulary.hasBytes();
        long kept = Math.max(8, KEPT_MASK_BYTES / (words() * 8L + 64));
        this.masks = new MaskCache(kept, vocabulary.trie().height());
        ArrayDeque<Place> open = new ArrayDeque<>();
        open.add(new Place(root.start, null));
        this.start = closure(open, false);
    }

    Situation start() {
        return start;
    }

    /// The tokens that may follow; see [TokenFilter#allowed].
    synchronized long[] allowed(Situation situation, int remaining) {
        TokenMask mask = mask(situation);
        // One token is for the end itself, if it can be had.
        int afterwards = remaining - 2;
        if (afterwards >= mask.longest) {
            return mask.shared.bits;
        }
        int needed = tokensToEnd(situation);
        if (needed > remaining) {
            return mask.shared.bits;
        }
        if (needed == remaining) {
            afterwards++;
        }
        // Where counts stay far from their bounds, the next steps will ask the same.
        int room = mask.shared.room;
        boolean again = room != Node.NEVER && room >= vocabulary.trie().height();
        if (situation.hasTokens() || (!again && mask.shared.cuts++ == 0)) {
            return computed(situation, mask, afterwards);
        }
        return landed(situation, mask, afterwards);
    }

    /// No fewer tokens complete the text from here.
    int leastTokens(Situation situation) {
        return situation.shortest() / Math.max(1, vocabulary.trie().height());
    }

    /// No more tokens are needed for that; [Node#NEVER] where not known.
    int mostTokens(Situation situation) {
        return bytesSuffice ? situation.shortest() : Node.NEVER;
    }

    /// Bytes of tokens that are too short to be of use: after them the text is still so long that
    /// no `most` tokens complete it.
    private int useless(Situation situation, int most) {
        long within = (long) most * vocabulary.trie().height();
        return Math.clamp(situation.shortest() - within - 1, 0, vocabulary.trie().height());
    }

    /// The mask within a limit from every token.
    private long[] computed(Situation situation, TokenMask mask, int most) {
        long[] bits = new long[words()];
        int useless = useless(situation, most);
        int longest = vocabulary.trie().mark(situation, this, most, useless, bits);
        mask.longest = useless > 0 ? mask.longest : longest;
        TokenEdges.mark(situation, most, vocabulary, bits);
        addEnds(situation, bits);
        return bits;
    }

    /// The same from one token of each group. Worth it where a limit stays near for many steps.
    private long[] landed(Situation situation, TokenMask mask, int afterwards) {
        SharedMask shared = mask.shared;
        Landings landings = shared.landings;
        if (landings == null) {
            landings = Landings.of(situation, this, wayOut, vocabulary);
            masks.put(shared, landings);
        }
        if (bytesSuffice
                && Node.sum(wayOut.mostTokens(situation), landings.detour()) <= afterwards) {
            return shared.bits;
        }
        long[] fit = new long[(landings.count() + 63) / 64];
        int useless = useless(situation, afterwards);
        int longest = landings.needs(situation, this, afterwards, useless, fit);
        mask.longest = useless > 0 ? mask.longest : longest;
        if (mask.longest <= afterwards) {
            return shared.bits;
        }
        long[] bits = landings.tokens(fit, shared.bits);
        dropEnds(bits);
        addEnds(situation, bits);
        return bits;
    }

    private TokenMask mask(Situation situation) {
        TokenMask known = masks.get(situation);
        if (known != null) {
            return known;
        }
        long[] bits = new long[words()];
        int shorter = 0;
        int longest = 0;
        MaskCache.Like like = masks.like(situation);
        if (like != null) {
            bits = like.mask().bits.clone();
            dropEnds(bits);
            shorter = like.length();
            vocabulary.trie().dropLonger(shorter, vocabulary.bytes(), bits);
            longest = MaskCache.longest(like.mask(), situation);
        }
        longest =
                Math.max(
                        longest,
                        vocabulary
                                .trie()
                                .mark(situation, this, TokenTrie.UNLIMITED, shorter, bits));
        TokenEdges.mark(situation, TokenTrie.UNLIMITED, vocabulary, bits);
        addEnds(situation, bits);
        return masks.put(situation, bits, bytesSuffice ? longest : Node.NEVER);
    }

    private void dropEnds(long[] mask) {
        for (int end : vocabulary.ends()) {
            mask[end >> 6] &= ~(1L << end);
        }
    }

    private int words() {
        return (vocabulary.bytes().length + 63) / 64;
    }

    private void addEnds(Situation situation, long[] mask) {
        // A vocabulary without the needed bytes leaves nothing to say but the end.
        boolean stuck = java.util.Arrays.stream(mask).allMatch(word -> word == 0);
        if (situation.complete() || stuck) {
            for (int end : vocabulary.ends()) {
                mask[end >> 6] |= 1L << end;
            }
        }
    }

    /// Tokens that suffice to complete the text, its end not counted; [Node#NEVER] where no way is
    /// known.
    synchronized int tokensToEnd(Situation situation) {
        return wayOut.tokens(situation);
    }

    /// Whether [#allowed] has nothing to compute.
    synchronized boolean isPrepared(Situation situation, int remaining) {
        TokenMask mask = masks.get(situation);
        return mask != null && remaining - 2 >= mask.longest;
    }

    /// Where the token leads.
    synchronized Situation after(Situation situation, int token) {
        Situation at = after(situation, token, vocabulary.bytes()[token]);
        if (at == Situation.DEAD) {
            throw new LlmException(
                    LlmException.Code.INTERNAL,
                    "constraint: token " + token + " was chosen though it is not allowed");
        }
        return at;
    }

    /// Where the token leads as a whole; [Situation#DEAD] where the vocabulary has none of that
    /// number. The caller holds the lock.
    Situation over(Situation situation, int token) {
        return token < vocabulary.bytes().length
                ? after(situation, token, vocabulary.bytes()[token])
                : Situation.DEAD;
    }

    /// Where the bytes, or the token as a whole, lead; [Situation#DEAD] where the grammar has no
    /// such text.
    ///
    /// @param token -1 for none
    synchronized Situation after(Situation situation, int token, byte[] bytes) {
        Situation at = bytes.length == 0 ? Situation.DEAD : situation;
        for (byte b : bytes) {
            at = next(at, b & 0xff);
        }
        List<Place> whole = token < 0 ? List.of() : TokenEdges.after(situation, token);
        if (!whole.isEmpty()) {
            ArrayDeque<Place> open = new ArrayDeque<>(at.places);
            open.addAll(whole);
            at = closure(open, at.complete());
        }
        return at;
    }

    /// Where one more byte leads; [Situation#DEAD] where the grammar has no such text. The caller
    /// holds the lock.
    Situation next(Situation situation, int read) {
        Situation known = situation.next(read);
        if (known != null) {
            return known;
        }
        Situation next = read(situation, read);
        situation.next(read, next);
        return next;
    }

    /// The same, without a note for the next time.
    Situation read(Situation situation, int read) {
        ArrayDeque<Place> open = new ArrayDeque<>();
        for (Place place : situation.places) {
            for (Edge edge : place.node().edges) {
                if (edge instanceof Edge.Bytes bytes
                        && read >= bytes.low()
                        && read <= bytes.high()) {
                    open.add(new Place(bytes.to(), place.stack()));
                }
            }
        }
        return open.isEmpty() ? Situation.DEAD : closure(open, false);
    }

    /// The situation of these places and all that can be reached from them without reading.
    private Situation closure(ArrayDeque<Place> open, boolean alreadyComplete) {
        Set<Place> seen = new HashSet<>(open);
        Set<Place> places = new HashSet<>();
        boolean complete = alreadyComplete;
        while (!open.isEmpty()) {
            Place place = open.removeLast();
            if (!fits(place.node(), CallStack.depthOf(place.stack()))) {
                continue;
            }
            if (place.node().returns) {
                CallStack stack = place.stack();
                complete |= stack == null;
                if (stack != null) {
                    visit(new Place(stack.returnTo(), stack.below()), seen, open);
                }
            }
            for (Edge edge : place.node().edges) {
                switch (edge) {
                    case Edge.Bytes bytes -> places.add(place);
                    case Edge.Token token -> places.add(place);
                    case Edge.Jump jump -> visit(new Place(jump.to(), place.stack()), seen, open);
                    case Edge.Call call -> {
                        CallStack stack = pushed(call, place.stack());
                        if (stack != null) {
                            visit(new Place(call.rule().start, stack), seen, open);
                        }
                    }
                }
            }
        }
        if (places.isEmpty() && !complete) {
            return Situation.DEAD;
        }
        return kept(places, complete);
    }

    /// Whether what must still come fits into the levels of nesting that are left.
    private static boolean fits(Node node, int depth) {
        return depth + node.nesting <= MAX_NESTING;
    }

    private static void visit(Place place, Set<Place> seen, ArrayDeque<Place> open) {
        if (seen.add(place)) {
            if (seen.size() > MAX_PLACES) {
                throw Grammar.refused("the constraint has too many alternatives at one place");
            }
            open.add(place);
        }
    }

    private @Nullable CallStack pushed(Edge.Call call, @Nullable CallStack below) {
        int before = CallStack.depthOf(below);
        int depth = before + (call.rule().nests ? 1 : 0);
        if (!fits(call.rule().start, depth) || !fits(call.to(), before)) {
            return null;
        }
        // A call that is the last thing of its rule needs no place to come back to of its own.
        Node to = call.to();
        if (below != null && to.returns && to.edges.isEmpty() && below.depth() == depth) {
            return below;
        }
        CallStack stack = new CallStack(to, below, depth);
        CallStack known = stacks.putIfAbsent(stack, stack);
        return known == null ? stack : known;
    }

    private Situation kept(Set<Place> places, boolean complete) {
        if (situations.size() > MAX_SITUATIONS) {
            situations.clear();
            stacks.clear();
        }
        return situations.computeIfAbsent(
                new Key(places, complete), key -> new Situation(places, complete));
    }
}
