package dev.jebena.llm.internal.engine;

import dev.jebena.compute.KvPages;
import dev.jebena.llm.internal.model.KvPool;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Lets sequences that begin alike share the pages of their beginning, and keeps pages that nobody
/// uses for a while: the next question of a conversation begins with all that was said before.
///
/// A radix tree whose edges are the tokens of one page. Full pages are shared as they are; of a
/// page that agrees only in its first tokens a sequence gets a copy to write on. What is shared
/// holds the very bits that would be computed again. Pages that nobody uses are forgotten in the
/// order of their last use; whoever uses a page uses all before it, so that leaves go first.
/// Sequences of different kinds (with other adapters) share nothing. For the engine's thread.
///
/// Of a model whose sequences cannot go back to an earlier position nothing is shared.
final class PrefixTree {
    /// Fewer positions are computed as fast as a page is copied.
    private static final int WORTH_COPYING = 4;

    private static final NavigableMap<int[], Page> NONE =
            Collections.unmodifiableNavigableMap(new TreeMap<>(Arrays::compare));

    /// A page of the tree. A full one may have others after it.
    static final class Page {
        private final Object kind;
        private final @Nullable Page before;
        private final int[] tokens;
        private final long offset;
        private final NavigableMap<int[], Page> next = new TreeMap<>(Arrays::compare);
        private int users;

        private Page(Object kind, @Nullable Page before, int[] tokens, long offset) {
            this.kind = kind;
            this.before = before;
            this.tokens = tokens;
            this.offset = offset;
        }

        long offset() {
            return offset;
        }
    }

    private final KvPool pool;
    private final int idleLimit;
    private final boolean shares;
    // The first pages of all sequences of a kind.
    private final Map<Object, NavigableMap<int[], Page>> first = new HashMap<>();
    // Least recently used first.
    private final LinkedHashSet<Page> idle = new LinkedHashSet<>();

    /// @param idleLimit pages at most that are kept though nobody uses them
    PrefixTree(KvPool pool, int idleLimit) {
        this.pool = pool;
        this.idleLimit = idleLimit;
        this.shares = pool.memory().rewinds();
    }

    /// Pages that can be had, those included that are only kept.
    int free() {
        return pool.freePages();
    }

    /// Pages for `positions` positions of a sequence.
    int pagesFor(int positions) {
        return pool.pagesFor(positions);
    }

    /// Appends `count` pages; there must be as many free.
    void take(SequencePages target, int count) {
        for (int i = 0; i < count; i++) {
            if (pool.untakenPages() == 0) {
                forgetOldest();
            }
            target.add(pool.take());
        }
    }

    /// Appends what holds the beginning of `tokens` already, but for the last token, which must be
    /// computed to get on. Returns the number of positions.
    int adopt(int[] tokens, int length, SequencePages target) {
        if (!shares) {
            return 0;
        }
        while ((target.count() + 1) * KvPages.PAGE < length) {
            Page page = after(target).get(slice(tokens, target.count(), length));
            if (page == null) {
                break;
            }
            use(page);
            target.add(page);
        }
        return target.count() * KvPages.PAGE + copyBeginning(tokens, length - 1, target);
    }

    private NavigableMap<int[], Page> after(SequencePages pages) {
        return after(pages.kind(), pages.last());
    }

    private NavigableMap<int[], Page> after(Object kind, @Nullable Page page) {
        return page == null ? first.getOrDefault(kind, NONE) : page.next;
    }

    private static int[] slice(int[] tokens, int page, int length) {
        int begin = page * KvPages.PAGE;
        return Arrays.copyOfRange(tokens, begin, Math.min(length, begin + KvPages.PAGE));
    }

    private void use(Page page) {
        if (page.users++ == 0) {
            idle.remove(page);
            pool.kept(idle.size());
        }
    }

    private void leave(Page page) {
        if (--page.users == 0) {
            idle.add(page);
            pool.kept(idle.size());
        }
    }

    /// Appends a copy of the page that agrees with most of the tokens that follow; returns with how
    /// many.
    private int copyBeginning(int[] tokens, int length, SequencePages target) {
        int[] wanted = slice(tokens, target.count(), length);
        NavigableMap<int[], Page> pages = after(target);
        Page best = null;
        int most = WORTH_COPYING - 1;
        // In the order of their tokens, the page with the longest common beginning is a neighbour.
        for (Map.Entry<int[], Page> each :
                Arrays.asList(pages.floorEntry(wanted), pages.ceilingEntry(wanted))) {
            int common = each == null ? 0 : common(each.getKey(), wanted);
            if (common > most) {
                most = common;
                best = each.getValue();
            }
        }
        if (best == null) {
            return 0;
        }
        use(best);
        boolean room = free() > 0;
        if (room) {
            take(target, 1);
            pool.copy(best.offset, target.offsets()[target.count() - 1]);
        }
        leave(best);
        return room ? most : 0;
    }

    private static int common(int[] a, int[] b) {
        int at = Arrays.mismatch(a, b);
        return at < 0 ? a.length : at;
    }

    /// Offers the pages that `computed` positions fill to others. Where an equal page is there, the
    /// sequence goes on with that one.
    void seal(int[] tokens, int computed, SequencePages target) {
        while (shares && (target.sealed() + 1) * KvPages.PAGE <= computed) {
            int number = target.sealed();
            int[] content = slice(tokens, number, computed);
            Page known = after(target).get(content);
            if (known == null) {
                known = insert(target, content, target.offsets()[number]);
                known.users = 1;
            } else {
                use(known);
                pool.release(target.offsets()[number]);
            }
            target.seal(known);
        }
    }

    private Page insert(SequencePages sequence, int[] content, long offset) {
        if (sequence.last() == null) {
            first.computeIfAbsent(sequence.kind(), _ -> new TreeMap<>(Arrays::compare));
        }
        NavigableMap<int[], Page> pages = after(sequence);
        Map.Entry<int[], Page> lower = pages.lowerEntry(content);
        Page page = new Page(sequence.kind(), sequence.last(), content, offset);
        pages.put(content, page);
        if (lower != null && common(lower.getKey(), content) == lower.getKey().length) {
            // It holds nothing that the new one does not.
            forget(lower.getValue());
        }
        return page;
    }

    /// Takes all pages of a sequence back, the later ones to be forgotten first.
    ///
    /// @param computed positions of `tokens` whose keys and values the pages hold
    void release(int[] tokens, int computed, SequencePages source) {
        seal(tokens, computed, source);
        for (int i = source.count() - 1; i > source.sealed(); i--) {
            pool.release(source.offsets()[i]);
        }
        if (source.count() > source.sealed() && !shares) {
            pool.release(source.offsets()[source.sealed()]);
        } else if (source.count() > source.sealed()) {
            keepBeginning(tokens, computed, source);
        }
        for (int i = source.sealed() - 1; i >= 0; i--) {
            leave(source.shared(i));
        }
        source.clear();
        while (idle.size() > idleLimit) {
            forgetOldest();
        }
    }

    /// Keeps the page that is not full, unless another holds as much.
    private void keepBeginning(int[] tokens, int computed, SequencePages source) {
        int[] content = slice(tokens, source.sealed(), computed);
        long offset = source.offsets()[source.sealed()];
        Map.Entry<int[], Page> upper = after(source).ceilingEntry(content);
        boolean known = upper != null && common(upper.getKey(), content) == content.length;
        if (content.length < WORTH_COPYING || known) {
            pool.release(offset);
            return;
        }
        idle.add(insert(source, content, offset));
        pool.kept(idle.size());
    }

    private void forgetOldest() {
        forget(idle.getFirst());
    }

    private void forget(Page page) {
        if (!page.next.isEmpty() || !idle.remove(page)) {
            throw new IllegalStateException("a page that is in use was to be forgotten");
        }
        NavigableMap<int[], Page> siblings = after(page.kind, page.before);
        siblings.remove(page.tokens);
        if (page.before == null && siblings.isEmpty()) {
            first.remove(page.kind);
        }
        pool.release(page.offset);
        pool.kept(idle.size());
    }
}
